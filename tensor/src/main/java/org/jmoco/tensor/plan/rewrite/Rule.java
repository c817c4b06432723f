package org.jmoco.tensor.plan.rewrite;

import org.jmoco.tensor.Node;

/// A local rewrite: another way to compute one value.
///
/// Rules look at the graph as it is before the pass. They say what stands in a value's place in terms of that
/// graph; the pass carries the operands over and drops what nobody needs any more.
interface Rule {
    /// What to compute instead of `n`.
    ///
    /// @return `n` itself where the rule does not apply, another node of the graph that has the same value, or a
    ///     new node over nodes of the graph
    Node replacement(Node n, Uses uses);
}
