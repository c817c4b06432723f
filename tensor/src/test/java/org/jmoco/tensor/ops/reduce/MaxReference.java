package org.jmoco.tensor.ops.reduce;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class MaxReference implements OpReference<Max> {
    @Override
    public double[] run(Max op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < in[0].length; i++) {
            int o = Elements.broadcast(x.with(op.axis(), 1), Elements.position(x, i));
            y[o] = Math.max(y[o], in[0][i]);
        }
        return y;
    }
}
