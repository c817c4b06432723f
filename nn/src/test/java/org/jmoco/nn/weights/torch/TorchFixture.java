package org.jmoco.nn.weights.torch;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.weights.pickle.Pickler;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.PyTuple;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// Files of `torch.save` with whatever a tree of dicts may hold: what PyTorch's own pickling of such tensors
/// calls, in a zip container.
public final class TorchFixture {
    private static final PyTuple HOOKS = new PyTuple(new PyGlobal("collections", "OrderedDict"));
    private final List<MemorySegment> storages = new ArrayList<>();

    /// A float tensor.
    public Object tensor(ArrayData array) {
        if (array.type() == ElementType.I64) {
            return call("_rebuild_tensor_v2", storage("LongStorage", array), array.shape());
        }
        return call("_rebuild_tensor_v2", storage("FloatStorage", array), array.shape());
    }

    /// A tensor of a type that PyTorch got after storages had types: `uint16`, `float8_e4m3fn`, …
    public Object newer(String dtype, ArrayData bytes, long... shape) {
        return call("_rebuild_tensor_v3", storage("UntypedStorage", bytes), shape, new PyGlobal("torch", dtype));
    }

    /// A tensor whose storage class has this name.
    public Object ofStorage(String storageClass, ArrayData bytes, long... shape) {
        return call("_rebuild_tensor_v2", storage(storageClass, bytes), shape);
    }

    /// A quantised tensor with one scale.
    public Object quantised(ArrayData bytes, long... shape) {
        PyTuple scheme = new PyTuple(new PyGlobal("torch", "per_tensor_affine"), 0.1, 0L);
        return new Pickler.Call(
                new PyGlobal("torch._utils", "_rebuild_qtensor"),
                new PyTuple(storage("QInt8Storage", bytes), 0L, dims(shape), strides(shape), scheme, false, HOOKS));
    }

    /// A sparse tensor of coordinates.
    public Object sparse(ArrayData indices, ArrayData values, long... shape) {
        return new Pickler.Call(
                new PyGlobal("torch._utils", "_rebuild_sparse_tensor"),
                new PyTuple(
                        new PyGlobal("torch", "sparse_coo"),
                        new PyTuple(tensor(indices), tensor(values), dims(shape), true)));
    }

    private Pickler.Call call(String function, Object storage, long[] shape, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                storage,
                0L,
                dims(shape),
                strides(shape),
                false,
                new Pickler.Call(new PyGlobal("collections", "OrderedDict"), PyTuple.EMPTY)));
        arguments.addAll(List.of(more));
        return new Pickler.Call(new PyGlobal("torch._utils", function), new PyTuple(arguments.toArray()));
    }

    private Object storage(String storageClass, ArrayData array) {
        String key = Integer.toString(storages.size());
        storages.add(array.payload());
        PyGlobal type = new PyGlobal(storageClass.equals("UntypedStorage") ? "torch.storage" : "torch", storageClass);
        return new Pickler.PersistentId(new PyTuple("storage", type, key, "cpu", array.count()));
    }

    private static PyTuple dims(long[] shape) {
        return new PyTuple(java.util.Arrays.stream(shape).boxed().toArray());
    }

    private static PyTuple strides(long[] shape) {
        Object[] strides = new Object[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape[axis]);
        }
        return new PyTuple(strides);
    }

    /// The tensors of arrays, by name.
    public Map<String, Object> tensors(Map<String, ArrayData> arrays) {
        Map<String, Object> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> tensors.put(name, tensor(array)));
        return tensors;
    }

    /// Writes the file.
    ///
    /// @param root maps and lists of what this fixture has made
    public Path save(Path file, Object root) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            StoredZipWriter zip = new StoredZipWriter(channel);
            zip.add("archive/data.pkl", MemorySegment.ofArray(Pickler.write(root, 2)));
            for (int i = 0; i < storages.size(); i++) {
                zip.add("archive/data/" + i, storages.get(i));
            }
            zip.add("archive/version", MemorySegment.ofArray("3\n".getBytes(StandardCharsets.US_ASCII)));
            zip.finish();
        }
        return file;
    }
}
