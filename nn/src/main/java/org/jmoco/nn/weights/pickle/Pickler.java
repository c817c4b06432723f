package org.jmoco.nn.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes pickles of trees: no object is shared, so no memo is needed. Protocol 2, or 3 once bytes
/// occur.
///
/// Knows `null`, [Boolean], [Integer], [Long], [Double], [Float], [String], `byte[]`, [List], [Map]
/// and [PyDict] (a dict), [PyTuple], [PyGlobal], [Call] and [PersistentId].
public final class Pickler {
    /// A call that Python makes when it reads the pickle: `callable(*arguments)`, then list-like or
    /// dict-like content, then state.
    ///
    /// @param entries content of a dict subclass such as OrderedDict, or `null`
    /// @param state argument of BUILD, or `null`
    public record Call(PyGlobal callable, PyTuple arguments, Map<?, ?> entries, Object state) {
        public Call(PyGlobal callable, PyTuple arguments) {
            this(callable, arguments, null, null);
        }
    }

    /// An object that lives outside the pickle.
    public record PersistentId(PyTuple id) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Pickler() {}

    /// The pickle of a tree.
    ///
    /// @param protocol 2, or 3 if the tree holds bytes
    public static byte[] write(Object tree, int protocol) {
        Pickler p = new Pickler();
        p.out.write(0x80);
        p.out.write(protocol);
        p.put(tree);
        p.out.write('.');
        return p.out.toByteArray();
    }

    private void put(Object value) {
        switch (value) {
            case null -> out.write('N');
            case Boolean b -> out.write(b ? 0x88 : 0x89);
            case Integer i -> putLong(i);
            case Long l -> putLong(l);
            case Float f -> putDouble(f);
            case Double d -> putDouble(d);
            case String s -> putSized('X', s.getBytes(StandardCharsets.UTF_8));
            case byte[] b -> putSized('B', b);
            case PyTuple t -> putTuple(t);
            case List<?> l -> putList(l);
            case Map<?, ?> m -> putMap(m);
            case PyDict d -> putMap(d.entries());
            case PyGlobal g -> {
                out.write('c');
                out.writeBytes((g.module() + "\n" + g.name() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            case Call c -> putCall(c);
            case PersistentId p -> {
                putTuple(p.id());
                out.write('Q');
            }
            default ->
                throw new IllegalArgumentException(
                        "cannot pickle a " + value.getClass().getName());
        }
    }

    private void putLong(long value) {
        if (value >= 0 && value < 256) {
            out.write('K');
            out.write((int) value);
        } else if (value == (int) value) {
            out.write('J');
            out.writeBytes(little(4).putInt((int) value).array());
        } else {
            out.write(0x8a);
            out.write(8);
            out.writeBytes(little(8).putLong(value).array());
        }
    }

    private void putDouble(double value) {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    }

    private void putSized(char opcode, byte[] bytes) {
        out.write(opcode);
        out.writeBytes(little(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private void putTuple(PyTuple tuple) {
        List<Object> items = tuple.items();
        if (items.isEmpty()) {
            out.write(')');
        } else if (items.size() <= 3) {
            items.forEach(this::put);
            out.write(0x84 + items.size());
        } else {
            out.write('(');
            items.forEach(this::put);
            out.write('t');
        }
    }

    private void putList(List<?> list) {
        out.write(']');
        if (!list.isEmpty()) {
            out.write('(');
            list.forEach(this::put);
            out.write('e');
        }
    }

    private void putMap(Map<?, ?> map) {
        out.write('}');
        putEntries(map);
    }

    private void putEntries(Map<?, ?> map) {
        if (!map.isEmpty()) {
            out.write('(');
            map.forEach((key, value) -> {
                put(key);
                put(value);
            });
            out.write('u');
        }
    }

    private void putCall(Call call) {
        put(call.callable());
        putTuple(call.arguments());
        out.write('R');
        if (call.entries() != null) {
            putEntries(call.entries());
        }
        if (call.state() != null) {
            put(call.state());
            out.write('b');
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
