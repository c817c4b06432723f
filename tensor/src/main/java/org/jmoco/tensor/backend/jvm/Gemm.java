package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// Matrix products C `[m, n]` = A `[m, k]` · B `[k, n]`.
///
/// The scheme of packed panels (Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008), with the difference that A is copied only where that pays: the
/// [MicroKernel] reads A from where it lies. C is cut into a grid of tiles, one a task; a task walks over k stretch by stretch, and in each lets the micro-kernel run over the panels
/// of B while they are in cache.
///
/// **Bits.** An element of C is the sum of its stretches in ascending order, each one a chain of fused multiply-adds: it depends on its row of A, its column of B and k alone, not on
/// m, n, the tile, or the number of threads.
public final class Gemm {
    private static final Lanes LANES = Lanes.best();

    /// At most so many rows stay whole when B is the larger operand: a task then packs the panels of B it needs itself.
    private static final int FEW_ROWS = 1024;

    /// Panels that such a task packs at a time, at most.
    private static final int GROUP = 4;

    private final MicroKernel[] kernels;

    /// Products with the fastest kernels of this JVM.
    public Gemm() {
        this(Kernels.best());
    }

    Gemm(MicroKernel... kernels) {
        this.kernels = kernels;
    }

    /// Where a row of a product goes, in elements from the beginning of the product.
    @FunctionalInterface
    interface RowPlaces {
        long of(int row);
    }

    /// Where a product goes: `[m, n]` at element offset `at`.
    ///
    /// @param places where each row begins
    /// @param accumulate whether the product is added to what is there or replaces it
    /// @param bias `[n]`, added to every row after the product, or null for none   @param biasAt its element offset
    public record Output(MemorySegment data, long at, RowPlaces places, boolean accumulate, MemorySegment bias, long biasAt) {
        /// The product replaces what is there; `stride` elements from row to row.
        public static Output to(MemorySegment data, long at, int stride) {
            return new Output(data, at, row -> (long) row * stride, false, null, 0);
        }

        /// The product is added to what is there.
        public static Output addTo(MemorySegment data, long at, int stride) {
            return new Output(data, at, row -> (long) row * stride, true, null, 0);
        }

        /// With a bias of one float a column, added last.
        public Output plusBias(MemorySegment bias, long biasAt) {
            return new Output(data, at, places, accumulate, bias, biasAt);
        }
    }

    /// C = A·B, or as `c` says. The memory of C must not overlap A or B.
    public void multiply(Workers workers, int m, int n, int k, Matrix a, Matrix b, Output c) {
        product(workers, n, a.left(m, k), b, c);
    }

    void product(Workers workers, int n, LeftOperand a, RightOperand b, Output c) {
        int m = a.rows();
        if (m == 0 || n == 0) {
            return;
        }
        Product p = new Product(a, b, n, a.cuts(), new Panels(n, kernels), c);
        if (p.depth() == 0) {
            emptySum(m, n, c);
        } else if (m <= FEW_ROWS && p.depth() >= m) {
            p.panelByPanel(workers);
        } else {
            p.blockByBlock(workers);
        }
    }

    private static void emptySum(int m, int n, Output c) {
        for (int r = 0; r < m; r++) {
            long row = c.at + c.places.of(r);
            if (!c.accumulate) {
                LANES.fill(0, c.data, row, n);
            }
            if (c.bias != null) {
                LANES.add(c.data, row, c.bias, c.biasAt, c.data, row, n);
            }
        }
    }

    /// One product.
    private record Product(LeftOperand a, RightOperand b, int n, int[] cuts, Panels panels, Output c) {
        int depth() {
            return cuts[cuts.length - 1];
        }

