package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class MaximumReference implements OpReference<Maximum> {
    @Override
    public double[] run(Maximum op, Node call, double[]... in) {
        return Elements.binary(call, in[0], in[1], Math::max);
    }
}
