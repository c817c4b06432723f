package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;

/// `int` elements outside the Java heap. A new array holds garbage.
public final class IntArray extends TornadoNativeArray {
    public IntArray(int numberOfElements) {}

    public static native IntArray fromElements(int... values);

    /// Wraps a segment that begins with the array header.
    public static native IntArray fromSegmentShallow(MemorySegment segment);

    public native void set(int index, int value);

    public native int get(int index);

    public native void init(int value);

    @Override
    public native int getSize();

    @Override
    public native MemorySegment getSegment();
}
