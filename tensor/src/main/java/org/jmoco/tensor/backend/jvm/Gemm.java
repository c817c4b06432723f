package org.jmoco.tensor.backend.jvm;

import static org.jmoco.tensor.backend.jvm.MicroKernel.DEPTH;
import static org.jmoco.tensor.backend.jvm.MicroKernel.ROW_STRIDE;

import java.lang.foreign.MemorySegment;

/// Matrix products C `[m, n]` = A `[m, k]` · B `[k, n]`.
///
/// The classic scheme of packed panels (Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008): B is
/// packed once; C is cut into a grid of tiles; for each tile a thread walks over k in stretches of [MicroKernel#DEPTH], packs the
/// rows of A it needs, and lets the micro-kernel run over the panels while they are in cache.
///
/// **Bits.** An element of C is the sum of its stretches in ascending order, each one a chain of fused multiply-adds: it depends on
/// its row of A, its column of B and k alone, not on m, n, the tile, or the number of threads.
public final class Gemm {
    /// Rows of C a task, at most, in panels, and columns in floats: A's block and C's tile stay in the second cache level.
    private static final int BLOCK_PANELS = 8;
    private static final int BLOCK_COLUMNS = 512;

    private static final Lanes LANES = Lanes.best();

    private final MicroKernel kernel;

    /// Products with the fastest kernel of this JVM.
    public Gemm() {
        this(MicroKernel.best());
    }

    Gemm(MicroKernel kernel) {
        this.kernel = kernel;
    }

    /// Where a product goes: `[m, n]` at element offset `at` with `stride` elements from row to row.
    ///
    /// @param accumulate whether the product is added to what is there or replaces it
    /// @param bias `[n]`, added to every row after the product, or null for none   @param biasAt its element offset
    public record Output(
            MemorySegment data, long at, int stride, boolean accumulate, MemorySegment bias, long biasAt) {
        /// The product replaces what is there.
        public static Output to(MemorySegment data, long at, int stride) {
            return new Output(data, at, stride, false, null, 0);
        }

        /// The product is added to what is there.
        public static Output addTo(MemorySegment data, long at, int stride) {
            return new Output(data, at, stride, true, null, 0);
        }

        /// With a bias of one float a column, added last.
        public Output plusBias(MemorySegment bias, long biasAt) {
            return new Output(data, at, stride, accumulate, bias, biasAt);
        }
    }

    /// C = A·B, or as `c` says. The memory of C must not overlap A or B.
    public void multiply(Workers workers, int m, int n, int k, Matrix a, Matrix b, Output c) {
        product(workers, m, n, k, a, b, c);
    }

