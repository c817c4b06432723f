package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.matmul.MatMul;

/// `conv2d(x, w) + bias` and `a · b + bias` as one op, which adds the bias while the product is in cache.
final class FuseBias implements Rule {
    @Override
    public Node replacement(Node n, Uses uses) {
        if (!(n.op() instanceof Add)) {
            return n;
        }
        Node fused = fused(n.input(0), n.input(1), uses);
        return fused != null ? fused : (fused = fused(n.input(1), n.input(0), uses)) != null ? fused : n;
    }

    private static Node fused(Node product, Node bias, Uses uses) {
        boolean plain = (product.op() instanceof Conv2d || product.op() instanceof MatMul)
                && product.inputs().size() == 2;
        if (!plain
                || !uses.once(product)
                || bias.shape().rank() != 1
                || bias.shape().dim(0) != product.shape().dim(-1)) {
            return null;
        }
        List<Node> operands = new ArrayList<>(product.inputs());
        operands.add(bias);
        return Node.of(product.op(), operands);
    }
}
