package org.jmoco.nn.optim;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Module;
import org.jmoco.nn.StateDict;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.RandomState;

/// All that a training of a network by [Sgd] changes: the network under its names, momentum as `momentum.NAME`,
/// random numbers as `draws`. Arrays are in PyTorch's order of elements.
public final class TrainedState {
    private static final String MOMENTUM = "momentum.";
    private static final String DRAWS = "draws";

    private final Module net;
    private final List<RandomState> draws;
    private final SequencedMap<String, Variable> momenta = new LinkedHashMap<>();

    /// @param sgd   of all parameters of the network
    /// @param draws what the network draws from in training; none or one
    public TrainedState(Module net, Sgd sgd, RandomState... draws) {
        this.net = net;
        this.draws = List.of(draws);
        Map<Variable, Variable> momentumOf = new IdentityHashMap<>();
        List<Variable> parameters = sgd.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            momentumOf.put(parameters.get(i), sgd.momenta().get(i));
        }
        net.namedParameters().forEach((name, p) -> momenta.put(MOMENTUM + name, momentumOf.get(p)));
    }

    /// All of it.
    public Map<String, ArrayData> save() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(net));
        momenta.forEach((name, v) -> arrays.putAll(EngineOrder.toTorch(Map.of(name, array(v)))));
        draws.forEach(
                d -> arrays.put(DRAWS, ArrayData.ofInts(d.variable().host().toArray(JAVA_INT))));
        return arrays;
    }

    private static ArrayData array(Variable v) {
        return ArrayData.ofFloats(
                v.toArray(), Arrays.stream(v.shape().dims()).asLongStream().toArray());
    }

    /// Goes back to what was saved.
    ///
    /// @throws IllegalArgumentException naming what is missing or of another shape; then nothing has changed
    public void load(Map<String, ArrayData> arrays) {
        save().forEach((name, present) -> {
            ArrayData array = arrays.get(name);
            if (array == null || !Arrays.equals(array.shape(), present.shape())) {
                throw new IllegalArgumentException("the checkpoint does not fit the run: " + name + " is "
                        + (array == null ? "missing" : array + " instead of " + present));
            }
        });
        Map<String, ArrayData> weights = new LinkedHashMap<>(arrays);
        weights.keySet().removeIf(name -> name.equals(DRAWS) || name.startsWith(MOMENTUM));
        StateDict.load(net, weights);
        momenta.forEach((name, v) ->
                EngineOrder.toEngine(Map.of(name, arrays.get(name))).get(name).copyFloatsTo(v.hostForWriting()));
        for (RandomState d : draws) {
            int[] saved = arrays.get(DRAWS).toIntArray();
            MemorySegment.copy(saved, 0, d.variable().hostForWriting(), JAVA_INT, 0, saved.length);
        }
    }
}
