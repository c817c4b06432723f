package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class MaxPool2dReference implements OpReference<MaxPool2d> {
    @Override
    public double[] run(MaxPool2d op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        Shape y = call.shape();
        double[] r = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.size(); i++) {
            int[] at = Elements.position(y, i);
            double max = Double.NEGATIVE_INFINITY;
            int winner = -1;
            for (int ky = 0; ky < op.window().kernel(); ky++) {
                for (int kx = 0; kx < op.window().kernel(); kx++) {
                    int iy = at[1] * op.window().stride() - op.window().padding() + ky;
                    int ix = at[2] * op.window().stride() - op.window().padding() + kx;
                    if (iy >= 0 && iy < x.dim(1) && ix >= 0 && ix < x.dim(2)) {
                        int j = Elements.index(x, at[0], iy, ix, at[3]);
                        if (winner < 0 || in[0][j] > max) {
                            max = in[0][j];
                            winner = j;
                        }
                    }
                }
            }
            r[i] = max;
        }
        return r;
    }
}
