package org.jmoco.tensor.plan;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Node;

/// Memory that kernels want for their own use while they run.
@FunctionalInterface
public interface Scratch {
    /// Elements that a node's kernel wants; 0 for none.
    long elements(Node n);

    /// Their type.
    default DType type(Node n) {
        return DType.F32;
    }
}
