package org.jmoco.nn.weights.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.PyTuple;
import org.jmoco.nn.weights.pickle.Unpickler;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;

/// Builds tensors and storages out of a checkpoint's pickle; all else stays inert. A storage of a
/// type that [ElementType] lacks (complex, quantised) stays inert too, and so do its tensors.
final class TorchObjects implements Unpickler.Host {
    private static final int MAX_RANK = 64;
    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("DoubleStorage", ElementType.F64),
            Map.entry("FloatStorage", ElementType.F32),
            Map.entry("HalfStorage", ElementType.F16),
            Map.entry("BFloat16Storage", ElementType.BF16),
            Map.entry("LongStorage", ElementType.I64),
            Map.entry("IntStorage", ElementType.I32),
            Map.entry("ShortStorage", ElementType.I16),
            Map.entry("CharStorage", ElementType.I8),
            Map.entry("ByteStorage", ElementType.U8),
            Map.entry("UntypedStorage", ElementType.U8),
            Map.entry("BoolStorage", ElementType.BOOL));

    /// Bytes an element of the types that are skipped.
    private static final Map<String, Integer> FOREIGN = Map.of(
            "ComplexDoubleStorage",
            16,
            "ComplexFloatStorage",
            8,
            "QInt8Storage",
            1,
            "QUInt8Storage",
            1,
            "QInt32Storage",
            4,
            "QUInt4x2Storage",
            1,
            "QUInt2x4Storage",
            1);

    private static final Map<String, ElementType> DTYPES = Map.of(
            "float64",
            ElementType.F64,
            "float32",
            ElementType.F32,
            "float16",
            ElementType.F16,
            "bfloat16",
            ElementType.BF16,
            "int64",
            ElementType.I64,
            "int32",
            ElementType.I32,
            "int16",
            ElementType.I16,
            "int8",
            ElementType.I8,
            "uint8",
            ElementType.U8,
            "bool",
            ElementType.BOOL);

    private final String file;
    private final Map<String, TorchStorage> storages = new LinkedHashMap<>();
    private final Map<TorchStorage, View> views = new LinkedHashMap<>();
    private final Map<String, Integer> foreign = new LinkedHashMap<>();

    /// A storage that is a part of another one (legacy container only). Offset in elements.
    record View(TorchStorage root, long offset) {}

    TorchObjects(String file) {
        this.file = file;
    }

    /// All storages that tensors may refer to, by key, in order of first use.
    Map<String, TorchStorage> storages() {
        return storages;
    }

    /// The storages that are parts of others; their bytes are bound through them.
    Map<TorchStorage, View> views() {
        return views;
    }

    /// Bytes an element of storages that no tensor here can use, by key.
    Map<String, Integer> foreign() {
        return foreign;
    }

    /// `('storage', class, key, location, element count[, view])`.
    @Override
    public Object persistent(Object id) {
        List<Object> f = id instanceof PyTuple t ? t.items() : List.of();
        boolean valid = (f.size() == 5 || f.size() == 6)
                && "storage".equals(f.get(0))
                && f.get(1) instanceof PyGlobal
                && f.get(2) instanceof String
                && f.get(4) instanceof Long count
                && count >= 0;
        if (!valid) {
            throw new FormatException(file, "a persistent id that does not describe a storage");
        }
        PyGlobal storageClass = (PyGlobal) f.get(1);
        ElementType type = STORAGES.get(storageClass.name());
        String key = (String) f.get(2);
        if (type == null) {
            foreign.put(key, foreignBytes(storageClass));
            return storageClass; // no TorchStorage, so its tensors stay inert
        }
        TorchStorage storage = storage(key, type, (Long) f.get(4));
        return f.size() == 6 && f.get(5) != null ? view(storage, f.get(5)) : storage;
    }

    private int foreignBytes(PyGlobal storageClass) {
        Integer bytes = FOREIGN.get(storageClass.name());
        if (bytes == null) {
            throw new FormatException(
                    file, "an unknown storage class " + FormatException.quote(storageClass.toString()));
        }
        return bytes;
    }

    private TorchStorage storage(String key, ElementType type, long count) {
        TorchStorage known = storages.get(key);
        if (known == null) {
            known = new TorchStorage(key, type, count);
            storages.put(key, known);
        } else if (known.type() != type || known.count() != count) {
            throw new FormatException(file, "storage " + FormatException.quote(key) + " is described in two ways");
        }
        return known;
    }

    /// View metadata `(view key, offset, size)` of the legacy container.
    private TorchStorage view(TorchStorage root, Object metadata) {
        List<Object> v = metadata instanceof PyTuple t ? t.items() : List.of();
        if (v.size() != 3
                || !(v.get(0) instanceof String key)
                || !(v.get(1) instanceof Long offset)
                || !(v.get(2) instanceof Long size)
                || offset < 0
                || size < 0
                || offset > root.count() - size) {
            throw new FormatException(
                    file, "the view of storage " + FormatException.quote(root.key()) + " is malformed");
        }
        TorchStorage view = new TorchStorage(key, root.type(), size);
        views.put(view, new View(root, offset));
        return view;
    }

    @Override
    public Object call(PyGlobal global, List<Object> arguments) {
        if (global.is("torch", "Size") && arguments.size() == 1 && arguments.getFirst() instanceof PyTuple size) {
            return size;
        }
        if (!global.module().equals("torch._utils")) {
            return null;
        }
        return switch (global.name()) {
            case "_rebuild_tensor", "_rebuild_tensor_v2" -> tensor(arguments, null);
            case "_rebuild_tensor_v3" ->
                // A type that we lack must not be read as the bytes of its storage.
                arguments.size() > 6 && arguments.get(6) instanceof PyGlobal dtype && DTYPES.containsKey(dtype.name())
                        ? tensor(arguments, DTYPES.get(dtype.name()))
                        : null;
            case "_rebuild_parameter", "_rebuild_parameter_with_state" ->
                !arguments.isEmpty() && arguments.getFirst() instanceof TorchTensor data ? data : null;
            default -> null;
        };
    }

    /// `(storage, offset, size, stride, …)`.
    private TorchTensor tensor(List<Object> a, ElementType dtype) {
        if (a.size() < 4 || !(a.get(0) instanceof TorchStorage storage)) {
            return null;
        }
        if (!(a.get(1) instanceof Long offset)) {
            throw new FormatException(file, "a tensor whose offset is not an integer");
        }
        long[] shape = longs(a.get(2));
        long[] stride = longs(a.get(3));
        if (shape.length != stride.length) {
            throw new FormatException(
                    file, "a tensor of " + shape.length + " dimensions with " + stride.length + " strides");
        }
        return new TorchTensor(storage, dtype == null ? storage.type() : dtype, offset, shape, stride);
    }

    private long[] longs(Object tuple) {
        List<Object> items = tuple instanceof PyTuple t ? t.items() : null;
        if (items == null || items.size() > MAX_RANK || !items.stream().allMatch(Long.class::isInstance)) {
            throw new FormatException(
                    file, "a tensor's size or stride is not a tuple of at most " + MAX_RANK + " integers");
        }
        return items.stream().mapToLong(i -> (Long) i).toArray();
    }
}
