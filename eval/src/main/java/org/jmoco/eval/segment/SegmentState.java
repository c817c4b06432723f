package org.jmoco.eval.segment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;

/// All that a training of a segmenter changes: the network under its names, momentum as `momentum.NAME`, the
/// random numbers of dropout as `draws`. Arrays are in PyTorch's order of elements.
final class SegmentState {
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

    Map<String, ArrayData> save() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(net));
        momenta.forEach((name, v) -> arrays.putAll(EngineOrder.toTorch(Map.of(name, array(v)))));
        arrays.put(DRAWS, ArrayData.ofInts(net.draws().variable().host().toArray(JAVA_INT)));
        return arrays;
    }

    private static ArrayData array(Variable v) {
        return ArrayData.ofFloats(
                v.toArray(), Arrays.stream(v.shape().dims()).asLongStream().toArray());
    }

    /// @throws IllegalArgumentException naming what is missing or of another shape; then nothing has changed
    void load(Map<String, ArrayData> arrays) {
        Map<String, ArrayData> own = save();
        own.forEach((name, present) -> {
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
        int[] draws = arrays.get(DRAWS).toIntArray();
        MemorySegment.copy(draws, 0, net.draws().variable().hostForWriting(), JAVA_INT, 0, draws.length);
    }
}
