package org.jmoco.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small computation outside any program: its graph with the constants turned into inputs, so that equal
/// structures share one compiled program.
///
/// @param key       ops, operands and shapes; equal for equal structures
/// @param constants what to feed as `constant0`, `constant1`, …
record Eager(Graph graph, Object key, List<Leaf.Data> constants) {

    private record Entry(Op op, List<Integer> inputs) {}

    static Eager of(Tensor tensor) {
        Graph written = Graph.of("toArray", Map.of(), Map.of("value", tensor.node()), Map.of());
        Map<Node, Integer> index = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        List<Entry> key = new ArrayList<>();
        List<Leaf.Data> constants = new ArrayList<>();
        Map<String, Node> inputs = new LinkedHashMap<>();
        for (Node n : written.nodes()) {
            Op op = n.op();
            switch (op) {
                case Leaf.Constant c -> {
                    String label = "constant" + constants.size();
                    op = new Leaf.Input(label, c.shape(), c.dtype());
                    constants.add(c.data());
                }
                case Leaf leaf ->
                    throw new IllegalStateException(leaf.name()
                            + " belongs to a program; its value is known only when the program "
                            + "runs: name it as an output and read it there");
                default -> {}
            }
            List<Integer> operands = n.inputs().stream().map(index::get).toList();
            Node copy = Node.of(op, operands.stream().map(nodes::get).toList());
            if (op instanceof Leaf.Input in) {
                inputs.put(in.label(), copy);
            }
            index.put(n, nodes.size());
            nodes.add(copy);
            key.add(new Entry(op, operands));
        }
        Graph graph = new Graph("toArray", inputs, Map.of("value", nodes.getLast()), Map.of(), List.copyOf(nodes));
        return new Eager(graph, List.copyOf(key), constants);
    }
}
