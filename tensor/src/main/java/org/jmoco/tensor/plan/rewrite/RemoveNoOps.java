package org.jmoco.tensor.plan.rewrite;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.Divide;
import org.jmoco.tensor.ops.elementwise.Maximum;
import org.jmoco.tensor.ops.elementwise.Multiply;
import org.jmoco.tensor.ops.elementwise.Subtract;
import org.jmoco.tensor.ops.shape.BroadcastTo;

/// Removes arithmetic that changes nothing: `x·1`, `x/1`, `x + 0`, `x − 0`, as the seed of a gradient brings them,
/// and operands written out repeatedly although the op repeats them by itself.
final class RemoveNoOps implements Rule {
    @Override
    public Node replacement(Node n, Uses uses) {
        return switch (n.op()) {
            case Multiply m -> without(n, 1, true);
            case Divide d -> without(n, 1, false);
            case Add a -> without(n, 0, true);
            case Subtract s -> without(n, 0, false);
            case Maximum m -> withoutBroadcast(n);
            default -> n;
        };
    }

    /// Without an operand that is `neutral` everywhere: the second, or if the op is commutative either.
    private static Node without(Node n, float neutral, boolean commutative) {
        if (is(n.input(1), neutral) && n.input(0).shape().equals(n.shape())) {
            return n.input(0);
        }
        if (commutative && is(n.input(0), neutral) && n.input(1).shape().equals(n.shape())) {
            return n.input(1);
        }
        return withoutBroadcast(n);
    }

    private static boolean is(Node n, float value) {
        Node at = n;
        while (at.op() instanceof BroadcastTo || at.op() instanceof Op.View) {
            at = at.input(0);
        }
        return at.op() instanceof Leaf.Constant c
                && c.dtype() == DType.F32
                && c.shape().size() == 1
                && c.data().segment().get(ValueLayout.JAVA_FLOAT, 0) == value;
    }

    private static Node withoutBroadcast(Node n) {
        List<Node> operands = new ArrayList<>(n.inputs());
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).op() instanceof BroadcastTo) {
                Node written = operands.get(i);
                operands.set(i, written.input(0));
                if (!Shape.broadcast(
                                n.op().name(),
                                operands.get(0).shape(),
                                operands.get(1).shape())
                        .equals(n.shape())) {
                    operands.set(i, written);
                }
            }
        }
        return operands.equals(n.inputs()) ? n : Node.of(n.op(), operands);
    }
}
