package org.jmoco.nn.weights.torch;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jmoco.nn.weights.pickle.PickleBytes;
import org.jmoco.nn.weights.pickle.Unpickler;
import org.jmoco.tensor.io.FormatException;

/// The zip container, PyTorch's default since 1.6: one folder of any name with `data.pkl`, a stored
/// entry `data/KEY` for each storage, and perhaps `byteorder`.
final class TorchZip {
    private static final String PICKLE = "data.pkl";

    private TorchZip() {}

    static boolean matches(MemorySegment file) {
        return StoredZip.matches(file);
    }

    static Object read(String file, MemorySegment bytes) {
        StoredZip zip = StoredZip.parse(file, bytes);
        String folder = folder(file, zip.entries());
        requireLittleEndian(file, zip, folder);
        TorchObjects objects = new TorchObjects(file);
        Object root = Unpickler.read(new PickleBytes(file, zip.content(folder + PICKLE)), objects);
        for (TorchStorage storage : objects.storages().values()) {
            MemorySegment content = zip.content(folder + "data/" + storage.key());
            if (content.byteSize() / storage.type().bytes() < storage.count()) {
                throw new FormatException(
                        file,
                        "storage "
                                + FormatException.quote(storage.key())
                                + " has "
                                + content.byteSize()
                                + " bytes for "
                                + storage.count()
                                + " elements "
                                + storage.type());
            }
            storage.bind(content.asSlice(0, storage.count() * storage.type().bytes()));
        }
        if (!objects.views().isEmpty()) {
            throw new FormatException(file, "a storage view, which only the legacy container has");
        }
        return root;
    }

    /// The folder of the only `FOLDER/data.pkl`, with its slash.
    private static String folder(String file, Map<String, ?> entries) {
        String found = null;
        for (String name : entries.keySet()) {
            int slash = name.indexOf('/');
            if (slash >= 0 && name.substring(slash + 1).equals(PICKLE)) {
                if (found != null) {
                    throw new FormatException(file, "two folders with " + PICKLE);
                }
                found = name.substring(0, slash + 1);
            }
        }
        if (found == null) {
            String first = entries.isEmpty()
                    ? "nothing"
                    : FormatException.quote(entries.keySet().iterator().next());
            throw new FormatException(
                    file,
                    first.endsWith(".npy\"")
                            ? "numpy arrays in a zip file (npz); write the state dict as safetensors instead"
                            : "a zip file of " + first + " and no FOLDER/" + PICKLE + "; not written by torch.save");
        }
        if (entries.containsKey(found + "constants.pkl")) {
            throw new FormatException(
                    file, "a TorchScript archive; save the model's state_dict with torch.save instead");
        }
        return found;
    }

    private static void requireLittleEndian(String file, StoredZip zip, String folder) {
        if (zip.entries().containsKey(folder + "byteorder")) {
            MemorySegment content = zip.content(folder + "byteorder");
            String order = content.byteSize() > 16 ? "?" : text(content);
            if (!order.equals("little")) {
                throw new FormatException(
                        file, "byte order " + FormatException.quote(order) + "; only little is supported");
            }
        }
    }

    private static String text(MemorySegment content) {
        return new String(content.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8).strip();
    }
}
