package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class AdaptiveAvgPool2dGradientReference implements OpReference<AdaptiveAvgPool2dGradient> {
    @Override
    public double[] run(AdaptiveAvgPool2dGradient op, Node call, double[]... in) {
        Shape x = call.shape();
        Shape y = call.input(0).shape();
        double[] r = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.size(); i++) {
            int[] at = Elements.position(y, i);
            int fromY = at[1] * x.dim(1) / y.dim(1);
            int toY = (int) Math.ceil((at[1] + 1.0) * x.dim(1) / y.dim(1));
            int fromX = at[2] * x.dim(2) / y.dim(2);
            int toX = (int) Math.ceil((at[2] + 1.0) * x.dim(2) / y.dim(2));
            double divisor = (toY - fromY) * (toX - fromX);
            for (int iy = fromY; iy < toY; iy++) {
                for (int ix = fromX; ix < toX; ix++) {
                    if (iy >= 0 && iy < x.dim(1) && ix >= 0 && ix < x.dim(2)) {
                        int j = Elements.index(x, at[0], iy, ix, at[3]);
                        r[j] += in[0][i] / divisor;
                    }
                }
            }
        }
        return r;
    }
}
