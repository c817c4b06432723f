package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class ReluReference implements OpReference<Relu> {
    @Override
    public double[] run(Relu op, Node call, double[]... in) {
        return Arrays.stream(in[0]).map(x -> Math.max(x, 0)).toArray();
    }
}
