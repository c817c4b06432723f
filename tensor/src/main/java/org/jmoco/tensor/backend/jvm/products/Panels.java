package org.jmoco.tensor.backend.jvm.products;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;

/// The columns of a matrix product, cut into panels, each with the [MicroKernel] that is as wide.
///
/// As many panels of the widest kernel as fit, then one or two narrower ones, so that few lanes of a vector run
/// empty: 16 columns do not cost what 64 do.
public final class Panels {
    private static final Lanes LANES = Lanes.best();

    /// Rows that take all stretches of a sum, at most: their results, their left-hand side and a panel of 64 k's are
    /// less than 32 KiB.
    private static final int ROWS_AT_ONCE = 24;

    private final MicroKernel[] kernels;
    private final int columns;

    /// @param columns columns of the product, at least 1   @param kernels what there is, the widest first
    public Panels(int columns, MicroKernel... kernels) {
        this.columns = columns;
        int widest = kernels[0].columns();
        int whole = columns / widest;
        int rest = columns - whole * widest;
        MicroKernel last = kernels[0];
        for (MicroKernel k : kernels) {
            if (k.columns() >= rest) {
                last = k;
            }
        }
        this.kernels = new MicroKernel[whole + (rest > 0 ? 1 : 0)];
        Arrays.fill(this.kernels, kernels[0]);
        if (rest > 0) {
            this.kernels[whole] = last;
        }
    }

    public int count() {
        return kernels.length;
    }

    public MicroKernel kernel(int panel) {
        return kernels[panel];
    }

    /// The first column of a panel; with the number of panels the end, padding included.
    public int column(int panel) {
        return panel == 0 ? 0 : (panel - 1) * kernels[0].columns() + kernels[panel - 1].columns();
    }

    /// Columns of a panel that exist; the kernel's others are padding.
    public int width(int panel) {
        return Math.min(kernels[panel].columns(), columns - column(panel));
    }

    /// Columns of all panels with their padding.
    public int padded() {
        return column(kernels.length);
    }

    /// Whether the panels of a matrix can be read where they lie: whether none has padding.
    public boolean readable() {
        return columns == padded();
    }

    /// One panel of a product: C[r, j] = start[r, j] + Σ left[r, k]·b[k, j] for all rows of `left`.
    ///
    /// @param count rows of the product   @param right B from the panel's first column on
    /// @param start what the product is added to, null for nothing
    /// @param c where it goes; both from column 0 of the first panel on
    public void multiply(int panel, Left left, int count, Right right, Rows start, Rows c) {
        MicroKernel kernel = kernels[panel];
        int columns = width(panel);
        Rows to = c.from(column(panel));
        Rows from = start == null ? Rows.zeros(count) : start.from(column(panel));
        if (columns == kernel.columns()) {
            multiply(kernel, left, count, right, from, to);
            return;
        }
        // At the edge of C the part of each tile that lies inside is added, by the same operation as in a whole one.
        Rows spill =
                Rows.of(Scratch.floats(Scratch.Slot.TILE, (long) count * kernel.columns()), 0, kernel.columns(), count);
        multiply(kernel, left, count, right, Rows.zeros(count), spill);
        for (int r = 0; r < count; r++) {
            LANES.add(
                    from.data(),
                    from.at() + from.rows()[r],
                    spill.data(),
                    spill.rows()[r],
                    to.data(),
                    to.at() + to.rows()[r],
                    columns);
        }
    }

    /// The same for a panel whose columns are all there.
    public static void multiply(MicroKernel kernel, Left left, int count, Right right, Rows start, Rows c) {
        multiply(kernel, new Left[] {left}, count, new Right[] {right}, start, c);
    }

    /// The same for a sum in several stretches of k, each added to those before it. Some rows take all stretches
    /// before the next ones begin, so that what they are added to stays in the first cache level.
    ///
    /// @param lefts   the left-hand side, stretch by stretch   @param rights the panel likewise
    public static void multiply(MicroKernel kernel, Left[] lefts, int count, Right[] rights, Rows start, Rows c) {
        start.check(kernel.columns());
        c.check(kernel.columns());
        for (int s = 0; s < rights.length; s++) {
            rights[s].check((long) lefts[s].runs().length * lefts[s].count(), kernel.columns());
        }
        int rows = lefts.length == 1 ? count : ROWS_AT_ONCE / kernel.rows() * kernel.rows();
        for (int first = 0; first < count; first += rows) {
            int end = Math.min(count, first + rows);
            for (int s = 0; s < lefts.length; s++) {
                for (int r = first; r < end; r += kernel.rows()) {
                    kernel.run(lefts[s], r, rights[s], s == 0 ? start : c, c);
                }
            }
        }
        // The kernels know addresses only.
        for (int s = 0; s < lefts.length; s++) {
            Reference.reachabilityFence(lefts[s].data());
            Reference.reachabilityFence(rights[s].data());
        }
        Reference.reachabilityFence(start.data());
        Reference.reachabilityFence(c.data());
    }
}
