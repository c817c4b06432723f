package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ZeroOutsideReference implements OpReference<ZeroOutside> {
    @Override
    public double[] run(ZeroOutside op, Node call, double[]... in) {
        double[] y = in[0].clone();
        for (int i = 0; i < y.length; i++) {
            int[] at = Elements.position(call.shape(), i);
            if (at[1] >= in[1][2 * at[0]] || at[2] >= in[1][2 * at[0] + 1]) {
                y[i] = 0;
            }
        }
        return y;
    }
}
