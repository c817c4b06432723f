package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Scope;

/// One walk over a program that makes a new one: every node in its order, carried over or replaced, and in the end
/// without those that nobody needs any more.
final class Pass {
    private final Graph graph;
    private final Map<Node, Node> carried = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private Pass(Graph graph) {
        this.graph = graph;
    }

    /// The program with every value computed as `rule` wants it.
    static Graph apply(Rule rule, Graph graph) {
        Uses uses = new Uses(graph);
        Pass pass = new Pass(graph);
        for (Node n : graph.nodes()) {
            Node r = rule.replacement(n, uses);
            Node known = pass.carried.get(r);
            pass.carried.put(n, known != null ? known : pass.carry(r, n.scope()));
        }
        return pass.result();
    }

    /// The program with every carried node exchanged for another one of equal value, such as one met before.
    ///
    /// @param choose given a node of the old graph and the same over the new one
    static Graph merge(BiFunction<Node, Node, Node> choose, Graph graph) {
        Pass pass = new Pass(graph);
        for (Node n : graph.nodes()) {
            Node same = pass.over(n, n.scope());
            Node chosen = choose.apply(n, same);
            if (chosen == same) {
                pass.nodes.add(same);
            }
            pass.carried.put(n, chosen);
        }
        return pass.result();
    }

    private Node carry(Node n, String scope) {
        Node same = over(n, scope);
        nodes.add(same);
        return same;
    }

    /// `n` over the operands that stand for its own; the same object if they are the same.
    private Node over(Node n, String scope) {
        List<Node> inputs = n.inputs().stream().map(carried::get).toList();
        return inputs.equals(n.inputs()) && n.scope().equals(scope)
                ? n
                : Scope.in(scope, () -> Node.of(n.op(), inputs));
    }

    private Graph result() {
        Set<Node> needed = new HashSet<>();
        graph.inputs().values().forEach(n -> needed.add(carried.get(n)));
        graph.outputs().values().forEach(n -> needed.add(carried.get(n)));
        graph.stores().values().forEach(n -> needed.add(carried.get(n)));
        for (Node n : nodes.reversed()) {
            if (needed.contains(n)) {
                needed.addAll(n.inputs());
            }
        }
        return graph.with(carried::get, nodes.stream().filter(needed::contains).toList());
    }
}