    void product(Workers workers, int m, int n, int k, LeftOperand a, RightOperand b, Output c) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            emptySum(m, n, c);
            return;
        }
        int width = kernel.columns();
        int panels = Math.ceilDiv(n, width);
        int stretches = Math.ceilDiv(k, DEPTH);
        MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) k * panels * width);
        workers.forEach(stretches * panels, i -> packRight(b, n, k, i / panels, i % panels, packed));

        int rowPanels = Math.ceilDiv(m, kernel.rows());
        int columnBlocks = Math.ceilDiv(n, BLOCK_COLUMNS);
        int columnPanels = Math.ceilDiv(panels, columnBlocks);
        int blockPanels = Math.clamp(Math.ceilDiv((long) rowPanels * columnBlocks, 4L * workers.threads()), 1, BLOCK_PANELS);
        int rowBlocks = Math.ceilDiv(rowPanels, blockPanels);
        workers.forEach(rowBlocks * columnBlocks, i -> {
            int firstPanel = i / rowBlocks * columnPanels;
            tile(a, m, n, k, i % rowBlocks * blockPanels * kernel.rows(), blockPanels, firstPanel,
                    Math.min(panels, firstPanel + columnPanels), packed, c);
        });
    }

    private static void emptySum(int m, int n, Output c) {
        for (int r = 0; r < m; r++) {
            long row = c.at + (long) r * c.stride;
            if (!c.accumulate) {
                LANES.fill(0, c.data, row, n);
            }
            if (c.bias != null) {
                LANES.add(c.data, row, c.bias, c.biasAt, c.data, row, n);
            }
        }
    }

    /// Where the packed panel of a stretch begins. Stretch by stretch, in each the panels side by side.
    private long panelAt(int n, int k, int stretch, int panel) {
        int width = kernel.columns();
        int count = Math.min(DEPTH, k - stretch * DEPTH);
        return (long) stretch * DEPTH * Math.ceilDiv(n, width) * width + (long) panel * count * width;
    }

    private void packRight(RightOperand b, int n, int k, int stretch, int panel, MemorySegment packed) {
        int width = kernel.columns();
        int column = panel * width;
        int columns = Math.min(width, n - column);
        int count = Math.min(DEPTH, k - stretch * DEPTH);
        long at = panelAt(n, k, stretch, panel);
        if (columns < width) {
            LANES.fill(0, packed, at, count * width);
        }
        b.pack(column, columns, stretch * DEPTH, count, packed, at, width);
    }

    /// One tile of C: `blockPanels` panels of rows from `firstRow`, right-hand panels `firstPanel` to `endPanel`.
    private void tile(
            LeftOperand a,
            int m,
            int n,
            int k,
            int firstRow,
            int blockPanels,
            int firstPanel,
            int endPanel,
            MemorySegment packed,
            Output c) {
        int height = kernel.rows();
        int width = kernel.columns();
        int endRow = Math.min(m, firstRow + blockPanels * height);
        MemorySegment left = Scratch.floats(Scratch.Slot.LEFT_PANEL, (long) blockPanels * kernel.leftPanel());
        MemorySegment spill = Scratch.floats(Scratch.Slot.TILE, (long) height * width);
        int rowStride = a.byK() ? 1 : ROW_STRIDE;
        int kStride = a.byK() ? height : 1;
        for (int stretch = 0; stretch * DEPTH < k; stretch++) {
            int count = Math.min(DEPTH, k - stretch * DEPTH);
            boolean accumulate = c.accumulate || stretch > 0;
            packLeft(a, firstRow, endRow, stretch * DEPTH, count, left);
            for (int panel = firstPanel; panel < endPanel; panel++) {
                int column = panel * width;
                int columns = Math.min(width, n - column);
                long right = panelAt(n, k, stretch, panel);
                long leftAt = 0;
                for (int row = firstRow; row < endRow; row += height) {
                    int rows = Math.min(height, endRow - row);
                    long at = c.at + (long) row * c.stride + column;
                    if (rows == height && columns == width) {
                        kernel.run(left, leftAt, rowStride, kStride, packed, right, count, accumulate, c.data, at, c.stride);
                    } else {
                        kernel.run(left, leftAt, rowStride, kStride, packed, right, count, false, spill, 0, width);
                        unspill(spill, width, rows, columns, accumulate, c, at);
                    }
                    leftAt += kernel.leftPanel();
                }
            }
        }
        if (c.bias != null) {
            int column = firstPanel * width;
            int columns = Math.min(n, endPanel * width) - column;
            for (int row = firstRow; row < endRow; row++) {
                long at = c.at + (long) row * c.stride + column;
                LANES.add(c.data, at, c.bias, c.biasAt + column, c.data, at, columns);
            }
        }
    }

    private void packLeft(LeftOperand a, int firstRow, int endRow, int k, int count, MemorySegment left) {
        int height = kernel.rows();
        int rowStride = a.byK() ? 1 : ROW_STRIDE;
        int kStride = a.byK() ? height : 1;
        long at = 0;
        for (int row = firstRow; row < endRow; row += height) {
            int rows = Math.min(height, endRow - row);
            if (rows < height) {
                LANES.fill(0, left, at, kernel.leftPanel());
            }
            a.pack(row, rows, k, count, left, at, rowStride, kStride);
            at += kernel.leftPanel();
        }
    }

    /// The part of a tile at the edge of C that lies inside C, added by the same operation as in a whole tile.
    private static void unspill(
            MemorySegment spill, int width, int rows, int columns, boolean accumulate, Output c, long at) {
        for (int r = 0; r < rows; r++) {
            long row = at + (long) r * c.stride;
            if (accumulate) {
                LANES.add(c.data, row, spill, (long) r * width, c.data, row, columns);
            } else {
                LANES.copy(spill, (long) r * width, c.data, row, columns);
            }
        }
    }
}
