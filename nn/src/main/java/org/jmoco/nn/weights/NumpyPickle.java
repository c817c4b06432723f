package org.jmoco.nn.weights;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.weights.pickle.PickleBytes;
import org.jmoco.nn.weights.pickle.Pickler;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.PyObject;
import org.jmoco.nn.weights.pickle.PyTuple;
import org.jmoco.nn.weights.pickle.Unpickler;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;

/// A pickled dict of numpy arrays, as detectron2's model zoo uses it: read without executing
/// anything, and written so that `pickle.load` gives numpy arrays.
///
/// @param root the pickled dict
/// @param arrays the arrays of the state dict, as [StateDictTree] finds it
/// @param beside other arrays
/// @param skipped entries of the state dict that are not read: by name, the reason
record NumpyPickle(
        PyDict root, Map<String, ArrayData> arrays, Map<String, ArrayData> beside, Map<String, String> skipped) {
    private static final PyGlobal RECONSTRUCT = new PyGlobal("numpy.core.multiarray", "_reconstruct");
    private static final PyGlobal NDARRAY = new PyGlobal("numpy", "ndarray");
    private static final PyGlobal DTYPE = new PyGlobal("numpy", "dtype");
    private static final Set<String> MULTIARRAY = Set.of("numpy.core.multiarray", "numpy._core.multiarray");
    private static final Map<String, ElementType> TYPES = Map.of(
            "f8",
            ElementType.F64,
            "f4",
            ElementType.F32,
            "f2",
            ElementType.F16,
            "i8",
            ElementType.I64,
            "i4",
            ElementType.I32,
            "i2",
            ElementType.I16,
            "i1",
            ElementType.I8,
            "u1",
            ElementType.U8,
            "b1",
            ElementType.BOOL);

    static NumpyPickle parse(String file, MemorySegment bytes) {
        PickleBytes in = new PickleBytes(file, bytes);
        if (!(Unpickler.read(in, new Arrays(file)) instanceof PyDict root) || in.remaining() != 0) {
            throw new FormatException(file, "not one pickled dict");
        }
        StateDictTree tree = StateDictTree.of(root, Array.class::isInstance);
        Map<String, String> skipped = new LinkedHashMap<>();
        tree.leaves().forEach((name, leaf) -> {
            if (leaf instanceof PyObject object) {
                skipped.put(name, "an " + object);
            } else if (leaf instanceof Array array && array.value == null) {
                skipped.put(name, array.reason);
            }
        });
        Map<String, ArrayData> arrays = arrays(tree.leaves());
        Checkpoint.requireArrays(file, arrays, skipped, "the pickled dict holds no numpy arrays");
        return new NumpyPickle(root, arrays, arrays(tree.beside()), skipped);
    }

    private static Map<String, ArrayData> arrays(Map<String, Object> leaves) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        leaves.forEach((name, leaf) -> {
            if (leaf instanceof Array array && array.value != null) {
                arrays.put(name, array.value);
            }
        });
        return arrays;
    }

    /// @param facts entries beside `model`
    static byte[] write(Map<String, ArrayData> arrays, Map<String, ?> facts) {
        Map<String, Object> model = new LinkedHashMap<>();
        arrays.forEach((name, array) -> model.put(name, pickled(array)));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("model", model);
        root.putAll(facts);
        return Pickler.write(root, 3);
    }

    private static Pickler.Call pickled(ArrayData array) {
        ArrayData known = array.type() == ElementType.BF16 ? array.toF32() : array;
        String code = TYPES.entrySet().stream()
                .filter(e -> e.getValue() == known.type())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        Pickler.Call dtype = new Pickler.Call(
                DTYPE,
                new PyTuple(code, false, true),
                null,
                new PyTuple(3, known.type().bytes() == 1 ? "|" : "<", null, null, null, -1, -1, 0));
        Object[] shape = java.util.Arrays.stream(known.shape()).boxed().toArray();
        byte[] elements = known.payload().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return new Pickler.Call(
                RECONSTRUCT,
                new PyTuple(NDARRAY, new PyTuple(0L), new byte[] {'b'}),
                null,
                new PyTuple(1, new PyTuple(shape), dtype, false, elements));
    }

    /// An ndarray between `_reconstruct` and BUILD.
    private static final class Array {
        private ArrayData value;
        /// Why there is none.
        private String reason = "an array without content";
    }

    private static final class Dtype {
        private final ElementType type;
        private boolean bigEndian;

        Dtype(ElementType type) {
            this.type = type;
        }
    }

    private record Arrays(String file) implements Unpickler.Host {
        @Override
        public Object persistent(Object id) {
            throw new FormatException(file, "a persistent id, which a plain pickle cannot have");
        }

        @Override
        public Object call(PyGlobal global, List<Object> arguments) {
            if (global.name().equals("_reconstruct") && MULTIARRAY.contains(global.module())) {
                return new Array();
            }
            if (global.is("numpy", "dtype")
                    && !arguments.isEmpty()
                    && arguments.getFirst() instanceof String code
                    && TYPES.containsKey(code)) {
                return new Dtype(TYPES.get(code));
            }
            // Python 3 writes bytes so in protocol 2.
            boolean encode = global.is("_codecs", "encode")
                    && arguments.size() == 2
                    && "latin1".equals(arguments.get(1))
                    && arguments.get(0) instanceof String;
            return encode ? ((String) arguments.getFirst()).getBytes(StandardCharsets.ISO_8859_1) : null;
        }

        @Override
        public Object build(Object object, Object state) {
            List<Object> s = state instanceof PyTuple tuple ? tuple.items() : List.of();
            if (object instanceof Dtype dtype && s.size() > 1) {
                dtype.bigEndian = ">".equals(s.get(1));
            } else if (object instanceof Array array && s.size() == 5) {
                if (s.get(2) instanceof Dtype dtype) {
                    array.value = array(s, dtype);
                } else {
                    array.reason = "elements of " + typeName(s.get(2)) + " are not read";
                }
            }
            return object;
        }

        private static String typeName(Object dtype) {
            boolean named = dtype instanceof PyObject object
                    && object.arguments() instanceof PyTuple arguments
                    && !arguments.items().isEmpty()
                    && arguments.items().getFirst() instanceof String;
            return named
                    ? "type "
                            + FormatException.quote((String) ((PyTuple) ((PyObject) dtype).arguments())
                                    .items()
                                    .getFirst())
                    : "a type that is not known";
        }

        /// `(version, shape, dtype, fortran order, bytes)`.
        private ArrayData array(List<Object> s, Dtype dtype) {
            boolean valid = s.get(1) instanceof PyTuple shape
                    && shape.items().size() <= 32
                    && shape.items().stream().allMatch(Long.class::isInstance);
            if (!valid || !Boolean.FALSE.equals(s.get(3)) || dtype.bigEndian || !(s.get(4) instanceof byte[] bytes)) {
                throw new FormatException(file, "a numpy array that is not little-endian in C order");
            }
            long[] dims = ((PyTuple) s.get(1))
                    .items().stream().mapToLong(d -> (Long) d).toArray();
            try {
                return ArrayData.of(dtype.type, dims, MemorySegment.ofArray(bytes));
            } catch (IllegalArgumentException e) {
                throw new FormatException(file, e.getMessage(), e);
            }
        }
    }
}
