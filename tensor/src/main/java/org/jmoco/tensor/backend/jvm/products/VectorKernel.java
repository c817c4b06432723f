package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorSpecies;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// What the micro-kernels of the Vector API share. Their sources are written by `KernelTemplate`, among the tests.
abstract class VectorKernel extends MicroKernel {
    static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /// Floats of a vector.
    static final int WIDTH = SPECIES.length();

    /// Bytes of a vector.
    static final int VECTOR = 4 * WIDTH;

    /// Where a kernel reads and writes, by address.
    static final MemorySegment ALL = OffHeap.all();

    VectorKernel(int rows, int vectors) {
        super(rows, vectors * WIDTH);
    }
}
