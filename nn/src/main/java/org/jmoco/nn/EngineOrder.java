package org.jmoco.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Strided;

/// Between PyTorch's element order in files and the engine's: convolution weights `[out, in, h, w]`
/// ↔ `[h, w, in, out]`, linear weights `[out, in]` ↔ `[in, out]`; all else is the same.
public final class EngineOrder {
    private EngineOrder() {}

    /// Convolution weights, `[out, in, h, w]` → `[h, w, in, out]`.
    public static ArrayData convToEngine(ArrayData weight) {
        return Strided.permute(weight, 2, 3, 1, 0);
    }

    /// Convolution weights, `[h, w, in, out]` → `[out, in, h, w]`.
    public static ArrayData convToTorch(ArrayData weight) {
        return Strided.permute(weight, 3, 2, 0, 1);
    }

    /// Linear weights in either direction, `[a, b]` → `[b, a]`.
    public static ArrayData linear(ArrayData weight) {
        return Strided.permute(weight, 1, 0);
    }

    /// The shape that PyTorch has for what the engine keeps in `shape`.
    static long[] torchShape(String name, Shape shape) {
        long[] s = Arrays.stream(shape.dims()).asLongStream().toArray();
        if (!isWeight(name)) {
            return s;
        }
        return switch (s.length) {
            case 2 -> new long[] {s[1], s[0]};
            case 4 -> new long[] {s[3], s[2], s[0], s[1]};
            default -> s;
        };
    }

    /// A state dict in the engine's order; floating-point arrays become F32.
    public static Map<String, ArrayData> toEngine(Map<String, ArrayData> stateDict) {
        Map<String, ArrayData> result = new LinkedHashMap<>();
        stateDict.forEach((name, array) -> {
            ArrayData known = array.type().isFloating() ? array.toF32() : array;
            result.put(name, isConv(name, known) ? convToEngine(known) : isLinear(name, known) ? linear(known) : known);
        });
        return result;
    }

    /// A state dict in PyTorch's order.
    public static Map<String, ArrayData> toTorch(Map<String, ArrayData> engine) {
        Map<String, ArrayData> result = new LinkedHashMap<>();
        engine.forEach((name, array) -> result.put(
                name, isConv(name, array) ? convToTorch(array) : isLinear(name, array) ? linear(array) : array));
        return result;
    }

    private static boolean isConv(String name, ArrayData array) {
        return array.rank() == 4 && isWeight(name);
    }

    /// The queue has rank 2 too, but is not a layer's weight.
    private static boolean isLinear(String name, ArrayData array) {
        return array.rank() == 2 && isWeight(name);
    }

    /// In a state dict of a single layer the name has no prefix.
    private static boolean isWeight(String name) {
        return name.equals("weight") || name.endsWith(".weight");
    }
}
