package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The columns of a matrix product, cut into panels, each with the [MicroKernel] that is as wide.
///
/// As many panels of the widest kernel as fit, then one or two narrower ones, so that few lanes of a vector run empty: 16 columns do not cost what 64 do.
final class Panels {
    private static final Lanes LANES = Lanes.best();

    private final MicroKernel[] kernels;
    private final int columns;

    /// @param columns columns of the product, at least 1   @param kernels what there is, the widest first
    Panels(int columns, MicroKernel... kernels) {
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

    int count() {
        return kernels.length;
    }

    MicroKernel kernel(int panel) {
        return kernels[panel];
    }

    /// The first column of a panel; with the number of panels the end, padding included.
    int column(int panel) {
        return panel == 0 ? 0 : (panel - 1) * kernels[0].columns() + kernels[panel - 1].columns();
    }

    /// Columns of a panel that exist; the kernel's others are padding.
    int width(int panel) {
        return Math.min(kernels[panel].columns(), columns - column(panel));
    }

    /// Columns of all panels with their padding.
    int padded() {
        return column(kernels.length);
    }

    /// One panel of a product: C[r, j] (+)= Σ left[r, k]·b[k, j] for all rows of `left`.
    ///
    /// @param b the packed panel, which begins at `bAt`   @param rows rows of the product
    /// @param cAt where the first row of C begins at column 0 of the first panel   @param cRows as in [MicroKernel#run]
    void multiply(int panel, Left left, int rows, MemorySegment b, long bAt, boolean accumulate, MemorySegment c, long cAt, int[] cRows) {
        MicroKernel kernel = kernels[panel];
        long at = cAt + column(panel);
        if (width(panel) == kernel.columns()) {
            for (int r = 0; r < rows; r += kernel.rows()) {
                kernel.run(left, r, b, bAt, accumulate, c, at, cRows);
            }
        } else {
            edge(kernel, width(panel), left, rows, b, bAt, accumulate, c, at, cRows);
        }
    }

    /// A panel at the edge of C: the part of each tile that lies inside is added by the same operation as in a whole one.
    private static void edge(
            MicroKernel kernel, int columns, Left left, int rows, MemorySegment b, long bAt, boolean accumulate, MemorySegment c, long at, int[] cRows) {
        int width = kernel.columns();
        MemorySegment spill = Scratch.floats(Scratch.Slot.TILE, (long) rows * width);
        int[] spillRows = Left.rows(rows, width);
        for (int r = 0; r < rows; r += kernel.rows()) {
            kernel.run(left, r, b, bAt, false, spill, 0, spillRows);
        }
        for (int r = 0; r < rows; r++) {
            if (accumulate) {
                LANES.add(c, at + cRows[r], spill, (long) r * width, c, at + cRows[r], columns);
            } else {
                LANES.copy(spill, (long) r * width, c, at + cRows[r], columns);
            }
        }
    }
}
