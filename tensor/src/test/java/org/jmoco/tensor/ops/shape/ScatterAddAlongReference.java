package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ScatterAddAlongReference implements OpReference<ScatterAddAlong> {
    @Override
    public double[] run(ScatterAddAlong op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < in[0].length; i++) {
            int[] at = Elements.position(x, i);
            at[op.axis()] = (int) in[1][i];
            y[Elements.index(call.shape(), at)] += in[0][i];
        }
        return y;
    }
}
