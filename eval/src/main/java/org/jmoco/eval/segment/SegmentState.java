package org.jmoco.eval.segment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// All that a training of a segmenter changes: the network under its names, in PyTorch's order of elements; momentum
/// as `momentum.NAME`, in the engine's order; the random numbers of dropout as `draws`. Held until it is closed.
final class SegmentState implements AutoCloseable {
    private static final String MOMENTUM = "momentum.";
    private static final String DRAWS = "draws";

    private final Segmenter net;
    private final Sgd sgd;
    private final SequencedMap<String, Variable> momenta = new LinkedHashMap<>();

    SegmentState(Segmenter net, Sgd.Options options) {
        this.net = net;
        sgd = new Sgd(options, net.parameters());
        List<Variable> buffers = new ArrayList<>(sgd.momenta());
        for (String name : net.namedParameters().keySet()) {
            momenta.put(MOMENTUM + name, buffers.removeFirst());
        }
    }

    Segmenter net() {
        return net;
    }

    Sgd sgd() {
        return sgd;
    }

    /// Momenta are the variables' own memory: to be used before the next step.
    Map<String, ArrayData> save() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(net));
        momenta.forEach((name, v) -> arrays.put(name, view(v)));
        arrays.put(DRAWS, ArrayData.ofInts(net.draws().variable().host().toArray(JAVA_INT)));
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
        shapes.put(DRAWS, new long[] {net.draws().variable().shape().size()});
        return shapes;
    }

    /// @throws IllegalArgumentException naming what is missing or of another shape; then nothing has changed
    void load(Map<String, ArrayData> arrays) {
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
        int[] draws = arrays.get(DRAWS).toIntArray();
        MemorySegment.copy(draws, 0, net.draws().variable().hostForWriting(), JAVA_INT, 0, draws.length);
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
