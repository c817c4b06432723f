package org.jmoco.tensor.backend.jvm.products;

import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The micro-kernels this JVM offers, the widest first. Constant objects, so that the compiler sees which.
public final class Kernels {
    private static final MicroKernel[] CONTIGUOUS = contiguous();
    private static final MicroKernel[] STRIDED = strided();

    private Kernels() {}

    /// The fastest kernels for a left-hand side whose k is contiguous.
    public static MicroKernel[] best() {
        return CONTIGUOUS;
    }

    /// The fastest kernels for any left-hand side. Their columns are those of [#best].
    public static MicroKernel[] anyStride() {
        return STRIDED;
    }

    private static boolean fewRegisters() {
        return Vectors.WIDTH == 8; // AVX2 has 16 vector registers; AVX-512 and NEON have 32
    }

    private static MicroKernel[] contiguous() {
        if (!VectorSupport.usesVectorApi()) {
            return new MicroKernel[] {new PlainKernel()};
        }
        return fewRegisters()
                ? new MicroKernel[] {new VectorKernel4x3(), new VectorKernel5x2()}
                : new MicroKernel[] {
                    new VectorKernel6x4(), new VectorKernel8x3(), new VectorKernel12x2(), new VectorKernel14x1()
                };
    }

    private static MicroKernel[] strided() {
        MicroKernel[] kernels = CONTIGUOUS.clone();
        if (VectorSupport.usesVectorApi() && !fewRegisters()) {
            kernels[kernels.length - 1] = new VectorKernel10x1();
        }
        return kernels;
    }
}
