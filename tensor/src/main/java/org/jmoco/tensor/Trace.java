package org.jmoco.tensor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;

/// A program while it is being written: the inputs it asks for, the outputs it names, and the present value of
/// each variable.
public final class Trace {
    private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();

    private final String name;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final Map<VariableGroup, Tensor> values = new LinkedHashMap<>();
    private final SequencedSet<VariableGroup> assigned = new LinkedHashSet<>();
    private final Map<Variable, Tensor> windows = new HashMap<>();
    private final Set<Node> leaves = new HashSet<>();

    private Trace(String name) {
        this.name = name;
    }

    static Trace current() {
        return CURRENT.get();
    }

    /// Runs `body`, recording what it computes.
    static Graph record(String name, Consumer<Trace> body) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException(
                    "program " + name + " cannot be traced inside program " + CURRENT.get().name);
        }
        Trace trace = new Trace(name);
        CURRENT.set(trace);
        try {
            body.accept(trace);
        } finally {
            CURRENT.remove();
        }
        return trace.graph();
    }

    private Graph graph() {
        Map<String, Node> outs = new LinkedHashMap<>();
        outputs.forEach((key, t) -> outs.put(key, t.node()));
        Map<String, Node> ins = new LinkedHashMap<>();
        inputs.forEach((key, t) -> ins.put(key, t.node()));
        Map<VariableGroup, Node> stores = new LinkedHashMap<>();
        for (VariableGroup g : assigned) {
            stores.put(g, values.get(g).node());
        }
        Graph graph = Graph.of(name, ins, outs, stores);
        for (Node n : graph.nodes()) {
            if ((n.op() instanceof Leaf.Input || n.op() instanceof Leaf.Read) && !leaves.contains(n)) {
                String what = n.op() instanceof Leaf.Input in
                        ? "input " + in.label()
                        : "a value of " + ((Leaf.Read) n.op()).group();
                throw new IllegalStateException("program " + name + " uses " + what
                        + " of another program; tensors cannot leave the program they were traced in");
            }
        }
        return graph;
    }

    /// A float input, fed for every run.
    public Tensor input(String label, Shape shape) {
        return input(label, shape, DType.F32);
    }

    /// An input, fed for every run.
    ///
    /// @throws IllegalArgumentException if the program has another input of this name
    public Tensor input(String label, Shape shape, DType dtype) {
        Tensor t = leaf(new Leaf.Input(label, shape, dtype));
        if (inputs.putIfAbsent(label, t) != null) {
            throw new IllegalArgumentException("program " + name + " has two inputs named " + label);
        }
        return t;
    }

    /// A float fed for every run, such as the learning rate; shape `[]`.
    public Tensor scalar(String label) {
        return input(label, Shape.scalar());
    }

    /// Row numbers fed for every run, `[n]`.
    public Tensor permutation(String label, int n) {
        return input(label, Shape.of(n), DType.I32);
    }

    /// Names a value to be read after the run.
    public void output(String label, Tensor value) {
        if (outputs.putIfAbsent(label, value) != null) {
            throw new IllegalArgumentException("program " + name + " has two outputs named " + label);
        }
    }

    Tensor value(VariableGroup group) {
        return values.computeIfAbsent(group, g -> {
            g.markTraced();
            return leaf(new Leaf.Read(g));
        });
    }

    private Tensor leaf(Leaf leaf) {
        Tensor t = leaf.on();
        leaves.add(t.node());
        return t;
    }

    Tensor read(Variable v) {
        Tensor flat = value(v.group());
        Tensor known = windows.get(v);
        if (known == null || known.node().input(0) != flat.node()) {
            known = new Variable.Window(v).on(flat);
            windows.put(v, known);
        }
        return known;
    }

    void assign(VariableGroup group, Tensor flat) {
        group.markTraced();
        values.put(group, flat);
        assigned.add(group);
    }
}
