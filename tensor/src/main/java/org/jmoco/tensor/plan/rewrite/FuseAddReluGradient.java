package org.jmoco.tensor.plan.rewrite;

import java.util.List;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.AddReluGradient;
import org.jmoco.tensor.ops.elementwise.ReluGradient;

/// The sum of two gradients and the mask of the ReLU they meet at, as at the end of every residual block, in one pass.
final class FuseAddReluGradient implements Rule {
    @Override
    public Node replacement(Node n, Uses uses) {
        if (!(n.op() instanceof ReluGradient) || !(n.input(0).op() instanceof Add) || !uses.once(n.input(0))) {
            return n;
        }
        Node sum = n.input(0);
        boolean equalShapes =
                sum.input(0).shape().equals(n.shape()) && sum.input(1).shape().equals(n.shape());
        return equalShapes ? Node.of(new AddReluGradient(), List.of(sum.input(0), sum.input(1), n.input(1))) : n;
    }
}
