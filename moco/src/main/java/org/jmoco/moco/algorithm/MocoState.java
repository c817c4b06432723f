package org.jmoco.moco.algorithm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.nn.EngineOrder;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Strided;

/// A [Moco]'s variables as arrays in PyTorch's order of elements, and back.
final class MocoState {
    private static final String COUNTER = "num_batches_tracked";
    private static final int NAMES_IN_MESSAGE = 3;

    private final Moco moco;

    MocoState(Moco moco) {
        this.moco = moco;
    }

    SequencedMap<String, ArrayData> save() {
        SequencedMap<String, ArrayData> arrays = new LinkedHashMap<>();
        // One after another: what is copied on the way goes before the next one comes.
        moco.state().forEach((name, v) -> arrays.putAll(EngineOrder.toTorch(Map.of(name, array(v)))));
        arrays.replace("queue", Strided.permute(arrays.get("queue"), 1, 0));
        return arrays;
    }

    private static ArrayData array(Variable v) {
        long[] shape = Arrays.stream(v.shape().dims()).asLongStream().toArray();
        return v.dtype() == DType.F32
                ? ArrayData.ofFloats(v.toArray(), shape)
                : ArrayData.ofLongs(
                        Arrays.stream(v.host().toArray(JAVA_INT)).asLongStream().toArray(), shape);
    }

    void load(Map<String, ArrayData> arrays) {
        List<String> missing = moco.state().keySet().stream()
                .filter(name -> !arrays.containsKey(name))
                .toList();
        check(arrays, missing, "the checkpoint does not fit the run: ");
        set(arrays);
    }

    void init(Map<String, ArrayData> arrays) {
        List<String> missing = moco.query().namedParameters().keySet().stream()
                .map(name -> "encoder_q." + name)
                .filter(name -> !arrays.containsKey(name))
                .toList();
        check(arrays, missing, "the starting weights do not fit the network: ");
        set(arrays);
        if (arrays.keySet().stream().noneMatch(name -> name.startsWith("encoder_k."))) {
            moco.key().copyParameters(moco.query());
        }
    }

    private void check(Map<String, ArrayData> arrays, List<String> missing, String message) {
        Map<String, ArrayData> own = save();
        List<String> unknown = arrays.keySet().stream()
                .filter(name -> !own.containsKey(name) && !isCounter(name))
                .toList();
        List<String> different = new ArrayList<>();
        own.forEach((name, present) -> {
            ArrayData array = arrays.get(name);
            boolean fits = array == null
                    || Arrays.equals(array.shape(), present.shape())
                            && array.type().isFloating() == present.type().isFloating();
            if (!fits) {
                different.add(name + " is " + array + " instead of " + present);
            }
        });
        List<String> faults = new ArrayList<>();
        describe("missing", missing, faults);
        describe("unknown", unknown, faults);
        describe("different", different, faults);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(message + String.join("; ", faults));
        }
        ArrayData pointer = arrays.get("queue_ptr");
        long length = moco.queue().keys().shape().dim(0);
        if (pointer != null && (pointer.longAt(0) < 0 || pointer.longAt(0) >= length)) {
            throw new IllegalArgumentException(
                    message + "queue_ptr is " + pointer.longAt(0) + ", the queue has " + length + " keys");
        }
    }

    private static boolean isCounter(String name) {
        return name.endsWith("." + COUNTER);
    }

    private static void describe(String fault, List<String> names, List<String> faults) {
        if (!names.isEmpty()) {
            String more = names.size() > NAMES_IN_MESSAGE ? " and " + (names.size() - NAMES_IN_MESSAGE) + " more" : "";
            faults.add(fault + ": " + String.join(", ", names.subList(0, Math.min(NAMES_IN_MESSAGE, names.size())))
                    + more);
        }
    }

    private void set(Map<String, ArrayData> arrays) {
        Map<String, ArrayData> values = EngineOrder.toEngine(arrays);
        moco.state().forEach((name, v) -> {
            ArrayData array = values.get(name);
            if (array == null) {
                return;
            }
            if (v.dtype() == DType.I32) {
                v.hostForWriting().set(JAVA_INT, 0, Math.toIntExact(array.longAt(0)));
            } else {
                ArrayData lying = name.equals("queue") ? Strided.permute(array, 1, 0) : array;
                lying.copyFloatsTo(v.hostForWriting());
            }
        });
    }
}
