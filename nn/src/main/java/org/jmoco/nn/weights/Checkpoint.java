package org.jmoco.nn.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.PyObject;
import org.jmoco.nn.weights.torch.TorchFile;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.MappedFile;
import org.jmoco.tensor.io.SafeTensors;

/// A weights file of any supported kind, under the names that it has.
///
/// @param file stands for the file in messages
/// @param format what kind of file it is, in words
/// @param arrays the state dict, in the file's order
/// @param facts small values beside it, such as `epoch` and `arch`
/// @param skipped entries of the state dict that are not arrays of a supported type, with the
///   reason
/// @param inertGlobals Python names that the file mentions and that were kept inert
public record Checkpoint(
        String file,
        String format,
        Map<String, ArrayData> arrays,
        Map<String, String> facts,
        List<String> skipped,
        Set<String> inertGlobals) {
    private static final List<String> STATE_DICT_KEYS = List.of("state_dict", "model", "model_state_dict");
    private static final int MAX_FACT = 200;

    /// Reads `.safetensors`, a file of `torch.save` in either container, or a pickle of numpy
    /// arrays; the content decides, not the extension.
    ///
    /// @throws FormatException if it is none of these, damaged, malformed, or holds no array
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Checkpoint read(Path file) {
        return parse(file.toString(), MappedFile.read(file));
    }

    /// Reads a file's content from memory.
    ///
    /// @throws FormatException as [#read]
    public static Checkpoint parse(String name, MemorySegment bytes) {
        if (TorchFile.matches(bytes)) {
            return ofTorch(TorchFile.parse(name, bytes));
        }
        if (bytes.byteSize() > 8 && bytes.get(JAVA_BYTE, 8) == '{') {
            SafeTensors file = SafeTensors.parse(name, bytes);
            return new Checkpoint(name, "safetensors", file.arrays(), file.metadata(), List.of(), Set.of());
        }
        if (bytes.byteSize() > 2 && bytes.get(JAVA_BYTE, 0) == (byte) 0x80) {
            NumpyPickle file = NumpyPickle.parse(name, bytes);
            return new Checkpoint(
                    name, "pickle of numpy arrays", file.arrays(), facts(file.root()), List.of(), Set.of());
        }
        throw new FormatException(name, "neither safetensors nor a file of torch.save nor a pickle of numpy arrays");
    }

    private static Checkpoint ofTorch(TorchFile file) {
        PyDict stateDict = stateDict(file.root());
        Map<String, ArrayData> arrays = stateDict == null ? Map.of() : file.arrays(stateDict);
        if (arrays.isEmpty()) {
            throw new FormatException(
                    file.name(),
                    file.root() instanceof PyObject object
                            ? "holds a pickled " + object + "; save the model's state_dict instead"
                            : "holds no state dict (a dict of tensors, perhaps under one of " + STATE_DICT_KEYS + ")");
        }
        List<String> skipped = new ArrayList<>();
        stateDict.entries().forEach((key, value) -> {
            if (value instanceof PyObject object) {
                skipped.add(key + ": " + object);
            }
        });
        return new Checkpoint(
                file.name(),
                "torch.save, " + file.container() + " container",
                arrays,
                facts(file.root()),
                skipped,
                file.inertGlobals());
    }

    private static PyDict stateDict(Object root) {
        if (root instanceof PyDict dict) {
            for (String key : STATE_DICT_KEYS) {
                if (dict.get(key) instanceof PyDict inner) {
                    return inner;
                }
            }
            return dict;
        }
        return null;
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
