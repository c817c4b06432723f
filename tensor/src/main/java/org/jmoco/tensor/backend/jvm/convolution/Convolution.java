package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.products.Gemm;
import org.jmoco.tensor.backend.jvm.products.Kernels;
import org.jmoco.tensor.backend.jvm.products.LeftOperand;
import org.jmoco.tensor.backend.jvm.products.Matrix;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// Convolutions as matrix products whose left-hand side is read from the images where it lies: im2col without the
/// matrix.
///
/// **Bits.** An output depends on its own image and the weights alone, not on the batch or its place in it.
public final class Convolution {
    private final Gemm gemm = new Gemm();

    /// y = x ∗ weights, plus `bias` if it is not null.
    ///
    /// @param x `[n, h, w, in]`   @param weights `[kh, kw, in/groups, out]`   @param y `[n, oh, ow, out]`
    public void forward(
            Workers workers, ConvShape s, MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment y) {
        if (Winograd.suitsForward(s)) {
            Winograd.forward(s).run(workers, x, weights, bias, y);
            return;
        }
        for (int g = 0; g < s.groups(); g++) {
            Gemm.Output out = Gemm.Output.to(y, (long) g * s.groupOut(), s.out());
            if (bias != null) {
                out = out.plusBias(bias, (long) g * s.groupOut());
            }
            LeftOperand left = s.pointwise()
                    ? Matrix.of(x, (long) g * s.groupIn(), s.in()).left(s.n() * s.h() * s.w(), s.groupIn())
                    : Windows.of(s, x, g);
            gemm.product(workers, s.groupOut(), left, Matrix.of(weights, (long) g * s.groupOut(), s.out()), out);
        }
    }

    /// dw = the sum over all positions of window · output gradient.
    ///
    /// @param dy `[n, oh, ow, out]`   @param dw `[kh, kw, in/groups, out]`, overwritten
    public void weightGradient(Workers workers, ConvShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        if (Winograd.suitsForward(s)) {
            new WinogradWeightGradient(s, x, dy, dw).run(workers);
            return;
        }
        for (int g = 0; g < s.groups(); g++) {
            new WeightGradient(s, g, x, dy, dw, Kernels.best()).run(workers);
        }
    }

    /// dx = the output gradient carried back through the weights.
    ///
    /// @param dx `[n, h, w, in]`, overwritten
    public void inputGradient(Workers workers, ConvShape s, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        if (Winograd.suitsInputGradient(s)) {
            Winograd.inputGradient(s).runTurned(workers, dy, weights, dx);
            return;
        }
        for (int g = 0; g < s.groups(); g++) {
            for (int phase = 0; phase < s.strideH() * s.strideW(); phase++) {
                phaseGradient(
                        workers,
                        s,
                        new InputTaps(s, g, phase / s.strideW(), phase % s.strideW()),
                        dy,
                        weights,
                        dx,
                        (long) g * s.groupIn());
            }
        }
    }

    private void phaseGradient(
            Workers workers,
            ConvShape s,
            InputTaps taps,
            MemorySegment dy,
            MemorySegment weights,
            MemorySegment dx,
            long at) {
        LeftOperand left = s.pointwise()
                ? Matrix.of(dy, at / s.groupIn() * s.groupOut(), s.out()).left(taps.rows(), taps.depth())
                : taps.gradients(dy);
        gemm.product(workers, s.groupIn(), left, taps.weights(weights), Gemm.Output.to(dx, at, taps::places));
    }
}
