package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.ops.shape.Copy;

/// Decides the order of a program and where every value lies.
///
/// Order is the order of tracing. A *root* is a value with memory of its own; views are places inside their root.
/// A value may be written over operand 0 of its op if nobody reads that operand later; over a variable's memory
/// only if, besides, it is on the way to the value the variable ends with. Everything else gets memory from the
/// activation arena for as long as it is read.
public final class Planner {
    /// A root while the plan is made: its memory, and who reads it.
    private static final class Root {
        final Node node;
        Storage storage;
        long base;
        int lastRead = -1;
        boolean neededAtEnd;
        Root packedInto;
        int firstPacked = Integer.MAX_VALUE; // of the operands computed right in here: when the first one is written,
        int lastPackedRead = -1; // and when the last one is read

        Root(Node node) {
            this.node = node;
        }
    }

    /// Memory while the plan is made; one or more roots live in it, one after another.
    private static final class Storage {
        Buffer fixed;
        Offsets.Request request;
        DType dtype;

        Buffer buffer() {
            return fixed != null ? fixed : new Buffer.Activation(dtype, request.size, request.area, request.offset);
        }
    }

    private record Located(Root root, long offset) {}

    private final Graph graph;
    private final boolean inPlace;
    private final Scratch scratchSize;
    private final Areas areas;
    private final List<Node> order = new ArrayList<>();
    private final Map<Node, Integer> position = new HashMap<>();
    private final Map<Node, Located> located = new HashMap<>();
    private final Map<VariableGroup, Node> finals = new LinkedHashMap<>();
    private final Map<String, Node> outputs = new LinkedHashMap<>();
    private final Map<DType, List<Offsets.Request>> requests = new EnumMap<>(DType.class);

    private Planner(Graph graph, boolean inPlace, Scratch scratchSize, Areas areas) {
        this.graph = graph;
        this.inPlace = inPlace;
        this.scratchSize = scratchSize;
        this.areas = areas;
    }

    /// Plans a program for memory in one piece.
    ///
    /// @param inPlace     as below
    /// @param scratchSize as below
    public static Plan plan(Graph graph, boolean inPlace, Scratch scratchSize) {
        return plan(graph, inPlace, scratchSize, Areas.ONE);
    }

    /// Plans a program.
    ///
    /// @param inPlace     whether results may overwrite operands; off only in tests, which compare the bits
    /// @param scratchSize what a node's kernel wants for its own use
    /// @param areas       how memory is divided
    public static Plan plan(Graph graph, boolean inPlace, Scratch scratchSize, Areas areas) {
        return new Planner(graph, inPlace, scratchSize, areas).plan();
    }

    private Plan plan() {
        addCopies();
        for (int p = 0; p < order.size(); p++) {
            position.put(order.get(p), p);
        }
        locate();
        findReaders();
        assignStorage();
        return build();
    }

    /// Takes over the order, with a copy right behind every value that ends as an output or in a variable while
    /// lying in memory that is not the program's own.
    private void addCopies() {
        Map<Node, Node> copies = new HashMap<>();
        Set<Node> wanted = new HashSet<>(graph.outputs().values());
        graph.stores().forEach((group, value) -> {
            Node root = rootOf(value);
            if (root.op() instanceof Leaf
                    && !(root.op() instanceof Leaf.Read r
                            && r.group() == group
                            && value.shape().size() == group.size())) {
                wanted.add(value);
            }
        });
        for (Node n : graph.nodes()) {
            order.add(n);
            if (wanted.contains(n) && (rootOf(n).op() instanceof Leaf || endsInState(n))) {
                Node copy = Node.of(new Copy(), List.of(n));
                copies.put(n, copy);
                order.add(copy);
            }
        }
        graph.outputs().forEach((label, n) -> outputs.put(label, copies.getOrDefault(n, n)));
        graph.stores()
                .forEach((group, n) ->
                        finals.put(group, rootOf(n).op() instanceof Leaf ? copies.getOrDefault(n, n) : n));
    }

    /// Whether the value is one that an in-place chain may leave in a variable's memory.
    private boolean endsInState(Node n) {
        Node root = rootOf(n);
        return graph.stores().values().stream().anyMatch(v -> rootOf(v) == root);
    }

    private static Node rootOf(Node n) {
        Node r = n;
        while (r.op() instanceof Op.View) {
            r = r.input(0);
        }
        return r;
    }

    private void locate() {
        for (Node n : order) {
            if (n.op() instanceof Op.View view) {
                Located in = located.get(n.input(0));
                located.put(
                        n,
                        new Located(
                                in.root(), in.offset() + view.offset(n.input(0).shape())));
            } else {
                located.put(n, new Located(new Root(n), 0));
            }
        }
    }

