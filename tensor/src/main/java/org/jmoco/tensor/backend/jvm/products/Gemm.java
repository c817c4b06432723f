package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Matrix products C `[m, n]` = A `[m, k]` · B `[k, n]`.
///
/// The scheme of packed panels (Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008),
/// with the difference that A is copied only where that pays: the [MicroKernel] reads A from where it lies. C is
/// cut into a grid of tiles, one a task; a task walks over k stretch by stretch, and in each lets the micro-kernel
/// run over the panels of B while they are in cache.
///
/// **Bits.** An element of C is the sum of its stretches in ascending order, each one a chain of fused
/// multiply-adds: it depends on its row of A, its column of B and k alone, not on m, n, the tile, or the number of
/// threads.
public final class Gemm {
    private static final Lanes LANES = Lanes.best();

    /// At most so many rows stay whole when B is the larger operand: a task then packs the panels of B it needs itself.
    private static final int FEW_ROWS = 1024;

    /// Panels that such a task packs at a time, at most.
    private static final int GROUP = 4;

    /// Panels that are packed side by side, at most.
    private static final int SIDE_BY_SIDE = 8;

    /// Floats that it packs at a time, at most, if more than one stretch.
    private static final int PACKED_FLOATS = 2 << 20;

    private final MicroKernel[] kernels;

    /// Products with the fastest kernels of this JVM.
    public Gemm() {
        this(Kernels.best());
    }

    /// @param kernels the widest first
    Gemm(MicroKernel... kernels) {
        this.kernels = kernels;
    }

    /// Where the rows of a product go, if not a fixed distance apart.
    @FunctionalInterface
    public interface RowPlaces {
        /// Fills `rows` with the places of the rows from `first` to `last`, and of copies of the last one behind
        /// it, relative to that of `first`, and says where that one is.
        long of(int first, int last, int[] rows);
    }

    /// Where a product goes: `[m, n]` at element offset `at`.
    ///
    /// @param stride elements from row to row   @param places where each row begins instead, or null
    /// @param bias `[n]`, added to every row, or null for none   @param biasAt its element offset
    public record Output(MemorySegment data, long at, int stride, RowPlaces places, MemorySegment bias, long biasAt) {
        /// Rows of `stride` elements.
        public static Output to(MemorySegment data, long at, int stride) {
            return new Output(data, at, stride, null, null, 0);
        }

        /// Rows anywhere.
        public static Output to(MemorySegment data, long at, RowPlaces places) {
            return new Output(data, at, 0, places, null, 0);
        }

        /// With a bias of one float a column.
        public Output plusBias(MemorySegment bias, long biasAt) {
            return new Output(data, at, stride, places, bias, biasAt);
        }

        private Rows rows(int first, int end) {
            if (places == null) {
                return Rows.of(data, at + (long) first * stride, stride, end - first);
            }
            int[] rows = new int[Rows.withCopies(end - first)];
            return new Rows(data, at + places.of(first, end - 1, rows), rows);
        }
    }

    /// C = A·B + bias. The memory of C must not overlap A or B.
    public void multiply(Workers workers, int m, int n, int k, Matrix a, Matrix b, Output c) {
        product(workers, n, a.left(m, k), b, c);
    }

    /// C = A·B + bias, whose left-hand side need not lie in memory as a matrix.
    ///
    /// @param n columns of B and C
    public void product(Workers workers, int n, LeftOperand a, RightOperand b, Output c) {
        int m = a.rows();
        if (m == 0 || n == 0) {
            return;
        }
        Product p = new Product(a, b, n, a.cuts(), new Panels(n, kernels), c);
        if (p.depth() == 0) {
            emptySum(workers, m, n, c);
        } else if (m <= FEW_ROWS && m <= n) {
            p.panelByPanel(workers);
        } else {
            p.blockByBlock(workers);
        }
    }

    private static void emptySum(Workers workers, int m, int n, Output c) {
        workers.forRange(m, Math.max(1, 8_192 / n), (from, to) -> {
            Rows rows = c.rows((int) from, (int) to);
            for (int r = 0; r < to - from; r++) {
                long row = rows.at() + rows.rows()[r];
                if (c.bias == null) {
                    LANES.fill(0, c.data, row, n);
                } else {
                    LANES.copy(c.bias, c.biasAt, c.data, row, n);
                }
            }
        });
    }

    /// One product.
    private record Product(LeftOperand a, RightOperand b, int n, int[] cuts, Panels panels, Output c) {
        int depth() {
            return cuts[cuts.length - 1];
        }

