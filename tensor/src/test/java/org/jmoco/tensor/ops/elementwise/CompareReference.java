package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class CompareReference implements OpReference<Compare> {
    @Override
    public double[] run(Compare op, Node call, double[]... in) {
        return Elements.binary(call, in[0], in[1], (a, b) -> {
            double difference = a - b;
            boolean holds = switch (op.relation()) {
                case EQUAL -> difference == 0;
                case GREATER -> difference > 0;
                case GREATER_OR_EQUAL -> difference >= 0;
            };
            return holds ? 1 : 0;
        });
    }
}
