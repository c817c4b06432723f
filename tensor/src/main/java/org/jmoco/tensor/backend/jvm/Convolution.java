package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// Convolutions as matrix products whose left-hand side is gathered panel by panel: im2col without the matrix.
///
/// **Bits.** An output depends on its own image and the weights alone, not on the batch or its place in it. A weight gradient adds its positions in ascending order
/// (image, row, column) in stretches of [MicroKernel#DEPTH].
public final class Convolution {
    private static final Lanes LANES = Lanes.best();

    private final Gemm gemm = new Gemm();

    /// y = x ∗ weights, plus `bias` if it is not null.
    ///
    /// @param x `[n, h, w, in]`   @param weights `[kh, kw, in/groups, out]`   @param y `[n, oh, ow, out]`
    public void forward(Workers workers, ConvShape s, MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment y) {
        int m = s.n() * s.oh() * s.ow();
        int k = s.kh() * s.kw() * s.groupIn();
        for (int g = 0; g < s.groups(); g++) {
            Gemm.Output out = Gemm.Output.to(y, (long) g * s.groupOut(), s.out());
            if (bias != null) {
                out = out.plusBias(bias, (long) g * s.groupOut());
            }
            gemm.product(workers, m, s.groupOut(), k, left(s, x, g, false), Matrix.of(weights, (long) g * s.groupOut(), s.out()), out);
        }
    }

    private static LeftOperand left(ConvShape s, MemorySegment x, int group, boolean transposed) {
        return s.pointwise() ? new Matrix(x, (long) group * s.groupIn(), s.in(), transposed) : new Patches(s, x, group, transposed);
    }

    /// dw = the sum over all positions of patch · output gradient.
    ///
    /// @param dy `[n, oh, ow, out]`   @param dw `[kh, kw, in/groups, out]`, overwritten
    public void weightGradient(Workers workers, ConvShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        int positions = s.n() * s.oh() * s.ow();
        int rows = s.kh() * s.kw() * s.groupIn();
        for (int g = 0; g < s.groups(); g++) {
            long at = (long) g * s.groupOut();
            Matrix gradient = Matrix.of(dy, at, s.out());
            gemm.productOverLongK(
                    workers, rows, s.groupOut(), positions, left(s, x, g, true), gradient, Gemm.Output.to(dw, at, s.out()));
        }
    }

    /// dx = the output gradient carried back through the weights.
    ///
    /// @param dx `[n, h, w, in]`, overwritten
    public void inputGradient(Workers workers, ConvShape s, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        for (int g = 0; g < s.groups(); g++) {
            if (s.strideH() == 1 && s.strideW() == 1) {
                InputTaps taps = new InputTaps(s, g, 0, 0);
                LeftOperand left = s.pointwise() ? Matrix.of(dy, (long) g * s.groupOut(), s.out()) : taps.gradients(dy);
                gemm.product(workers, taps.rows(), s.groupIn(), taps.depth(), left, taps.weights(weights), Gemm.Output.to(dx, (long) g * s.groupIn(), s.in()));
            } else {
                for (int phase = 0; phase < s.strideH() * s.strideW(); phase++) {
                    phaseGradient(workers, s, new InputTaps(s, g, phase / s.strideW(), phase % s.strideW()), dy, weights, dx);
                }
            }
        }
    }

    private void phaseGradient(Workers workers, ConvShape s, InputTaps taps, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        int rows = taps.rows();
        int columns = s.groupIn();
        if (rows <= 0) {
            return;
        }
        int chunk = Math.max(1, 8_192 / columns);
        if (taps.depth() == 0) {
            workers.forRange(rows, chunk, (from, to) -> {
                for (long r = from; r < to; r++) {
                    LANES.fill(0, dx, taps.target((int) r), columns);
                }
            });
            return;
        }
        MemorySegment product = Scratch.floats(Scratch.Slot.CONVOLUTION, (long) rows * columns);
        gemm.product(workers, rows, columns, taps.depth(), taps.gradients(dy), taps.weights(weights), Gemm.Output.to(product, 0, columns));
        workers.forRange(rows, chunk, (from, to) -> {
            for (long r = from; r < to; r++) {
                LANES.copy(product, r * columns, dx, taps.target((int) r), columns);
            }
        });
    }
}
