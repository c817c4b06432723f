package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class AvgPool2dReference implements OpReference<AvgPool2d> {
    @Override
    public double[] run(AvgPool2d op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        Shape y = call.shape();
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
                        r[i] += in[0][j] / divisor;
                    }
                }
            }
        }
        return r;
    }
}
