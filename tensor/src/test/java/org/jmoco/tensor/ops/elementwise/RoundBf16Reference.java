package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

/// By the definition: the step between numbers of 8 bits at x, and whole steps of it, ties to even.
public final class RoundBf16Reference implements OpReference<RoundBf16> {
    private static final double LARGEST = 0x1.FEp127;

    @Override
    public double[] run(RoundBf16 op, Node call, double[]... in) {
        return Arrays.stream(in[0]).map(RoundBf16Reference::round).toArray();
    }

    /// The bfloat16 nearest to `x`.
    public static double round(double x) {
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return x;
        }
        double step = Math.scalb(1.0, Math.max(Math.getExponent(x), Float.MIN_EXPONENT) - 7);
        double rounded = Math.rint(x / step) * step;
        return Math.abs(rounded) > LARGEST ? Math.copySign(Double.POSITIVE_INFINITY, x) : rounded;
    }
}
