package org.jmoco.tensor.draw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;

/// A program as boxes and arrows. Operations of one module are one box; what the backward pass does there is a box
/// of its own, since arrows must not run in circles.
///
/// @param boxes  in the order of the program
/// @param arrows what flows between them
public record Drawing(String title, List<Box> boxes, List<Arrow> arrows) {
    /// Every operation is a box of its own.
    public static final int EVERY_OP = Integer.MAX_VALUE;

    private static final int NAMES_IN_A_BOX = 2;

    /// What a box stands for.
    public enum Kind {
        INPUT,
        OUTPUT,
        STATE,
        OPS
    }

    /// @param id    a word, unique in the drawing
    /// @param lines what is written in it, the first one as its title
    public record Box(String id, Kind kind, List<String> lines) {}

    /// @param label the value's shape
    public record Arrow(String from, String to, String label) {}

    /// Draws a program.
    ///
    /// @param depth how many parts of a module's path tell boxes apart: 1 for `layer1`, 2 for `layer1.0`;
    ///     [#EVERY_OP] for a box an operation
    public static Drawing of(Graph graph, int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("a drawing's depth must be at least 1, got " + depth);
        }
        return new Folding(graph, depth).draw();
    }

    /// Assigns nodes to boxes.
    private static final class Folding {
        /// A box while it fills: a module, and how often the flow has come back to it.
        private record Key(String module, int visit) {}

        private final Graph graph;
        private final int depth;
        private final Map<Node, Key> keys = new LinkedHashMap<>();
        private final Map<Node, Map<String, Integer>> reached = new LinkedHashMap<>();
        private final SequencedMap<Key, List<Node>> contents = new LinkedHashMap<>();
        private final Map<Key, String> ids = new LinkedHashMap<>();
        private final Map<Node, String> inputIds = new LinkedHashMap<>();
        private final List<Box> boxes = new ArrayList<>();
        private final SequencedSet<Arrow> arrows = new LinkedHashSet<>();

        Folding(Graph graph, int depth) {
            this.graph = graph;
            this.depth = depth;
        }

        Drawing draw() {
            for (Node n : graph.nodes()) {
                if (isDrawn(n)) {
                    place(n);
                }
            }
            graph.inputs()
                    .forEach((label, n) -> inputIds.put(
                            n,
                            box(
                                    "input",
                                    Kind.INPUT,
                                    List.of(label, n.dtype() + n.shape().toString()))));
            contents.forEach((key, nodes) -> ids.put(key, box("ops", Kind.OPS, lines(key, nodes))));
            contents.forEach((key, nodes) -> nodes.forEach(n -> n.inputs().forEach(in -> arrow(in, ids.get(key)))));
            graph.outputs().forEach((label, n) -> arrow(n, box("output", Kind.OUTPUT, List.of(label))));
            states();
            return new Drawing(graph.name(), List.copyOf(boxes), arrows());
        }

        /// One box for all the state that is written by the same box of operations, such as the running statistics
        /// of a stage.
        private void states() {
            Map<Key, List<Node>> written = new LinkedHashMap<>();
            Map<Key, List<String>> names = new LinkedHashMap<>();
            graph.stores().forEach((group, n) -> {
                Key key = keys.get(origin(n));
                written.computeIfAbsent(key, k -> new ArrayList<>()).add(n);
                names.computeIfAbsent(key, k -> new ArrayList<>()).add(group.toString());
            });
            written.forEach((key, nodes) -> {
                List<String> lines = names.get(key);
                int more = lines.size() - NAMES_IN_A_BOX;
                if (more > 1) {
                    lines = new ArrayList<>(lines.subList(0, NAMES_IN_A_BOX));
                    lines.add("and " + more + " more");
                }
                String id = box("state", Kind.STATE, List.copyOf(lines));
                nodes.forEach(n -> arrow(n, id));
            });
        }

        /// One arrow from a box to another; of several values it carries the first one's shape.
        private List<Arrow> arrows() {
            Map<List<String>, List<Arrow>> parallel = arrows.stream()
                    .collect(Collectors.groupingBy(
                            a -> List.of(a.from(), a.to()), LinkedHashMap::new, Collectors.toList()));
            return parallel.values().stream()
                    .map(p -> new Arrow(
                            p.getFirst().from(),
                            p.getFirst().to(),
                            p.getFirst().label() + (p.size() > 1 ? " and " + (p.size() - 1) + " more" : "")))
                    .toList();
        }

        private String box(String kind, Kind shape, List<String> lines) {
            String id = kind + boxes.size();
            boxes.add(new Box(id, shape, lines));
            return id;
        }

        private static boolean isDrawn(Node n) {
            return !(n.op() instanceof Leaf || n.op() instanceof Op.View);
        }

        /// Where a value is made: views are looked through.
        private static Node origin(Node n) {
            Node made = n;
            while (made.op() instanceof Op.View) {
                made = made.input(0);
            }
            return made;
        }

        /// A node joins the box of its module unless the flow has left that module since: then it is the next visit.
        private void place(Node n) {
            String module = module(n);
            int visit = 0;
            Map<String, Integer> seen = new LinkedHashMap<>();
            for (Node operand : n.inputs()) {
                Node in = origin(operand);
                Key from = keys.get(in);
                if (from == null) {
                    continue;
                }
                reached.get(in).forEach((m, v) -> seen.merge(m, v, Math::max));
                visit = Math.max(
                        visit,
                        from.module().equals(module)
                                ? from.visit()
                                : reached.get(in).getOrDefault(module, -1) + 1);
            }
            seen.merge(module, visit, Math::max);
            Key key = new Key(module, visit);
            keys.put(n, key);
            reached.put(n, seen);
            contents.computeIfAbsent(key, k -> new ArrayList<>()).add(n);
        }

        private String module(Node n) {
            if (depth == EVERY_OP) {
                return n.scope() + "#" + n.id();
            }
            String[] parts = n.scope().split("\\.", -1);
            return String.join(".", List.of(parts).subList(0, Math.min(depth, parts.length)));
        }

        private List<String> lines(Key key, List<Node> nodes) {
            List<String> lines = new ArrayList<>();
            if (depth == EVERY_OP) {
                Node n = nodes.getFirst();
                lines.add(n.op().name());
                if (!n.scope().isEmpty()) {
                    lines.add(n.scope());
                }
                return lines;
            }
            lines.add((key.module().isEmpty() ? graph.name() : key.module())
                    + (key.visit() == 0 ? "" : ", visit " + (key.visit() + 1)));
            Map<String, Long> counts = nodes.stream()
                    .collect(Collectors.groupingBy(n -> n.op().name(), LinkedHashMap::new, Collectors.counting()));
            counts.forEach((op, count) -> lines.add(count == 1 ? op : count + " × " + op));
            return lines;
        }

        private void arrow(Node value, String to) {
            Node made = origin(value);
            String from = switch (made.op()) {
                case Leaf.Input _ -> inputIds.get(made);
                case Leaf _ -> null;
                default -> ids.get(keys.get(made));
            };
            if (from != null && !from.equals(to)) {
                arrows.add(new Arrow(from, to, value.shape().toString()));
            }
        }
    }
}
