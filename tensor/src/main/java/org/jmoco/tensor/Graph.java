package org.jmoco.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A whole program as data: every node that its outputs and stores need, each after its operands.
///
/// @param inputs  what is fed for a run, by name; an input that nothing uses is kept, so that feeding it is no error
/// @param outputs what can be read after a run
/// @param stores  the value each assigned variable group has when the run ends
/// @param nodes   all nodes reachable from outputs, stores and inputs, in an order that respects operands
public record Graph(
        String name,
        Map<String, Node> inputs,
        Map<String, Node> outputs,
        Map<VariableGroup, Node> stores,
        List<Node> nodes) {

    /// Collects the reachable nodes in the order they were traced.
    public static Graph of(
            String name, Map<String, Node> inputs, Map<String, Node> outputs, Map<VariableGroup, Node> stores) {
        List<Node> roots = new ArrayList<>(inputs.values());
        roots.addAll(outputs.values());
        roots.addAll(stores.values());
        List<Node> nodes = new ArrayList<>(reachable(roots));
        nodes.sort(Comparator.comparingLong(Node::id));
        return new Graph(name, inputs, outputs, stores, List.copyOf(nodes));
    }

    /// All nodes that `roots` depend on, themselves included. No order.
    static Set<Node> reachable(Collection<Node> roots) {
        Set<Node> seen = new HashSet<>(roots);
        Deque<Node> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            for (Node in : open.pop().inputs()) {
                if (seen.add(in)) {
                    open.push(in);
                }
            }
        }
        return seen;
    }

    /// The graph with the end points mapped to rewritten nodes; `nodes` gives the new order.
    public Graph with(UnaryOperator<Node> mapping, List<Node> newNodes) {
        return new Graph(
                name, mapValues(inputs, mapping), mapValues(outputs, mapping), mapValues(stores, mapping), newNodes);
    }

    private static <K> Map<K, Node> mapValues(Map<K, Node> map, UnaryOperator<Node> mapping) {
        Map<K, Node> mapped = new LinkedHashMap<>();
        map.forEach((key, node) -> mapped.put(key, mapping.apply(node)));
        return mapped;
    }
}
