package org.jmoco.tensor.plan.rewrite;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jmoco.tensor.Graph;

/// Turns the program as written into an equal one with fewer, larger kernels, so that the maths can stay readable.
public final class Rewrites {
    /// In this order: what disappears leaves less to look at, equal values must be one before uses are counted,
    /// and a mask is better joined to a sum of gradients than to batch norm, which would read the mask twice.
    private static final List<UnaryOperator<Graph>> PASSES = List.of(
            g -> Pass.apply(new RemoveNoOps(), g),
            CommonSubexpressions::merge,
            g -> Pass.apply(new FuseBias(), g),
            g -> Pass.apply(new FuseBatchNormRelu(), g),
            g -> Pass.apply(new FuseAddReluGradient(), g),
            g -> Pass.apply(new FuseBatchNormGradient(), g));

    private Rewrites() {}

    /// Applies every rewrite.
    public static Graph apply(Graph graph) {
        Graph rewritten = graph;
        for (UnaryOperator<Graph> pass : PASSES) {
            rewritten = pass.apply(rewritten);
        }
        return rewritten;
    }
}
