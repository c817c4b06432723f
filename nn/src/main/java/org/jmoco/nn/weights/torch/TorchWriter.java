package org.jmoco.nn.weights.torch;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.weights.pickle.Pickler;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.PyTuple;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.ElementType;

/// Writes `.pth` files in the zip container that `torch.load(file, weights_only=True)` accepts. The
/// same content gives the same bytes.
public final class TorchWriter {
    private static final PyGlobal ORDERED_DICT = new PyGlobal("collections", "OrderedDict");
    private static final PyGlobal REBUILD = new PyGlobal("torch._utils", "_rebuild_tensor_v2");

    private final List<MemorySegment> storages = new ArrayList<>();

    private TorchWriter() {}

    /// Replaces `file` atomically by a state dict as torchvision's weights have it: an OrderedDict
    /// of tensors.
    ///
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, Map<String, ArrayData> stateDict) {
        TorchWriter writer = new TorchWriter();
        writer.write(file, writer.orderedDict(stateDict));
    }

    /// Replaces `file` atomically by a dict of `facts`, with the state dict under the key
    /// `state_dict`.
    ///
    /// @param facts strings, integers, doubles, booleans, lists and maps of them, such as `epoch`
    ///   and `arch`
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, Map<String, ?> facts, Map<String, ArrayData> stateDict) {
        TorchWriter writer = new TorchWriter();
        Map<String, Object> root = new LinkedHashMap<>(facts);
        root.put("state_dict", writer.orderedDict(stateDict));
        writer.write(file, root);
    }

    private void write(Path file, Object root) {
        byte[] pickle = Pickler.write(root, 2);
        AtomicFile.write(file, channel -> {
            StoredZipWriter zip = new StoredZipWriter(channel);
            zip.add("archive/data.pkl", MemorySegment.ofArray(pickle));
            zip.add("archive/byteorder", ascii("little"));
            for (int i = 0; i < storages.size(); i++) {
                zip.add("archive/data/" + i, storages.get(i));
            }
            zip.add("archive/version", ascii("3\n"));
            zip.finish();
        });
    }

    private Pickler.Call orderedDict(Map<String, ArrayData> arrays) {
        Map<String, Object> entries = new LinkedHashMap<>();
        arrays.forEach((name, array) -> entries.put(name, tensor(array)));
        return new Pickler.Call(ORDERED_DICT, PyTuple.EMPTY, entries, null);
    }

    private Pickler.Call tensor(ArrayData array) {
        PyTuple id = new PyTuple(
                "storage",
                new PyGlobal("torch", storageClass(array.type())),
                Integer.toString(storages.size()),
                "cpu",
                array.count());
        storages.add(array.payload());
        Object[] size = new Object[array.rank()];
        Object[] stride = new Object[array.rank()];
        long step = 1;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            size[axis] = array.dim(axis);
            stride[axis] = step;
            step *= Math.max(1, array.dim(axis));
        }
        Pickler.Call hooks = new Pickler.Call(ORDERED_DICT, PyTuple.EMPTY);
        return new Pickler.Call(
                REBUILD,
                new PyTuple(new Pickler.PersistentId(id), 0L, new PyTuple(size), new PyTuple(stride), false, hooks));
    }

    private static String storageClass(ElementType type) {
        return switch (type) {
            case F64 -> "DoubleStorage";
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case I32 -> "IntStorage";
            case I16 -> "ShortStorage";
            case I8 -> "CharStorage";
            case U8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }

    private static MemorySegment ascii(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }
}