        /// B is packed once, stretch by stretch, in each the panels side by side; tasks are blocks of rows, and groups of panels where there are few blocks.
        void blockByBlock(Workers workers) {
            int m = a.rows();
            int padded = panels.padded();
            MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) depth() * padded);
            int stretches = cuts.length - 1;
            workers.forEach(stretches * panels.count(), i -> pack(i / panels.count(), i % panels.count(), packed, place(i / panels.count(), i % panels.count(), padded)));
            int wanted = tasksWanted(workers);
            int height = blockHeight(Math.ceilDiv(m, wanted));
            int rowBlocks = Math.ceilDiv(m, height);
            int width = Math.ceilDiv(panels.count(), Math.min(panels.count(), Math.ceilDiv(wanted, rowBlocks)));
            workers.forEach(rowBlocks * Math.ceilDiv(panels.count(), width), i -> {
                int first = i / rowBlocks * width;
                int end = Math.min(panels.count(), first + width);
                Rows rows = rows(i % rowBlocks * height, height, end - first);
                for (int s = 0; s < stretches; s++) {
                    Left left = rows.block.over(s);
                    for (int p = first; p < end; p++) {
                        panels.multiply(p, left, rows.count, packed, place(s, p, padded), c.accumulate || s > 0, c.data, c.at + rows.base, rows.places);
                    }
                }
                addBias(rows, first, end);
            });
        }

        private long place(int stretch, int panel, int padded) {
            return (long) cuts[stretch] * padded + (long) (cuts[stretch + 1] - cuts[stretch]) * panels.column(panel);
        }

        private static int tasksWanted(Workers workers) {
            return workers.threads() == 1 ? 1 : 4 * workers.threads();
        }

        private int blockHeight(int most) {
            int blocks = Math.ceilDiv(a.rows(), Math.clamp(most, 24, a.blockRows()));
            return Math.ceilDiv(Math.ceilDiv(a.rows(), blocks), 24) * 24;
        }

        /// For few rows and a large B: tasks are groups of panels, and each packs its own, so that nothing of the size of B is stored.
        void panelByPanel(Workers workers) {
            int longest = 0;
            for (int s = 1; s < cuts.length; s++) {
                longest = Math.max(longest, cuts[s] - cuts[s - 1]);
            }
            int depth = longest;
            int width = Math.clamp(panels.count() / tasksWanted(workers), 1, GROUP);
            int height = blockHeight(a.rows());
            int blocks = Math.ceilDiv(a.rows(), height);
            workers.forEach(Math.ceilDiv(panels.count(), width), i -> {
                int first = i * width;
                int end = Math.min(panels.count(), first + width);
                MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) depth * width * panels.kernel(0).columns());
                for (int s = 0; s < cuts.length - 1; s++) {
                    int count = cuts[s + 1] - cuts[s];
                    for (int p = first; p < end; p++) {
                        pack(s, p, packed, (long) count * (panels.column(p) - panels.column(first)));
                    }
                    for (int block = 0; block < blocks; block++) {
                        Rows rows = rows(block * height, height, end - first);
                        Left left = rows.block.over(s);
                        for (int p = first; p < end; p++) {
                            panels.multiply(
                                    p, left, rows.count, packed, (long) count * (panels.column(p) - panels.column(first)), c.accumulate || s > 0, c.data, c.at + rows.base, rows.places);
                        }
                        if (s == cuts.length - 2) {
                            addBias(rows, first, end);
                        }
                    }
                }
            });
        }

        private void pack(int stretch, int panel, MemorySegment packed, long at) {
            int width = panels.kernel(panel).columns();
            int columns = panels.width(panel);
            int count = cuts[stretch + 1] - cuts[stretch];
            if (columns < width) {
                LANES.fill(0, packed, at, count * width);
            }
            b.pack(panels.column(panel), columns, cuts[stretch], count, packed, at, width);
        }

        /// Some rows of the product.
        ///
        /// @param base where the first one begins in C   @param places where each one begins, relative to that
        private record Rows(LeftOperand.Block block, long base, int[] places, int count) {}

        private Rows rows(int first, int most, int ofPanels) {
            int end = Math.min(a.rows(), first + most);
            long base = c.places.of(first);
            int[] places = new int[Left.withCopies(end - first)];
            for (int r = 0; r < places.length; r++) {
                places[r] = Math.toIntExact(c.places.of(Math.min(first + r, end - 1)) - base);
            }
            return new Rows(a.block(first, end, ofPanels), base, places, end - first);
        }

        private void addBias(Rows rows, int firstPanel, int endPanel) {
            if (c.bias == null) {
                return;
            }
            int column = panels.column(firstPanel);
            int columns = panels.column(endPanel - 1) + panels.width(endPanel - 1) - column;
            for (int r = 0; r < rows.count; r++) {
                long at = c.at + rows.base + rows.places[r] + column;
                LANES.add(c.data, at, c.bias, c.biasAt + column, c.data, at, columns);
            }
        }
    }
}
