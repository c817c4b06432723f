package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ConcatReference implements OpReference<Concat> {
    @Override
    public double[] run(Concat op, Node call, double[]... in) {
        Shape out = call.shape();
        double[] y = new double[Math.toIntExact(out.size())];
        int from = 0;
        for (int k = 0; k < in.length; k++) {
            Shape part = call.input(k).shape();
            for (int i = 0; i < in[k].length; i++) {
                int[] at = Elements.position(part, i);
                at[op.axis()] += from;
                y[Elements.index(out, at)] = in[k][i];
            }
            from += part.dim(op.axis());
        }
        return y;
    }
}
