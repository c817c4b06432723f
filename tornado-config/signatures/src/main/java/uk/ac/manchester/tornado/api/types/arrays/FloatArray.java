package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;

/// `float` elements outside the Java heap. A new array holds garbage.
public final class FloatArray extends TornadoNativeArray {
    public FloatArray(int numberOfElements) {}

    /// Wraps a segment that begins with the array header.
    public static native FloatArray fromSegmentShallow(MemorySegment segment);

    public native void set(int index, float value);

    public native float get(int index);

    public native void init(float value);

    @Override
    public native int getSize();

    @Override
    public native MemorySegment getSegment();
}
