package org.jmoco.tensor.plan;

import org.jmoco.tensor.Node;

/// Memory that kernels want for their own use while they run.
@FunctionalInterface
public interface Scratch {
    /// Floats that a node's kernel wants; 0 for none.
    long floats(Node n);

    /// Integers that it wants beside them.
    default long ints(Node n) {
        return 0;
    }
}
