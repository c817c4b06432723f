package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.DataException;

/// CIFAR-100 (Krizhevsky, "Learning multiple layers of features from tiny images", 2009) in its official binary
/// form: records of a byte for the superclass, one for the class, then 1,024 bytes each of red, green and blue.
final class Cifar100 {
    static final int CLASSES = 100;

    /// The class names, a line each, in the order of their numbers.
    static final String NAMES = "fine_label_names.txt";

    private static final int LABELS = 2;
    private static final int RECORD_BYTES = LABELS + 3 * Cifar10.PLANE;
    private static final String OFFICIAL_FOLDER = "cifar-100-binary";

    private Cifar100() {}

    private static String file(Split split) {
        return split + ".bin";
    }

    /// Whether a folder, or the official archive's folder in it, holds a part.
    static boolean isIn(Path folder, Split split) {
        Path place = place(folder);
        return Files.exists(place.resolve(file(split))) && Files.exists(place.resolve(NAMES));
    }

    private static Path place(Path folder) {
        Path inner = folder.resolve(OFFICIAL_FOLDER);
        return Files.isDirectory(inner) ? inner : folder;
    }

    /// The images of a part with their classes, of which there are 100; the superclasses are passed over.
    ///
    /// @throws DataException if a file is missing, has no whole records, or a label above 99
    static InMemoryImages open(Path folder, Split split) {
        Path place = place(DataFiles.requireFolder(folder));
        Path file = place.resolve(file(split));
        List<String> names = ClassList.read(place.resolve(NAMES));
        if (names.size() != CLASSES) {
            throw new DataException(place.resolve(NAMES) + ": has " + names.size() + " names, not " + CLASSES);
        }
        byte[] records = DataFiles.bytes(file);
        if (records.length == 0 || records.length % RECORD_BYTES != 0) {
            throw new DataException(file + ": " + records.length + " bytes are not a whole number of records of "
                    + RECORD_BYTES + " bytes: the file is cut short, or not CIFAR-100's binary version");
        }
        int count = records.length / RECORD_BYTES;
        byte[] pixels = new byte[count * 3 * Cifar10.PLANE];
        int[] labels = new int[count];
        for (int image = 0; image < count; image++) {
            int record = image * RECORD_BYTES;
            labels[image] = records[record + 1] & 0xFF;
            if (labels[image] >= CLASSES) {
                throw new DataException(file + ": record " + image + " has the label " + labels[image]
                        + ", not 0 … 99: is this CIFAR-100's binary version?");
            }
            Cifar10.interleave(records, record + LABELS, pixels, image * 3 * Cifar10.PLANE);
        }
        return new InMemoryImages("cifar100 " + split, Cifar10.SIDE, Cifar10.SIDE, 3, pixels, labels, names);
    }
}
