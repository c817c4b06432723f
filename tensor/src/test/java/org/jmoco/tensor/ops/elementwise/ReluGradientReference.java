package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class ReluGradientReference implements OpReference<ReluGradient> {
    @Override
    public double[] run(ReluGradient op, Node call, double[]... in) {
        return Elements.binary(call, in[0], in[1], (a, b) -> b > 0 ? a : 0);
    }
}
