package org.jmoco.nn.optim;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jmoco.nn.Module;
import org.jmoco.nn.StateDict;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.random.RandomState;

/// All that a training of a network by [Sgd] changes: the network under its names, in PyTorch's order of elements;
/// momentum as `momentum.NAME`, in the engine's order; random numbers as `draws`. Held until it is closed.
///
/// @param <M> the network
public final class TrainedState<M extends Module> implements AutoCloseable {
    private static final String MOMENTUM = "momentum.";
    private static final String DRAWS = "draws";

    private final M net;
    private final Sgd sgd;
    private final List<RandomState> draws;
    private final SequencedMap<String, Variable> momenta = new LinkedHashMap<>();

    /// @param sgd   of all parameters of the network
    /// @param draws what the network draws from in training; none or one
    public TrainedState(M net, Sgd sgd, RandomState... draws) {
        this.net = net;
        this.sgd = sgd;
        this.draws = List.of(draws);
        Map<Variable, Variable> momentumOf = new IdentityHashMap<>();
        List<Variable> parameters = sgd.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            momentumOf.put(parameters.get(i), sgd.momenta().get(i));
        }
        net.namedParameters().forEach((name, p) -> momenta.put(MOMENTUM + name, momentumOf.get(p)));
    }

    public M net() {
        return net;
    }

    public Sgd sgd() {
        return sgd;
    }

    /// All of it. Momenta are the variables' own memory: to be used before the next step.
    public Map<String, ArrayData> save() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(net));
        momenta.forEach((name, v) -> arrays.put(name, view(v)));
        draws.forEach(
                d -> arrays.put(DRAWS, ArrayData.ofInts(d.variable().host().toArray(JAVA_INT))));
        return arrays;
    }

    private static ArrayData view(Variable v) {
        long[] shape = Arrays.stream(v.shape().dims()).asLongStream().toArray();
        return ArrayData.of(ElementType.F32, shape, v.host());
    }

    /// Shapes of what [#save] gives, without a copy of it.
    private Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>(StateDict.shapes(net));
        momenta.forEach((name, v) -> shapes.put(name, view(v).shape()));
        draws.forEach(d -> shapes.put(DRAWS, new long[] {d.variable().shape().size()}));
        return shapes;
    }

    /// Goes back to what was saved.
    ///
    /// @throws IllegalArgumentException naming what is missing or of another shape; then nothing has changed
    public void load(Map<String, ArrayData> arrays) {
        shapes().forEach((name, shape) -> {
            ArrayData array = arrays.get(name);
            if (array == null || !Arrays.equals(array.shape(), shape)) {
                throw new IllegalArgumentException("the checkpoint does not fit the run: " + name + " is "
                        + (array == null ? "missing" : array + " instead of " + Arrays.toString(shape)));
            }
        });
        Map<String, ArrayData> weights = new LinkedHashMap<>(arrays);
        weights.keySet().removeIf(name -> name.equals(DRAWS) || name.startsWith(MOMENTUM));
        StateDict.load(net, weights);
        momenta.forEach((name, v) -> arrays.get(name).copyFloatsTo(v.hostForWriting()));
        for (RandomState d : draws) {
            int[] saved = arrays.get(DRAWS).toIntArray();
            MemorySegment.copy(saved, 0, d.variable().hostForWriting(), JAVA_INT, 0, saved.length);
        }
    }

    /// Gives weights and momenta back.
    @Override
    public void close() {
        Stream.concat(net.named().values().stream(), sgd.momenta().stream())
                .map(Variable::group)
                .distinct()
                .forEach(VariableGroup::close);
    }
}
