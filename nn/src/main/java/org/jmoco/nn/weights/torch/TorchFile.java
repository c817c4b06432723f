package org.jmoco.nn.weights.torch;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
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

    /// The elements of the file's tensors.
    public Arrays arrays() {
        return new Arrays(name, Math.max(COPY_BUDGET, 2 * bytes));
    }

    /// Makes arrays of tensors, within what all copies of non-contiguous ones may take together.
    public static final class Arrays {
        private final String file;
        private long budget;

        private Arrays(String file, long budget) {
            this.file = file;
            this.budget = budget;
        }

        /// The elements of one of the file's tensors.
        ///
        /// @param name for messages
        /// @throws FormatException if the tensor does not fit in its storage, or copies of non-contiguous
        ///   ones would take far more memory than the file
        public ArrayData of(String name, TorchTensor tensor) {
            ArrayData array = tensor.toArray(file, name, budget);
            budget -= tensor.isDense() ? 0 : array.payload().byteSize();
            return array;
        }
    }

    /// Why an object that stands among tensors is not read, in words.
    public static String reason(PyObject object) {
        String call = object.callable() instanceof PyGlobal global ? global.name() : "";
        List<Object> arguments = object.arguments() instanceof PyTuple tuple ? tuple.items() : List.of();
        return switch (call) {
            case "_rebuild_qtensor" -> "a quantised tensor";
            case "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor" -> "a sparse tensor";
            case "_rebuild_nested_tensor" -> "a nested tensor";
            case "_rebuild_meta_tensor_no_storage" -> "a tensor without values, of the meta device";
            case "_rebuild_tensor_v3" ->
                arguments.size() > 6 && arguments.get(6) instanceof PyGlobal dtype
                        ? "elements of type " + dtype.name() + " are not read"
                        : "a tensor that is not understood";
            case "_rebuild_tensor", "_rebuild_tensor_v2" ->
                !arguments.isEmpty() && arguments.getFirst() instanceof PyGlobal storage
                        ? "elements of a " + storage.name() + " are not read"
                        : "a tensor that is not understood";
            case "_rebuild_parameter", "_rebuild_parameter_with_state" ->
                !arguments.isEmpty() && arguments.getFirst() instanceof PyObject data && data != object
                        ? "a parameter, of which: " + dataReason(data)
                        : "a parameter that is not understood";
            default -> "an " + object;
        };
    }

    /// Of what a parameter wraps; not the parameter that this might be again.
    private static String dataReason(PyObject data) {
        boolean parameter =
                data.callable() instanceof PyGlobal global && global.name().startsWith("_rebuild_parameter");
        return parameter ? "not understood" : reason(data);
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
