package org.jmoco.tensor.plan.rewrite;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.ops.shape.BroadcastTo;

/// Computes equal values once: the same op on the same operands. Every op's result depends on its operands alone,
/// so nothing else must be equal.
///
/// Repeated values ([BroadcastTo]) stay apart: keeping one in memory until its last use costs more than filling it
/// again.
final class CommonSubexpressions {
    /// Constants up to this size are compared by content.
    private static final int BYTES = 64;

    private record Same(Object meaning, List<Node> inputs) {}

    private CommonSubexpressions() {}

    static Graph merge(Graph graph) {
        Map<Same, Node> known = new HashMap<>();
        return Pass.merge(
                (old, n) -> {
                    if (n.op() instanceof Leaf.Input || n.op() instanceof BroadcastTo) {
                        return n;
                    }
                    Node first = known.putIfAbsent(new Same(meaning(n), n.inputs()), n);
                    return first == null ? n : first;
                },
                graph);
    }

    private static Object meaning(Node n) {
        if (n.op() instanceof Leaf.Constant c && c.data().segment().byteSize() <= BYTES) {
            byte[] content = c.data().segment().asSlice(0, n.bytes()).toArray(ValueLayout.JAVA_BYTE);
            return List.of(c.dtype(), c.shape(), java.nio.ByteBuffer.wrap(content));
        }
        return n.op();
    }
}
