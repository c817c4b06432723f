package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class AddReluGradientReference implements OpReference<AddReluGradient> {
    @Override
    public double[] run(AddReluGradient op, Node call, double[]... in) {
        double[] dx = new double[in[0].length];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = in[2][i] > 0 ? in[0][i] + in[1][i] : 0;
        }
        return dx;
    }
}
