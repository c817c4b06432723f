package org.jmoco.tensor.ops.reduce;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ArgMaxReference implements OpReference<ArgMax> {
    @Override
    public double[] run(ArgMax op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] best = new double[Math.toIntExact(call.shape().size())];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        double[] y = new double[best.length];
        for (int i = 0; i < in[0].length; i++) {
            int[] at = Elements.position(x, i);
            int o = Elements.broadcast(x.with(op.axis(), 1), at);
            if (Double.compare(in[0][i], best[o]) > 0) { // NaN is above everything
                best[o] = in[0][i];
                y[o] = at[op.axis()];
            }
        }
        return y;
    }
}
