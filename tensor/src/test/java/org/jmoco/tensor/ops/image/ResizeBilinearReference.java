package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ResizeBilinearReference implements OpReference<ResizeBilinear> {
    @Override
    public double[] run(ResizeBilinear op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.length; i++) {
            int[] at = Elements.position(call.shape(), i);
            for (int iy = 0; iy < x.dim(1); iy++) {
                for (int ix = 0; ix < x.dim(2); ix++) {
                    double share = share(at[1], x.dim(1), op.height(), iy, op.corners())
                            * share(at[2], x.dim(2), op.width(), ix, op.corners());
                    y[i] += share * in[0][Elements.index(x, at[0], iy, ix, at[3])];
                }
            }
        }
        return y;
    }

    /// The share of position `at` of `from` in result `i` of `to`: a hat of width 1 around where the result lies.
    static double share(int i, int from, int to, int at, boolean corners) {
        double place = corners ? i * (from - 1.0) / Math.max(to - 1, 1) : Math.max((i + 0.5) * from / to - 0.5, 0);
        return Math.max(1 - Math.abs(Math.min(place, from - 1) - at), 0);
    }
}
