package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.ops.elementwise.ReluGradient;
import org.jmoco.tensor.ops.norm.BatchNormGradientSums;
import org.jmoco.tensor.ops.norm.BatchNormInputGradient;

/// Moves the mask of a ReLU into the gradient of the batch norm before it, where nothing else needs the masked
/// gradient. Where a shortcut needs it too it stays as it is, written once and read by both branches, also if the
/// shortcut ends in a batch norm: four kernels reading the mask would cost more than the one that applies it.
final class FuseBatchNormGradient implements Rule {
    @Override
    public Node replacement(Node n, Uses uses) {
        return switch (n.op()) {
            case BatchNormGradientSums s
            when masksOnly(n.input(0), uses) -> over(n, new BatchNormGradientSums(s.groups(), s.epsilon(), true));
            case BatchNormInputGradient g
            when masksOnly(n.input(0), uses) -> over(n, new BatchNormInputGradient(g.groups(), g.epsilon(), true));
            default -> n;
        };
    }

    /// `n` with its first operand before the mask, and what masks it as the last.
    private static Node over(Node n, Op op) {
        Node mask = n.input(0);
        List<Node> inputs = new ArrayList<>(n.inputs());
        inputs.set(0, mask.input(0));
        inputs.add(mask.input(1));
        return Node.of(op, inputs);
    }

    /// Whether `mask` serves one batch norm, for its sums and its input, and nothing else.
    private static boolean masksOnly(Node mask, Uses uses) {
        return mask.op() instanceof ReluGradient
                && !uses.kept(mask)
                && uses.of(mask).size() <= 2
                && uses.of(mask).stream().allMatch(u -> u.input(0) == mask && unmasked(u));
    }

    private static boolean unmasked(Node n) {
        return switch (n.op()) {
            case BatchNormGradientSums s -> !s.relu();
            case BatchNormInputGradient g -> !g.relu();
            default -> false;
        };
    }
}
