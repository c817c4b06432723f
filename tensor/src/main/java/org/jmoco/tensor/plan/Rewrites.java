package org.jmoco.tensor.plan;

import org.jmoco.tensor.Graph;

/// Turns the program as written into an equal one with fewer, larger kernels, so that the maths can stay readable.
public final class Rewrites {
    private Rewrites() {}

    /// Applies every rewrite.
    public static Graph apply(Graph graph) {
        return graph;
    }
}
