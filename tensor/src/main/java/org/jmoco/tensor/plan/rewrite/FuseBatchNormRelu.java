package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.Relu;
import org.jmoco.tensor.ops.norm.BatchNorm;
import org.jmoco.tensor.ops.norm.BatchNormInference;

/// `relu(batchNorm(x))` and `relu(batchNorm(x) + shortcut)` in one pass over memory.
final class FuseBatchNormRelu implements Rule {
    @Override
    public Node replacement(Node n, Uses uses) {
        if (!(n.op() instanceof Relu) || !uses.once(n.input(0))) {
            return n;
        }
        Node x = n.input(0);
        if (withRelu(x) != null) {
            return Node.of(withRelu(x), x.inputs());
        }
        if (x.op() instanceof Add && x.input(0).shape().equals(x.input(1).shape())) {
            for (int i = 0; i < 2; i++) {
                Node normalized = x.input(i);
                if (withRelu(normalized) != null
                        && normalized.inputs().size() == operands(normalized.op())
                        && uses.once(normalized)) {
                    List<Node> inputs = new ArrayList<>(normalized.inputs());
                    inputs.add(x.input(1 - i));
                    return Node.of(withRelu(normalized), inputs);
                }
            }
        }
        return n;
    }

    /// The op with ReLU, if it is a batch norm that has none; else null.
    private static Op withRelu(Node n) {
        return switch (n.op()) {
            case BatchNorm b when !b.relu() -> new BatchNorm(b.groups(), b.epsilon(), true);
            case BatchNormInference b when !b.relu() -> new BatchNormInference(b.epsilon(), true);
            default -> null;
        };
    }

    /// Operands of a batch norm without a residual.
    private static int operands(Op op) {
        return op instanceof BatchNorm ? 4 : 5;
    }
}
