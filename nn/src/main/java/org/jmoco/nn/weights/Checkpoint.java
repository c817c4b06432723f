package org.jmoco.nn.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.PyObject;
import org.jmoco.nn.weights.torch.TorchFile;
import org.jmoco.nn.weights.torch.TorchTensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// A weights file of any supported kind, under the names that it has.
///
/// @param file stands for the file in messages
/// @param format what kind of file it is, in words
/// @param arrays the state dict, in the file's order; what lies in dicts of its own within it is named by its
///   path, as in `teacher.conv1.weight`
/// @param beside arrays outside the state dict, by their path in the file, as in `model_ema.conv1.weight`
/// @param facts small values beside it, such as `epoch` and `arch`
/// @param skipped entries of the state dict that are no arrays of a supported type: by name, the reason
/// @param inertGlobals Python names that the file mentions and that were kept inert
public record Checkpoint(
        String file,
        String format,
        Map<String, ArrayData> arrays,
        Map<String, ArrayData> beside,
        Map<String, String> facts,
        Map<String, String> skipped,
        Set<String> inertGlobals) {
    private static final int MAX_FACT = 200;

    /// Reads `.safetensors`, the index of several of them, a file of `torch.save` in either container, or a pickle
    /// of numpy arrays; the content decides, not the extension. [BundledEncoder#NAME] stands for the encoder that
    /// comes with jmoco.
    ///
    /// @throws FormatException if it is none of these, damaged, malformed, or holds no array
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Checkpoint read(Path file) {
        MemorySegment bytes = BundledEncoder.orFile(file);
        Map<String, String> index = ShardIndex.parse(file.toString(), bytes);
        return index == null ? parse(file.toString(), bytes) : ShardIndex.read(file, index);
    }

    /// Reads a file's content from memory.
    ///
    /// @throws FormatException as [#read]
    public static Checkpoint parse(String name, MemorySegment bytes) {
        if (TorchFile.matches(bytes)) {
            return ofTorch(TorchFile.parse(name, bytes));
        }
        String other = OtherFile.kind(bytes);
        if (other != null) {
            throw new FormatException(name, other);
        }
        if (bytes.byteSize() > 8 && bytes.get(JAVA_BYTE, 8) == '{') {
            return ofSafeTensors(name, SafeTensors.parse(name, bytes));
        }
        if (bytes.byteSize() > 2 && bytes.get(JAVA_BYTE, 0) == (byte) 0x80) {
            NumpyPickle file = NumpyPickle.parse(name, bytes);
            return new Checkpoint(
                    name,
                    "pickle of numpy arrays",
                    file.arrays(),
                    file.beside(),
                    facts(file.root()),
                    file.skipped(),
                    Set.of());
        }
        throw new FormatException(name, "neither safetensors nor a file of torch.save nor a pickle of numpy arrays");
    }

    private static Checkpoint ofSafeTensors(String name, SafeTensors file) {
        Map<String, String> skipped = new LinkedHashMap<>();
        file.skipped().forEach((key, type) -> skipped.put(key, "elements of type " + type + " are not read"));
        requireArrays(name, file.arrays(), skipped, "holds no arrays at all");
        return new Checkpoint(name, "safetensors", file.arrays(), Map.of(), file.metadata(), skipped, Set.of());
    }

    private static Checkpoint ofTorch(TorchFile file) {
        StateDictTree tree = StateDictTree.of(file.root(), TorchTensor.class::isInstance);
        TorchFile.Arrays arrays = file.arrays();
        Map<String, ArrayData> read = arrays(tree.leaves(), arrays);
        Map<String, String> skipped = new LinkedHashMap<>();
        tree.leaves().forEach((name, leaf) -> {
            if (leaf instanceof PyObject object) {
                skipped.put(name, TorchFile.reason(object));
            }
        });
        requireArrays(
                file.name(),
                read,
                skipped,
                file.root() instanceof PyObject object
                        ? "holds a pickled " + object + "; save the model's state_dict instead"
                        : "holds no state dict (a dict of tensors, perhaps under one of " + StateDictTree.KEYS + ")");
        return new Checkpoint(
                file.name(),
                "torch.save, " + file.container() + " container",
                read,
                arrays(tree.beside(), arrays),
                facts(file.root()),
                skipped,
                file.inertGlobals());
    }

    private static Map<String, ArrayData> arrays(Map<String, Object> leaves, TorchFile.Arrays of) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        leaves.forEach((name, leaf) -> {
            if (leaf instanceof TorchTensor tensor) {
                arrays.put(name, of.of(name, tensor));
            }
        });
        return arrays;
    }

    /// @throws FormatException if there are none
    static void requireArrays(
            String file, Map<String, ArrayData> arrays, Map<String, String> skipped, String otherwise) {
        if (arrays.isEmpty()) {
            String first = skipped.isEmpty() ? "" : skipped.keySet().iterator().next();
            throw new FormatException(
                    file,
                    otherwise
                            + (skipped.isEmpty()
                                    ? ""
                                    : "; " + skipped.size() + " entries cannot be read: " + FormatException.quote(first)
                                            + ": " + skipped.get(first)));
        }
    }

    /// The arrays whose names begin with `prefix`, without it; those of the state dict, or where it has none,
    /// those beside it.
    ///
    /// @param prefix without the dot behind it, or with it
    /// @throws FormatException if no name begins so, listing how names begin
    public Checkpoint under(String prefix) {
        String start = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
        boolean inside = arrays.keySet().stream().anyMatch(name -> name.startsWith(start));
        Map<String, ArrayData> found = stripped(inside ? arrays : beside, start);
        if (found.isEmpty()) {
            throw new FormatException(
                    file,
                    "no array has a name with the prefix " + FormatException.quote(start) + "; names begin with "
                            + EncoderSearch.beginnings(arrays.keySet(), beside.keySet()));
        }
        Map<String, String> reasons = inside ? stripped(skipped, start) : Map.of();
        return new Checkpoint(file, format, found, Map.of(), facts, reasons, inertGlobals);
    }

    private static <T> Map<String, T> stripped(Map<String, T> named, String prefix) {
        Map<String, T> found = new LinkedHashMap<>();
        named.forEach((name, v) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), v);
            }
        });
        return found;
    }

    static Map<String, String> facts(Object root) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (root instanceof PyDict dict) {
            dict.entries().forEach((key, value) -> {
                boolean small = value instanceof String
                        || value instanceof Long
                        || value instanceof BigInteger
                        || value instanceof Double
                        || value instanceof Boolean;
                if (key instanceof String name && small) {
                    String text = value.toString();
                    facts.put(name, text.length() <= MAX_FACT ? text : text.substring(0, MAX_FACT) + "…");
                }
            });
        }
        return facts;
    }
}
