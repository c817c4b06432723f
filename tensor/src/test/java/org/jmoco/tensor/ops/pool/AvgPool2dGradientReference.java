package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class AvgPool2dGradientReference implements OpReference<AvgPool2dGradient> {
    @Override
    public double[] run(AvgPool2dGradient op, Node call, double[]... in) {
        Shape x = call.shape();
        Shape y = call.input(0).shape();
        double[] r = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.size(); i++) {
            int[] at = Elements.position(y, i);
            int fromY = at[1] * op.window().stride() - op.window().padding();
            int toY = fromY + op.window().kernel();
            int fromX = at[2] * op.window().stride() - op.window().padding();
            int toX = fromX + op.window().kernel();
            double divisor = op.window().kernel() * op.window().kernel();
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