    private void findReaders() {
        for (int p = 0; p < order.size(); p++) {
            Node n = order.get(p);
            if (!(n.op() instanceof Op.View)) {
                for (Node in : n.inputs()) {
                    Root r = located.get(in).root();
                    r.lastRead = Math.max(r.lastRead, p);
                }
            }
        }
        outputs.values().forEach(n -> located.get(n).root().neededAtEnd = true);
        finals.values().forEach(n -> located.get(n).root().neededAtEnd = true);
    }

    /// Lets operands of a packing op be computed right where the op wants them: the operand must be a whole root
    /// of its own that nobody else places.
    private void findPacked(Set<Root> outputRoots) {
        for (Node n : order) {
            if (n.op() instanceof Op.Packed packed) {
                Root into = located.get(n).root();
                Shape[] shapes = n.inputs().stream().map(Node::shape).toArray(Shape[]::new);
                for (int i = 0; i < shapes.length; i++) {
                    Located part = located.get(n.input(i));
                    Root r = part.root();
                    boolean free = r.packedInto == null
                            && !r.neededAtEnd
                            && !outputRoots.contains(r)
                            && !(r.node.op() instanceof Leaf)
                            && !(r.node.op() instanceof Op.Packed);
                    if (free && r.node.shape().size() == shapes[i].size() && r.node.dtype() == n.dtype()) {
                        r.packedInto = into;
                        r.base = packed.offset(i, shapes);
                        into.firstPacked = Math.min(into.firstPacked, position.get(r.node));
                        into.lastPackedRead = Math.max(into.lastPackedRead, r.lastRead);
                    }
                }
            }
        }
    }

    private void assignStorage() {
        Set<Root> towardsState = rootsTowardsState();
        Map<Root, String> outputRoots = new HashMap<>();
        outputs.forEach((label, n) -> outputRoots.putIfAbsent(located.get(n).root(), label));
        if (inPlace) {
            findPacked(outputRoots.keySet());
        }
        for (int p = 0; p < order.size(); p++) {
            Node n = order.get(p);
            Root root = located.get(n).root();
            if (n.op() instanceof Op.View || root.storage != null) {
                continue;
            }
            if (root.packedInto != null) {
                root.storage = storageOfPack(root.packedInto, outputRoots);
                continue;
            }
            Storage over = n.op() instanceof Leaf
                    ? null
                    : overwritable(n, p, root, towardsState, outputRoots.containsKey(root));
            if (over != null) {
                root.storage = over;
                if (over.request != null) {
                    over.request.last = Math.max(over.request.last, lifeEnd(root, p));
                }
                continue;
            }
            Storage s = new Storage();
            s.dtype = n.dtype();
            switch (n.op()) {
                case Leaf.Input in ->
                    s.fixed = new Buffer.InputOutput(in.dtype(), in.shape().size(), in.label());
                case Leaf.Constant c ->
                    s.fixed = new Buffer.Fixed(c.dtype(), c.shape().size(), c.data());
                case Leaf.Read r -> s.fixed = new Buffer.State(r.group());
                default -> memory(s, root, p, outputRoots.get(root));
            }
            root.storage = s;
        }
    }

    private void memory(Storage s, Root root, int first, String outputLabel) {
        Node n = root.node;
        if (outputLabel != null) {
            s.fixed = new Buffer.InputOutput(n.dtype(), n.shape().size(), "output " + outputLabel);
        } else {
            s.request = request(n.dtype(), n.shape().size(), first, lifeEnd(root, position.get(n)));
        }
    }

    private Storage storageOfPack(Root pack, Map<Root, String> outputRoots) {
        if (pack.storage == null) {
            Storage s = new Storage();
            s.dtype = pack.node.dtype();
            memory(s, pack, pack.firstPacked, outputRoots.get(pack));
            pack.storage = s;
        }
        return pack.storage;
    }

    private int lifeEnd(Root root, int definedAt) {
        return root.neededAtEnd ? order.size() : Math.max(definedAt, Math.max(root.lastRead, root.lastPackedRead));
    }

    private Offsets.Request request(DType dtype, long size, int first, int last) {
        Offsets.Request r = new Offsets.Request(size, first, last);
        requests.computeIfAbsent(dtype, d -> new ArrayList<>()).add(r);
        return r;
    }

    /// Walks back from the value each variable ends with, along operand 0 of in-place ops, to the variable itself.
    private Set<Root> rootsTowardsState() {
        Set<Root> all = new HashSet<>();
        finals.forEach((group, value) -> {
            Set<Root> chain = new HashSet<>();
            Located at = located.get(value);
            while (at.offset() == 0 && at.root().node.shape().size() == group.size()) {
                Node n = at.root().node;
                if (n.op() instanceof Leaf.Read r) {
                    if (r.group() == group) {
                        all.addAll(chain);
                    }
                    return;
                }
                if (!(n.op() instanceof Op.InPlace)) {
                    return;
                }
                chain.add(at.root());
                at = located.get(n.input(0));
            }
        });
        return all;
    }

