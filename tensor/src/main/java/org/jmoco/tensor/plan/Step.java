package org.jmoco.tensor.plan;

import java.util.List;
import org.jmoco.tensor.Node;

/// One kernel call of a plan.
///
/// @param node    what is computed
/// @param out     where the result goes; equal to `in.getFirst()` if it is computed in place
/// @param in      where the operands lie
/// @param scratch memory for the kernel's own use, its contents undefined; null if the kernel wants none
public record Step(Node node, Place out, List<Place> in, Place scratch) {
    /// Whether the result overwrites operand 0.
    public boolean inPlace() {
        return !in.isEmpty() && in.getFirst().equals(out);
    }
}
