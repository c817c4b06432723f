package org.jmoco.nn.weights.torch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.weights.pickle.PickleBytes;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.Unpickler;
import org.jmoco.tensor.io.FormatException;

/// The container of PyTorch before 1.6: five pickles (magic number, protocol version, machine,
/// object, storage keys), then for each key an element count and the raw elements.
final class TorchLegacy {
    private static final byte[] START = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;

    private TorchLegacy() {}

    static boolean matches(MemorySegment file) {
        return file.byteSize() >= START.length
                && Arrays.equals(file.asSlice(0, START.length).toArray(JAVA_BYTE), START);
    }

    static Object read(String file, MemorySegment bytes) {
        PickleBytes in = new PickleBytes(file, bytes);
        TorchObjects objects = new TorchObjects(file);
        require(MAGIC.equals(Unpickler.read(in, objects)), file, "the magic number is missing");
        require(Long.valueOf(PROTOCOL).equals(Unpickler.read(in, objects)), file, "the protocol is not " + PROTOCOL);
        boolean little = Unpickler.read(in, objects) instanceof PyDict machine
                && Boolean.TRUE.equals(machine.get("little_endian"));
        require(little, file, "not written on a little-endian machine");
        Object root = Unpickler.read(in, objects);
        if (!(Unpickler.read(in, objects) instanceof List<?> keys)) {
            throw new FormatException(file, "the list of storage keys is missing");
        }
        bind(file, in, keys, objects);
        return root;
    }

    private static void bind(String file, PickleBytes in, List<?> keys, TorchObjects objects) {
        Set<TorchStorage> unbound = new LinkedHashSet<>(objects.storages().values());
        Map<String, Integer> foreign = new HashMap<>(objects.foreign());
        for (Object key : keys) {
            long count = in.i64();
            TorchStorage storage = key instanceof String k ? objects.storages().get(k) : null;
            Integer skipped = key instanceof String k ? foreign.remove(k) : null;
            if (skipped == null && (storage == null || !unbound.remove(storage))) {
                throw new FormatException(file, "an unknown or repeated storage key " + quote(key));
            }
            require(
                    skipped != null || count == storage.count(),
                    file,
                    "storage " + quote(key) + " has another number of elements than its tensors expect");
            int width = skipped != null ? skipped : storage.type().bytes();
            require(count >= 0 && count <= in.remaining() / width, file, "storage " + quote(key) + " is truncated");
            MemorySegment elements = in.slice(count * width);
            if (skipped == null) {
                storage.bind(elements);
            }
        }
        if (!unbound.isEmpty()) {
            throw new FormatException(
                    file,
                    "no elements for storage " + quote(unbound.iterator().next().key()));
        }
        require(in.remaining() == 0, file, in.remaining() + " bytes follow the last storage");
        objects.views().forEach((view, part) -> {
            int width = view.type().bytes();
            view.bind(part.root().bytes().asSlice(part.offset() * width, view.count() * width));
        });
    }

    private static String quote(Object key) {
        return key instanceof String k ? FormatException.quote(k) : "that is not a string";
    }

    private static void require(boolean condition, String file, String problem) {
        if (!condition) {
            throw new FormatException(file, problem);
        }
    }
}
