package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class CopyReference implements OpReference<Copy> {
    @Override
    public double[] run(Copy op, Node call, double[]... in) {
        return in[0].clone();
    }
}
