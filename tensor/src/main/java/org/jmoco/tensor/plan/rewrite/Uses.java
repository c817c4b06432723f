package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Node;

/// Who needs a value.
final class Uses {
    private final Map<Node, List<Node>> users = new HashMap<>();
    private final Set<Node> kept = new HashSet<>();

    Uses(Graph graph) {
        for (Node n : graph.nodes()) {
            for (Node in : n.inputs()) {
                users.computeIfAbsent(in, k -> new ArrayList<>()).add(n);
            }
        }
        kept.addAll(graph.outputs().values());
        kept.addAll(graph.stores().values());
    }

    /// The nodes that `n` is an operand of, once for each operand; empty if it is needed beyond the graph only.
    List<Node> of(Node n) {
        return users.getOrDefault(n, List.of());
    }

    /// Whether the program's outputs or variables need `n` itself.
    boolean kept(Node n) {
        return kept.contains(n);
    }

    /// Whether one operand of one node is all that `n` is needed for.
    boolean once(Node n) {
        return !kept(n) && of(n).size() == 1;
    }
}
