package org.jmoco.tensor.backend.jvm.runtime;

/// How much of an operand a task works on at a time, so that it stays in a core's second cache level while the
/// other operand passes by.
///
/// **Bits.** Any numbers give the same ones: a block is a set of rows of a product, or of tiles, and none of them
/// knows of its neighbours. What shapes the order of additions, the stretches of k, is not to be chosen here.
///
/// @param rows       rows of a matrix on the left, a multiple of [#STEP]
/// @param windows    floats of the images that a block of a convolution's windows reads
/// @param tiles      floats of the transformed tiles of a block in a Winograd convolution, and of their products
public record Blocking(int rows, int windows, int tiles) {
    /// A multiple of the rows of most micro-kernels.
    public static final int STEP = 24;

    private static final long MIB = 1 << 20;

    public Blocking {
        if (rows < STEP || rows % STEP != 0 || windows < 1 || tiles < 1) {
            throw new IllegalArgumentException("blocking: rows must be a multiple of " + STEP
                    + " and floats above 0, got rows " + rows + ", windows " + windows + ", tiles " + tiles);
        }
    }

    /// What suits a cache: packed rows take a sixth of it, windows a quarter, tiles and their products three
    /// quarters together.
    ///
    /// @param bytes of a core's second level
    public static Blocking ofCache(long bytes) {
        long size = Math.clamp(bytes, MIB / 4, 4 * MIB);
        int rows = (int) (7 * STEP * size / MIB) / STEP * STEP;
        return new Blocking(Math.max(2 * STEP, rows), (int) (size / 16), (int) (3 * size / 32));
    }

    /// What `jmoco tune` has found on this machine, else what suits its cache.
    static Blocking ofThisMachine() {
        return Holder.BLOCKING;
    }

    private static final class Holder {
        static final Blocking BLOCKING = TunedBlocking.ofThisMachine()
                .read()
                .orElseGet(() -> ofCache(Processor.ofThisMachine().secondLevelCache()));
    }
}
