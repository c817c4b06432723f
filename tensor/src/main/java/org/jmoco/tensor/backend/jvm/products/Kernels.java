package org.jmoco.tensor.backend.jvm.products;

import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The micro-kernels this JVM offers. Constant objects, so that the compiler sees which.
public final class Kernels {
    private static final MicroKernel[] BEST = all();

    private Kernels() {}

    /// The fastest kernels, the widest first.
    public static MicroKernel[] best() {
        return BEST;
    }

    private static MicroKernel[] all() {
        if (!VectorSupport.usesVectorApi()) {
            return new MicroKernel[] {new PlainKernel()};
        }
        boolean fewRegisters = Vectors.WIDTH == 8; // AVX2 has 16 vector registers; AVX-512 and NEON have 32
        return fewRegisters
                ? new MicroKernel[] {new VectorKernel6x2(), new VectorKernel12x1()}
                : new MicroKernel[] {
                    new VectorKernel6x4(), new VectorKernel8x3(), new VectorKernel12x2(), new VectorKernel14x1()
                };
    }
}
