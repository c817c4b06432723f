package org.jmoco.tensor.backend.jvm;

/// The micro-kernels this JVM offers, the widest first. Constant objects, so that the compiler sees which.
final class Kernels {
    private static final MicroKernel[] BEST = choose();

    private Kernels() {}

    private static MicroKernel[] choose() {
        if (!VectorSupport.usesVectorApi()) {
            return new MicroKernel[] {new PlainKernel()};
        }
        // AVX2 has 16 vector registers; AVX-512 and NEON have 32.
        return VectorLanes.WIDTH == 8
                ? new MicroKernel[] {new VectorKernel4x3(), new VectorKernel5x2()}
                : new MicroKernel[] {new VectorKernel6x4(), new VectorKernel8x3(), new VectorKernel12x2(), new VectorKernel14x1()};
    }

    static MicroKernel[] best() {
        return BEST;
    }
}
