package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class PackReference implements OpReference<Pack> {
    @Override
    public double[] run(Pack op, Node call, double[]... in) {
        double[] y = new double[op.size()];
        for (int i = 0; i < in.length; i++) {
            System.arraycopy(in[i], 0, y, op.offsets().get(i), in[i].length);
        }
        return y;
    }
}