    /// The storage of operand 0, if the result of `n` may be written over it.
    private Storage overwritable(Node n, int p, Root root, Set<Root> towardsState, boolean isOutput) {
        if (!inPlace || !(n.op() instanceof Op.InPlace) || isOutput) {
            return null;
        }
        Located over = located.get(n.input(0));
        Root old = over.root();
        boolean whole = over.offset() == 0
                && old.node.shape().size() == n.shape().size()
                && n.input(0).shape().equals(n.shape())
                && old.node.dtype() == n.dtype();
        boolean shared = old.packedInto != null || old.node.op() instanceof Op.Packed;
        if (!whole || shared || old.lastRead > p || old.neededAtEnd) {
            return null;
        }
        for (int i = 1; i < n.inputs().size(); i++) {
            Located other = located.get(n.input(i));
            if (other.root().storage == old.storage
                    && !(other.root() == old
                            && other.offset() == 0
                            && n.input(i).shape().equals(n.shape()))) {
                return null;
            }
        }
        return switch (old.storage.fixed) {
            case null -> old.storage;
            case Buffer.State s -> towardsState.contains(root) ? old.storage : null;
            default -> null;
        };
    }

    /// Finds out which memory must lie in the first area: what is no float, and what some kernel takes only from there.
    private void divide() {
        if (areas == Areas.ONE) {
            return;
        }
        requests.getOrDefault(DType.F32, List.of()).forEach(request -> request.near = false);
        for (Node n : order) {
            if (!(n.op() instanceof Op.View || n.op() instanceof Leaf)) {
                for (int i = Areas.RESULT; i < n.inputs().size(); i++) {
                    if (!areas.anywhere().takes(n, i)) {
                        stayNear(i == Areas.RESULT ? n : n.input(i));
                    }
                }
            }
        }
        finals.values().forEach(this::stayNear); // may yet be copied
    }

    private void stayNear(Node n) {
        Offsets.Request request = located.get(n).root().storage.request;
        if (request != null) {
            request.near = true;
        }
    }

    private Plan build() {
        divide();
        Map<Node, Offsets.Request> scratch = scratch(DType.F32, scratchSize::floats);
        Map<Node, Offsets.Request> scratchInts = scratch(DType.I32, scratchSize::ints);
        Map<DType, Long> sizes = new EnumMap<>(DType.class);
        List<Long> further = new ArrayList<>();
        requests.forEach((dtype, list) -> {
            List<Long> ends = Offsets.assign(list, areas.elements());
            sizes.put(dtype, ends.getFirst());
            further.addAll(ends.subList(1, ends.size()));
        });

        List<Step> steps = new ArrayList<>();
        for (Node n : order) {
            if (!(n.op() instanceof Op.View || n.op() instanceof Leaf)) {
                steps.add(new Step(
                        n,
                        place(n),
                        n.inputs().stream().map(this::place).toList(),
                        place(DType.F32, scratch.get(n)),
                        place(DType.I32, scratchInts.get(n))));
            }
        }
        steps.addAll(finalCopies());
        Map<String, Place> ins = new LinkedHashMap<>();
        graph.inputs().forEach((label, n) -> ins.put(label, place(n)));
        Map<String, Place> outs = new LinkedHashMap<>();
        outputs.forEach((label, n) -> outs.put(label, place(n)));
        return new Plan(graph, List.copyOf(steps), ins, outs, sizes, List.copyOf(further), 0);
    }

    /// Asks for what each kernel wants for itself.
    private Map<Node, Offsets.Request> scratch(DType dtype, ToLongFunction<Node> size) {
        Map<Node, Offsets.Request> all = new HashMap<>();
        for (int p = 0; p < order.size(); p++) {
            Node n = order.get(p);
            long want = n.op() instanceof Op.View || n.op() instanceof Leaf ? 0 : size.applyAsLong(n);
            if (want > 0) {
                all.put(n, request(dtype, want, p, p));
            }
        }
        return all;
    }

    private static Place place(DType dtype, Offsets.Request s) {
        return s == null ? null : new Place(new Buffer.Activation(dtype, s.size, s.area, s.offset), 0);
    }

    /// Copies the value each variable ends with to the variable, where it is not there already. Values that lie in
    /// another variable's memory go first: that variable may be waiting for a copy of its own. No circle can
    /// arise, for a variable that gets such a value has no chain of in-place results in its own memory.
    private List<Step> finalCopies() {
        List<Step> fromState = new ArrayList<>();
        List<Step> others = new ArrayList<>();
        finals.forEach((group, value) -> {
            Place from = place(value);
            Place to = new Place(new Buffer.State(group), 0);
            if (!from.equals(to)) {
                Step copy = new Step(Node.of(new Copy(), List.of(value)), to, List.of(from), null, null);
                (from.buffer() instanceof Buffer.State ? fromState : others).add(copy);
            }
        });
        fromState.addAll(others);
        return fromState;
    }

    private Place place(Node n) {
        Located l = located.get(n);
        return new Place(l.root().storage.buffer(), l.root().base + l.offset());
    }
}
