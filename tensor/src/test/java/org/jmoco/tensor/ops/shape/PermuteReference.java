package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class PermuteReference implements OpReference<Permute> {
    @Override
    public double[] run(Permute op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.length; i++) {
            int[] out = Elements.position(call.shape(), i);
            int[] at = new int[out.length];
            for (int a = 0; a < out.length; a++) {
                at[op.axes().get(a)] = out[a];
            }
            y[i] = in[0][Elements.index(x, at)];
        }
        return y;
    }
}
