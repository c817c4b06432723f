package org.jmoco.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// A module's parameters and buffers as PyTorch saves them: torchvision's names, convolutions `[out, in, h, w]`,
/// linear weights `[out, in]`.
///
/// ```java
/// SafeTensors.write(file, StateDict.of(encoder), Map.of());
/// StateDict.load(encoder, SafeTensors.read(file).arrays());
/// ```
/// PyTorch's `num_batches_tracked` counters are not kept: nothing reads them at a fixed momentum, older files
/// lack them, and `load_state_dict` fills them in. They are ignored on import.
public final class StateDict {
    private static final String COUNTER = "num_batches_tracked";
    private static final int NAMES_IN_MESSAGE = 3;

    private StateDict() {}

    /// Copies of a module's values by name, in declaration order.
    public static SequencedMap<String, ArrayData> of(Module module) {
        SequencedMap<String, ArrayData> arrays = new LinkedHashMap<>();
        module.named().forEach((name, v) -> {
            // The variable's own memory: what is put into another order is a copy, and the only one.
            ArrayData own = ArrayData.of(ElementType.F32, shape(v), v.host());
            ArrayData ordered = EngineOrder.toTorch(Map.of(name, own)).get(name);
            arrays.put(name, ordered == own ? ArrayData.ofFloats(v.toArray(), shape(v)) : ordered);
        });
        return arrays;
    }

    /// Shapes of a module's arrays by name, in declaration order; no value is looked at.
    public static SequencedMap<String, long[]> shapes(Module module) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        module.named().forEach((name, v) -> shapes.put(name, EngineOrder.torchShape(name, v.shape())));
        return shapes;
    }

    /// Sets every parameter and buffer of a module.
    ///
    /// @param arrays by name; exactly the module's, besides counters
    /// @throws IllegalArgumentException if a name is missing or unknown, a shape differs or an array holds
    ///     integers; then the module is as it was
    public static void load(Module module, Map<String, ArrayData> arrays) {
        Map<String, Variable> own = module.named();
        List<String> missing =
                own.keySet().stream().filter(name -> !arrays.containsKey(name)).toList();
        List<String> unknown = arrays.keySet().stream()
                .filter(name -> !own.containsKey(name) && !isCounter(name))
                .toList();
        List<String> different = new ArrayList<>();
        List<String> integers = new ArrayList<>();
        shapes(module).forEach((name, wanted) -> {
            ArrayData array = arrays.get(name);
            if (array != null && !Arrays.equals(array.shape(), wanted)) {
                different.add(
                        name + " is " + Arrays.toString(array.shape()) + " instead of " + Arrays.toString(wanted));
            } else if (array != null && !array.type().isFloating()) {
                integers.add(name + " is " + array.type());
            }
        });
        List<String> faults = new ArrayList<>();
        describe("missing", missing, faults);
        describe("unknown", unknown, faults);
        describe("of another shape", different, faults);
        describe("no floating-point numbers", integers, faults);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the weights do not fit the network: " + String.join("; ", faults));
        }
        own.forEach((name, v) ->
                EngineOrder.toEngine(Map.of(name, arrays.get(name))).get(name).copyFloatsTo(v.hostForWriting()));
    }

    private static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    private static void describe(String fault, List<String> names, List<String> faults) {
        if (!names.isEmpty()) {
            String more = names.size() > NAMES_IN_MESSAGE ? " and " + (names.size() - NAMES_IN_MESSAGE) + " more" : "";
            faults.add(fault + ": " + String.join(", ", names.subList(0, Math.min(NAMES_IN_MESSAGE, names.size())))
                    + more);
        }
    }

    private static long[] shape(Variable v) {
        return Arrays.stream(v.shape().dims()).asLongStream().toArray();
    }
}
