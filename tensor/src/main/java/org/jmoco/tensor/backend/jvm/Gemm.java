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
        if (k == 0) {
            emptySum(m, n, c);
            return;
        }
        if (m == 0 || n == 0) {
            return;
        }
        int width = kernel.columns();
        int panels = Math.ceilDiv(n, width);
        int stretches = Math.ceilDiv(k, DEPTH);
        MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) k * panels * width);
        workers.forEach(stretches * panels, i -> {
            int stretch = i / panels;
            packRight(b, n, k, stretch, i % panels, packed, panelAt(panels, k, stretch, i % panels));
        });

        int rowPanels = Math.ceilDiv(m, kernel.rows());
        int columnBlocks = Math.ceilDiv(n, BLOCK_COLUMNS);
        int columnPanels = Math.ceilDiv(panels, columnBlocks);
        int blockPanels = Math.clamp(Math.ceilDiv((long) rowPanels * columnBlocks, 4L * workers.threads()), 1, BLOCK_PANELS);
        grid(workers, rowPanels, blockPanels, panels, columnPanels,
                (row, panel, end) -> tile(a, m, n, k, row, blockPanels, panel, end, new PackedRight(packed, panels, k, panel), c));
    }

    /// The same product, bit for bit, for a long k and a small C: each task packs the columns of B it needs itself, stretch by stretch,
    /// so that A and B stream through the caches once and nothing of the size of B is stored.
    void productOverLongK(Workers workers, int m, int n, int k, LeftOperand a, RightOperand b, Output c) {
        if (k == 0) {
            emptySum(m, n, c);
            return;
        }
        int rowPanels = Math.ceilDiv(m, kernel.rows());
        int panels = Math.ceilDiv(n, kernel.columns());
        int blockPanels = Math.min(rowPanels, BLOCK_PANELS);
        int columnPanels = Math.min(panels, BLOCK_COLUMNS / 2 / kernel.columns());
        // Enough tasks for every thread, as long as a task is more arithmetic than packing.
        int tasks = workers.threads() == 1 ? 1 : 2 * workers.threads();
        while (Math.ceilDiv(rowPanels, blockPanels) * Math.ceilDiv(panels, columnPanels) < tasks
                && (blockPanels > 2 || columnPanels > 1)) {
            if (columnPanels > 1 && columnPanels * kernel.columns() >= blockPanels * kernel.rows()) {
                columnPanels = Math.ceilDiv(columnPanels, 2);
            } else {
                blockPanels = Math.ceilDiv(blockPanels, 2);
            }
        }
        int height = blockPanels;
        grid(workers, rowPanels, blockPanels, panels, columnPanels,
                (row, panel, end) -> tile(a, m, n, k, row, height, panel, end, new OwnRight(b, n, k, panel, end), c));
    }

    @FunctionalInterface
    private interface Tile {
        void run(int firstRow, int firstPanel, int endPanel);
    }

    private void grid(Workers workers, int rowPanels, int blockPanels, int panels, int columnPanels, Tile tile) {
        int rowBlocks = Math.ceilDiv(rowPanels, blockPanels);
        workers.forEach(rowBlocks * Math.ceilDiv(panels, columnPanels), i -> {
            int firstPanel = i / rowBlocks * columnPanels;
            tile.run(i % rowBlocks * blockPanels * kernel.rows(), firstPanel, Math.min(panels, firstPanel + columnPanels));
        });
    }

    /// The right-hand panels of one task.
    private interface Right {
        /// Makes the panels of a stretch ready and says where the first one begins; they lie one after the other.
        long stretch(int stretch);

        MemorySegment panels();
    }

    private final class PackedRight implements Right {
        private final MemorySegment packed;
        private final int all;
        private final int k;
        private final int first;

        PackedRight(MemorySegment packed, int all, int k, int first) {
            this.packed = packed;
            this.all = all;
            this.k = k;
            this.first = first;
        }

        @Override
        public long stretch(int stretch) {
            return panelAt(all, k, stretch, first);
        }

        @Override
        public MemorySegment panels() {
            return packed;
        }
    }

    private final class OwnRight implements Right {
        private final RightOperand b;
        private final int n;
        private final int k;
        private final int first;
        private final int end;
        private final MemorySegment panels;

        OwnRight(RightOperand b, int n, int k, int first, int end) {
            this.b = b;
            this.n = n;
            this.k = k;
            this.first = first;
            this.end = end;
            panels = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) (end - first) * DEPTH * kernel.columns());
        }

        @Override
        public long stretch(int stretch) {
            int count = Math.min(DEPTH, k - stretch * DEPTH);
            for (int panel = first; panel < end; panel++) {
                packRight(b, n, k, stretch, panel, panels, (long) (panel - first) * count * kernel.columns());
            }
            return 0;
        }

        @Override
        public MemorySegment panels() {
            return panels;
        }
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

    /// Where a packed panel of a stretch begins. Stretch by stretch, in each the panels side by side.
    private long panelAt(int panels, int k, int stretch, int panel) {
        int width = kernel.columns();
        int count = Math.min(DEPTH, k - stretch * DEPTH);
        return (long) stretch * DEPTH * panels * width + (long) panel * count * width;
    }

    private void packRight(RightOperand b, int n, int k, int stretch, int panel, MemorySegment packed, long at) {
        int width = kernel.columns();
        int column = panel * width;
        int columns = Math.min(width, n - column);
        int count = Math.min(DEPTH, k - stretch * DEPTH);
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
            Right right,
            Output c) {
        int height = kernel.rows();
        int width = kernel.columns();
        int endRow = Math.min(m, firstRow + blockPanels * height);
        int blockRows = Math.ceilDiv(endRow - firstRow, height) * height;
        // Row by row, or k by k with all rows of the block side by side. Either stride is an odd multiple of a cache line, so
        // that neighbours do not fall into the same few sets of the cache.
        int rowStride = a.byK() ? 1 : ROW_STRIDE;
        int kStride = a.byK() ? (blockRows + 15) / 32 * 32 + 16 : 1;
        MemorySegment left =
                Scratch.floats(Scratch.Slot.LEFT_PANEL, a.byK() ? (long) DEPTH * kStride : (long) blockRows * rowStride);
        MemorySegment spill = Scratch.floats(Scratch.Slot.TILE, (long) height * width);
        for (int stretch = 0; stretch * DEPTH < k; stretch++) {
            int count = Math.min(DEPTH, k - stretch * DEPTH);
            boolean accumulate = c.accumulate || stretch > 0;
            long rightAt = right.stretch(stretch);
            packLeft(a, firstRow, endRow - firstRow, blockRows, stretch * DEPTH, count, left, rowStride, kStride);
            for (int panel = firstPanel; panel < endPanel; panel++) {
                int column = panel * width;
                int columns = Math.min(width, n - column);
                long panelAt = rightAt + (long) (panel - firstPanel) * count * width;
                for (int row = firstRow; row < endRow; row += height) {
                    int rows = Math.min(height, endRow - row);
                    long at = c.at + (long) row * c.stride + column;
                    long leftAt = (long) (row - firstRow) * rowStride;
                    if (rows == height && columns == width) {
                        kernel.run(left, leftAt, rowStride, kStride, right.panels(), panelAt, count, accumulate, c.data, at, c.stride);
                    } else {
                        kernel.run(left, leftAt, rowStride, kStride, right.panels(), panelAt, count, false, spill, 0, width);
                        unspill(spill, width, rows, columns, accumulate, c, at);
                    }
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

    /// Packs `rows` rows of A, followed by zeros up to `blockRows`.
    private static void packLeft(
            LeftOperand a,
            int row,
            int rows,
            int blockRows,
            int k,
            int count,
            MemorySegment left,
            int rowStride,
            int kStride) {
        a.pack(row, rows, k, count, left, 0, rowStride, kStride);
        if (a.byK()) {
            for (int kk = 0; kk < count && rows < blockRows; kk++) {
                LANES.fill(0, left, (long) kk * kStride + rows, blockRows - rows);
            }
        } else {
            for (int r = rows; r < blockRows; r++) {
                LANES.fill(0, left, (long) r * rowStride, count);
            }
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
