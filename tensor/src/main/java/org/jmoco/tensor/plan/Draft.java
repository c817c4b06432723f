package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Scope;

/// A program in which some values are computed more than once. Immutable; a change gives another draft that shares
/// what is the same.
final class Draft {
    /// One computation of a node's value.
    static final class Value {
        final Node node;
        final List<Value> inputs;
        final Value root;

        Value(Node node, List<Value> inputs) {
            this.node = node;
            this.inputs = inputs;
            this.root = isView() ? inputs.getFirst().root : this;
        }

        boolean isView() {
            return node.op() instanceof Op.View;
        }

        boolean isLeaf() {
            return node.op() instanceof Leaf;
        }
    }

    private final Graph graph;
    private final List<Value> order;

    private Draft(Graph graph, List<Value> order) {
        this.graph = graph;
        this.order = order;
    }

    /// The program as it is.
    static Draft of(Graph graph) {
        Map<Node, Value> values = new HashMap<>();
        List<Value> order = new ArrayList<>();
        for (Node n : graph.nodes()) {
            Value v = new Value(n, n.inputs().stream().map(values::get).toList());
            values.put(n, v);
            order.add(v);
        }
        return new Draft(graph, order);
    }

    /// All computations, each after its operands.
    List<Value> order() {
        return order;
    }

    /// The nodes whose values outlive the program's steps, in outputs and variables; each is computed once.
    Set<Node> kept() {
        Set<Node> kept = new HashSet<>();
        graph.outputs().values().forEach(n -> kept.add(rootOf(n)));
        graph.stores().values().forEach(n -> kept.add(rootOf(n)));
        return kept;
    }

    private static Node rootOf(Node n) {
        Node root = n;
        while (root.op() instanceof Op.View) {
            root = root.input(0);
        }
        return root;
    }

    /// This program with `again` computed right before what is at `position`, and from there on read in place of
    /// `instead`'s keys. Of those keys the ones that would be computed later are not computed any more.
    Draft with(int position, List<Value> again, Map<Value, Value> instead) {
        List<Value> changed = new ArrayList<>(order.subList(0, position));
        changed.addAll(again);
        Map<Value, Value> now = new HashMap<>(instead);
        for (Value v : order.subList(position, order.size())) {
            if (now.containsKey(v)) {
                continue;
            }
            Value carried = over(v, now);
            if (carried != v) {
                now.put(v, carried);
            }
            changed.add(carried);
        }
        return new Draft(graph, needed(changed));
    }

    /// `v` over the operands that stand for its own; the same object if they are the same.
    private static Value over(Value v, Map<Value, Value> now) {
        for (Value in : v.inputs) {
            if (now.containsKey(in)) {
                return new Value(
                        v.node,
                        v.inputs.stream().map(i -> now.getOrDefault(i, i)).toList());
            }
        }
        return v;
    }

    private List<Value> needed(List<Value> all) {
        Set<Node> ends = new HashSet<>(graph.inputs().values());
        ends.addAll(graph.outputs().values());
        ends.addAll(graph.stores().values());
        Set<Value> needed = new HashSet<>();
        for (Value v : all.reversed()) {
            if (ends.contains(v.node) || needed.contains(v)) {
                needed.add(v);
                needed.addAll(v.inputs);
            }
        }
        return all.stream().filter(needed::contains).toList();
    }

    /// The draft as a program.
    Graph graph() {
        Map<Value, Node> nodes = new HashMap<>();
        Map<Node, Node> ends = new HashMap<>();
        List<Node> all = new ArrayList<>();
        for (Value v : order) {
            List<Node> inputs = v.inputs.stream().map(nodes::get).toList();
            boolean first = !ends.containsKey(v.node);
            Node n = first && inputs.equals(v.node.inputs())
                    ? v.node
                    : Scope.in(v.node.scope(), () -> Node.of(v.node.op(), inputs));
            nodes.put(v, n);
            ends.put(v.node, n);
            all.add(n);
        }
        return graph.with(ends::get, all);
    }
}
