package org.jmoco.tensor.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;

/// Runs programs in float64, node after node, without a plan: the independent witness of every backend.
///
/// It keeps its own copy of the state, taken from the variables when it first meets them, so that a reference run
/// and a run of a backend do not disturb each other.
public final class Reference {
    private static final Map<Class<?>, OpReference<?>> REFERENCES = new ConcurrentHashMap<>();

    private final Map<VariableGroup, double[]> state = new HashMap<>();

    /// Runs a program once.
    ///
    /// @param inputs every input by name, row-major
    /// @return every output by name
    public Map<String, double[]> run(Graph graph, Map<String, double[]> inputs) {
        Map<Node, double[]> values = new HashMap<>();
        for (Node n : graph.nodes()) {
            values.put(n, value(n, values, inputs));
        }
        graph.stores().forEach((group, n) -> state.put(group, values.get(n).clone()));
        Map<String, double[]> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((label, n) -> outputs.put(label, values.get(n)));
        return outputs;
    }

    private double[] value(Node n, Map<Node, double[]> values, Map<String, double[]> inputs) {
        return switch (n.op()) {
            case Leaf.Input in -> fed(in, inputs);
            case Leaf.Constant c ->
                doubles(c.data().segment(), c.dtype(), Math.toIntExact(c.shape().size()));
            case Leaf.Read r -> state(r.group());
            case Op.View view -> {
                int from = Math.toIntExact(view.offset(n.input(0).shape()));
                yield Arrays.copyOfRange(
                        values.get(n.input(0)),
                        from,
                        from + Math.toIntExact(n.shape().size()));
            }
            default -> compute(n.op(), n, n.inputs().stream().map(values::get).toArray(double[][]::new));
        };
    }

    private static double[] fed(Leaf.Input in, Map<String, double[]> inputs) {
        double[] values = inputs.get(in.label());
        if (values == null || values.length != in.shape().size()) {
            throw new IllegalArgumentException("input " + in.label() + in.shape() + " was fed "
                    + (values == null ? "nothing" : values.length + " values"));
        }
        return values;
    }

    /// The present value of a variable, as this reference has it.
    public double[] value(Variable v) {
        return Arrays.copyOfRange(
                state(v.group()),
                v.offset(),
                v.offset() + Math.toIntExact(v.shape().size()));
    }

    private double[] state(VariableGroup group) {
        return state.computeIfAbsent(group, g -> doubles(g.host(), g.dtype(), g.size()));
    }

    /// Elements of any type as doubles.
    public static double[] doubles(MemorySegment segment, DType dtype, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (dtype) {
                case F32 -> segment.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                case I32 -> segment.getAtIndex(ValueLayout.JAVA_INT, i);
                case U8 -> segment.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            };
        }
        return values;
    }

    /// Computes one call of an op in float64.
    @SuppressWarnings("unchecked")
    public static <O extends Op> double[] compute(O op, Node call, double[]... in) {
        double[] result =
                ((OpReference<O>) REFERENCES.computeIfAbsent(op.getClass(), Reference::find)).run(op, call, in);
        if (result.length != call.shape().size()) {
            throw new IllegalStateException(
                    "the reference of " + op.name() + " gave " + result.length + " values for " + call.shape());
        }
        return result;
    }

    private static OpReference<?> find(Class<?> op) {
        String name = op.getName() + "Reference";
        try {
            var constructor =
                    Class.forName(name, true, Reference.class.getClassLoader()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (OpReference<?>) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "op " + op.getSimpleName() + " has no float64 reference: there is no test class " + name, e);
        }
    }
}
