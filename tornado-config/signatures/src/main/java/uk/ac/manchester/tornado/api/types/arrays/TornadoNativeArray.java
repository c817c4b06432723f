package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;

/// An array of primitives outside the Java heap, behind a header of a few bytes.
public abstract class TornadoNativeArray {
    public abstract int getSize();

    /// The elements, without the header.
    public abstract MemorySegment getSegment();
}
