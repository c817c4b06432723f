package org.jmoco.tensor.backend.jvm;

/// The micro-kernels this JVM offers, the widest first. Constant objects, so that the compiler sees which.
final class Kernels {
    private static final MicroKernel[] LONG_RUNS = longRuns();
    private static final MicroKernel[] SHORT_RUNS = shortRuns();
    private static final MicroKernel[] ANY_LEFT = anyLeft();

    private Kernels() {}

    /// The fastest kernels for a left-hand side. All have the same columns.
    static MicroKernel[] of(LeftOperand.Runs runs) {
        return switch (runs) {
            case LONG -> LONG_RUNS;
            case SHORT -> SHORT_RUNS;
            case STRIDED -> ANY_LEFT;
        };
    }

    private static boolean fewRegisters() {
        return VectorLanes.WIDTH == 8; // AVX2 has 16 vector registers; AVX-512 and NEON have 32
    }

    private static MicroKernel[] longRuns() {
        if (!VectorSupport.usesVectorApi()) {
            return new MicroKernel[] {new PlainKernel()};
        }
        return fewRegisters()
                ? new MicroKernel[] {new VectorKernel4x3(), new VectorKernel5x2()}
                : new MicroKernel[] {new VectorKernel6x4(), new VectorKernel8x3(), new VectorKernel12x2(), new VectorKernel14x1()};
    }

    private static MicroKernel[] shortRuns() {
        MicroKernel[] kernels = LONG_RUNS.clone();
        if (kernels[0] instanceof VectorKernel6x4) {
            kernels[0] = new VectorKernel6x4AnyStride();
        }
        return kernels;
    }

    private static MicroKernel[] anyLeft() {
        MicroKernel[] kernels = SHORT_RUNS.clone();
        if (kernels[kernels.length - 1] instanceof VectorKernel14x1) {
            kernels[kernels.length - 1] = new VectorKernel10x1();
        }
        return kernels;
    }
}