        /// B is packed once; a thread's share is some blocks of rows, and some panels where there are few blocks. It is
        /// some panels too where B is as large as A: then a thread reads of B what it packed itself.
        void blockByBlock(Workers workers) {
            int stretches = cuts.length - 1;
            MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) depth() * panels.padded());
            int together = Math.clamp(stretches * panels.count() / tasksWanted(workers), 1, SIDE_BY_SIDE);
            workers.forEach(stretches * Math.ceilDiv(panels.count(), together), i -> {
                int first = i / stretches * together;
                int end = Math.min(panels.count(), first + together);
                pack(i % stretches, first, end, 0, panels.count(), 0, packed);
            });
            Sharing sharing = sharing(workers);
            workers.forEach(sharing.tasks(), i -> {
                int block = sharing.block(i);
                block(
                        firstRow(block, sharing.blocks()),
                        firstRow(block + 1, sharing.blocks()),
                        sharing.firstPanel(i),
                        sharing.endPanel(i),
                        0,
                        panels.count(),
                        0,
                        stretches,
                        packed);
            });
        }

        private Sharing sharing(Workers workers) {
            int wanted = tasksWanted(workers);
            int atOnce = a.blockRows(workers.blocking());
            if (a.rows() <= n) {
                // So many panels pass by that a block pays for more of the cache.
                return Sharing.ofPanels(Math.ceilDiv(a.rows(), 2 * atOnce), panels.count(), workers.threads());
            }
            int blocks = Math.ceilDiv(a.rows(), Math.clamp(Math.ceilDiv(a.rows(), wanted), Blocking.STEP, atOnce));
            int shared = Math.ceilDiv(blocks, workers.threads()) * workers.threads();
            boolean few = blocks < workers.threads()
                    || shared > Math.ceilDiv(a.rows(), panels.kernel(0).rows());
            return few
                    ? Sharing.ofPanels(blocks, panels.count(), Math.ceilDiv(wanted, blocks))
                    : Sharing.ofBlocks(shared, panels.count(), workers.threads());
        }

        /// For few rows and a large B: tasks are groups of panels, and each packs its own. A long one is packed
        /// and multiplied a few stretches at a time.
        void panelByPanel(Workers workers) {
            int width = Math.clamp(panels.count() / tasksWanted(workers), 1, GROUP);
            int rowBlocks = Math.ceilDiv(a.rows(), a.blockRows(workers.blocking()));
            workers.forEach(Math.ceilDiv(panels.count(), width), i -> {
                int first = i * width;
                int end = Math.min(panels.count(), first + width);
                int columns = panels.column(end) - panels.column(first);
                int stretches = cuts.length - 1;
                int atOnce = Math.clamp(PACKED_FLOATS / columns / cuts[1], 1, stretches);
                MemorySegment packed = Scratch.floats(Scratch.Slot.RIGHT_PANEL, (long) cuts[atOnce] * columns);
                for (int s = 0; s < stretches; s += atOnce) {
                    int endStretch = Math.min(stretches, s + atOnce);
                    for (int stretch = s; stretch < endStretch; stretch++) {
                        pack(stretch, first, end, first, end, s, packed);
                    }
                    for (int block = 0; block < rowBlocks; block++) {
                        block(
                                firstRow(block, rowBlocks),
                                firstRow(block + 1, rowBlocks),
                                first,
                                end,
                                first,
                                end,
                                s,
                                endStretch,
                                packed);
                    }
                }
            });
        }

        private static int tasksWanted(Workers workers) {
            return workers.threads() == 1 ? 1 : 4 * workers.threads();
        }

        /// The first row of a block. All have the same number of the widest kernel's tiles, but for one, so that
        /// no thread waits long for another.
        private int firstRow(int block, int blocks) {
            int tile = panels.kernel(0).rows();
            return (int) Math.min(a.rows(), (long) Math.ceilDiv(a.rows(), tile) * block / blocks * tile);
        }

        /// Some rows of C in the columns of some panels and over some stretches. The panels are packed together
        /// with their neighbours from `groupFirst` to `groupEnd`.
        private void block(
                int firstRow,
                int endRow,
                int firstPanel,
                int endPanel,
                int groupFirst,
                int groupEnd,
                int firstStretch,
                int endStretch,
                MemorySegment packed) {
            int count = endRow - firstRow;
            Rows to = c.rows(firstRow, endRow);
            Rows bias = c.bias == null ? null : Rows.same(c.bias, c.biasAt, count);
            LeftOperand.Block block = a.block(firstRow, endRow, endPanel - firstPanel);
            for (int s = firstStretch; s < endStretch; s++) {
                Left left = block.over(s);
                for (int p = firstPanel; p < endPanel; p++) {
                    Right right = new Right(
                            packed,
                            place(s, p, groupFirst, groupEnd, firstStretch),
                            panels.kernel(p).columns());
                    panels.multiply(p, left, count, right, s == 0 ? bias : to, to);
                }
            }
        }

        /// Where a stretch of a packed panel begins: stretch by stretch from `firstStretch`, in each the panels of
        /// the group side by side.
        private long place(int stretch, int panel, int groupFirst, int groupEnd, int firstStretch) {
            long group = panels.column(groupEnd) - panels.column(groupFirst);
            long count = cuts[stretch + 1] - cuts[stretch];
            return (cuts[stretch] - cuts[firstStretch]) * group
                    + count * (panels.column(panel) - panels.column(groupFirst));
        }

        /// One stretch of the panels from `first` to `end`.
        private void pack(
                int stretch, int first, int end, int groupFirst, int groupEnd, int firstStretch, MemorySegment packed) {
            int begin = cuts[stretch];
            int length = cuts[stretch + 1] - begin;
            int piece = end - first == 1 ? length : Math.min(b.piece(), length);
            for (int k = begin; k < begin + length; k += piece) {
                int count = Math.min(piece, begin + length - k);
                for (int p = first; p < end; p++) {
                    int width = panels.kernel(p).columns();
                    int columns = panels.width(p);
                    long at = place(stretch, p, groupFirst, groupEnd, firstStretch) + (k - begin) * (long) width;
                    if (columns < width) {
                        LANES.fill(0, packed, at, count * width);
                    }
                    b.pack(panels.column(p), columns, k, count, packed, at, width);
                }
            }
        }
    }
}
