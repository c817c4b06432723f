package org.jmoco.nn.weights.torch;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.PyObject;
import org.jmoco.nn.weights.pickle.PyTuple;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.MappedFile;

/// What `torch.save` wrote, read without executing anything.
///
/// @param name stands for the file in messages
/// @param container `zip` or `legacy`
/// @param root the saved object: mostly a [PyDict]; see the package page of `pickle` for what it is
///   made of, with a [TorchTensor] for each tensor
public record TorchFile(String name, String container, Object root, long bytes) {
    /// Copies of non-contiguous tensors may take this much, or twice the file if that is more.
    private static final long COPY_BUDGET = 64L << 20;

    /// Maps a file.
    ///
    /// @throws FormatException if it is not one of the two containers, damaged, or malformed
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static TorchFile read(Path file) {
        return parse(file.toString(), MappedFile.read(file));
    }

    /// Reads a file's content from memory; it may be on the heap.
    ///
    /// @throws FormatException as [#read]
    public static TorchFile parse(String name, MemorySegment bytes) {
        if (TorchZip.matches(bytes)) {
            return new TorchFile(name, "zip", TorchZip.read(name, bytes), bytes.byteSize());
        }
        if (TorchLegacy.matches(bytes)) {
            return new TorchFile(name, "legacy", TorchLegacy.read(name, bytes), bytes.byteSize());
        }
        throw new FormatException(name, "neither container of torch.save (zip, or legacy before PyTorch 1.6)");
    }

    public static boolean matches(MemorySegment bytes) {
        return TorchZip.matches(bytes) || TorchLegacy.matches(bytes);
    }

    /// The tensors that a dict holds directly under string keys, in its order.
    ///
    /// @throws FormatException if a tensor does not fit in its storage, or copies of non-contiguous
    ///   ones would take far more memory than the file
    public Map<String, ArrayData> arrays(PyDict dict) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        long budget = Math.max(COPY_BUDGET, 2 * bytes);
        for (Map.Entry<Object, Object> e : dict.entries().entrySet()) {
            if (e.getKey() instanceof String key && e.getValue() instanceof TorchTensor tensor) {
                ArrayData array = tensor.toArray(name, key, budget);
                budget -= tensor.isDense() ? 0 : array.payload().byteSize();
                arrays.put(key, array);
            }
        }
        return arrays;
    }

    /// The names of all globals that were kept inert, anywhere in the file.
    public Set<String> inertGlobals() {
        Set<String> names = new TreeSet<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Object> waiting = new ArrayDeque<>(List.of(root == null ? PyTuple.EMPTY : root));
        while (!waiting.isEmpty()) { // not recursive: a hostile file nests deeper than a stack
            Object o = waiting.pop();
            if (!seen.add(o)) {
                continue;
            }
            switch (o) {
                case PyDict d -> d.entries().forEach((k, v) -> pushAll(waiting, k, v));
                case PyTuple t -> pushAll(waiting, t.items().toArray());
                case List<?> l -> pushAll(waiting, l.toArray());
                case PyGlobal g -> names.add(g.toString());
                case PyObject p -> {
                    pushAll(waiting, p.callable(), p.arguments(), p.state(), p.entries());
                    pushAll(waiting, p.items().toArray());
                }
                default -> {}
            }
        }
        return names;
    }

    private static void pushAll(ArrayDeque<Object> waiting, Object... objects) {
        for (Object o : objects) {
            if (o instanceof PyDict
                    || o instanceof PyTuple
                    || o instanceof List<?>
                    || o instanceof PyGlobal
                    || o instanceof PyObject) {
                waiting.push(o);
            }
        }
    }
}
