package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// The innermost loop of every matrix product: a small tile of C, held in registers, over a stretch of k.
///
/// The left block holds `rows` rows in either order, given by two strides; the right panel holds, for each k, `columns`
/// neighbouring floats. Each element of the tile is one chain of fused multiply-adds over k, started from 0, and the chain's sum
/// is added to C at the end; so an element's bits depend on its row, its column and the stretch of k, not on its place in
/// the tile.
abstract class MicroKernel {
    /// The longest stretch of k: both panels of a stretch fit the first two cache levels. A constant, because it shapes the
    /// order of additions.
    static final int DEPTH = 256;

    /// The distance between two rows of a left block that is packed row by row. Not a power of two, so that the rows do not
    /// fall into the same few sets of the cache.
    static final int ROW_STRIDE = DEPTH + 16;

    private final int rows;
    private final int columns;

    MicroKernel(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /// The fastest kernel this JVM offers. One constant object, so that the compiler sees which.
    static MicroKernel best() {
        return Choice.KERNEL;
    }

    private static final class Choice {
        static final MicroKernel KERNEL = choose();

        private static MicroKernel choose() {
            if (!VectorSupport.usesVectorApi()) {
                return new PlainKernel();
            }
            // AVX2 has 16 vector registers; AVX-512 and NEON have 32.
            return VectorLanes.WIDTH == 8 ? new VectorKernel6() : new VectorKernel14();
        }
    }

    /// Rows of a tile.
    final int rows() {
        return rows;
    }

    /// Columns of a tile.
    final int columns() {
        return columns;
    }

    /// C[r, j] (+)= Σ a[r, k]·b[k, j] for the whole tile and `count` values of k.
    ///
    /// @param rowStride distance between two rows of the left block   @param kStride distance between two values of k in it
    /// @param accumulate whether the sum is added to C or replaces it   @param cStride distance between two rows of C
    abstract void run(
            MemorySegment a,
            long aAt,
            long rowStride,
            long kStride,
            MemorySegment b,
            long bAt,
            int count,
            boolean accumulate,
            MemorySegment c,
            long cAt,
            long cStride);
}
