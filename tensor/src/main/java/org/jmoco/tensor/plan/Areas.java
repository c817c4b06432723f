package org.jmoco.tensor.plan;

import java.util.Objects;
import org.jmoco.tensor.Node;

/// How a backend's memory for activations is divided. All of it may be one area. Where one array cannot hold it, floats
/// that every kernel takes from anywhere lie in further areas, none of them across a border; the rest stays in the
/// first one, which then holds nothing else.
///
/// @param elements floats of a further area
/// @param anywhere which operands a node's kernel takes from any area
public record Areas(long elements, Anywhere anywhere) {
    /// All in one.
    public static final Areas ONE = new Areas(0, (node, operand) -> false);

    /// The number that stands for a node's result among its operands.
    public static final int RESULT = -1;

    public Areas {
        Objects.requireNonNull(anywhere);
    }

    /// What a node's kernel can do.
    @FunctionalInterface
    public interface Anywhere {
        /// Whether the kernel takes this operand, or the [#RESULT], from any area.
        boolean takes(Node node, int operand);
    }
}
