package org.jmoco.tensor.plan;

import java.util.List;
import org.jmoco.tensor.Node;

/// One kernel call of a plan.
///
/// @param node    what is computed
/// @param out     where the result goes; equal to `in.getFirst()` if it is computed in place
/// @param in      where the operands lie
/// @param scratch floats for the kernel's own use, their contents undefined; null if the kernel wants none
/// @param scratchInts integers for the same; null for none
public record Step(Node node, Place out, List<Place> in, Place scratch, Place scratchInts) {
    /// Whether the result overwrites operand 0.
    public boolean inPlace() {
        return !in.isEmpty() && in.getFirst().equals(out);
    }
}
