package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ResizeBilinearGradientReference implements OpReference<ResizeBilinearGradient> {
    @Override
    public double[] run(ResizeBilinearGradient op, Node call, double[]... in) {
        Shape x = call.shape();
        Shape y = call.input(0).shape();
        double[] dx = new double[Math.toIntExact(x.size())];
        for (int i = 0; i < in[0].length; i++) {
            int[] at = Elements.position(y, i);
            for (int iy = 0; iy < x.dim(1); iy++) {
                for (int ix = 0; ix < x.dim(2); ix++) {
                    boolean corners = op.resize().corners();
                    double share = ResizeBilinearReference.share(at[1], x.dim(1), y.dim(1), iy, corners)
                            * ResizeBilinearReference.share(at[2], x.dim(2), y.dim(2), ix, corners);
                    dx[Elements.index(x, at[0], iy, ix, at[3])] += share * in[0][i];
                }
            }
        }
        return dx;
    }
}
