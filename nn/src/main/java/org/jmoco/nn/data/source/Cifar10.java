package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// CIFAR-10 (Krizhevsky, "Learning multiple layers of features from tiny images", 2009) in its official binary
/// form: records of a label byte, then 1,024 bytes each of red, green and blue.
public final class Cifar10 {
    /// Class names by label.
    public static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /// The official files: five of training images, one of test images.
    public static final List<String> TRAIN_FILES = IntStream.rangeClosed(1, 5)
            .mapToObj(i -> "data_batch_" + i + ".bin")
            .toList();

    public static final List<String> TEST_FILES = List.of("test_batch.bin");

    static final int SIDE = 32;
    static final int PLANE = SIDE * SIDE;
    static final int RECORD_BYTES = 1 + 3 * PLANE;

    private static final String OFFICIAL_FOLDER = "cifar-10-batches-bin";

    private Cifar10() {}

    /// The training images, 50,000 in the official files.
    ///
    /// @param folder holds the `.bin` files, or the official archive's folder of them
    /// @throws DataException if a file is missing, has no whole records, or a label above 9
    public static InMemoryImages train(Path folder) {
        return read(folder, TRAIN_FILES, "cifar10 train");
    }

    /// The test images, 10,000 in the official file.
    ///
    /// @throws DataException as [#train]
    public static InMemoryImages test(Path folder) {
        return read(folder, TEST_FILES, "cifar10 test");
    }

    /// Whether a folder, or the official archive's folder in it, holds the first of the files.
    static boolean isIn(Path folder, Split split) {
        String first = (split == Split.TRAIN ? TRAIN_FILES : TEST_FILES).getFirst();
        return Files.exists(folder.resolve(first))
                || Files.exists(folder.resolve(OFFICIAL_FOLDER).resolve(first));
    }

    private static InMemoryImages read(Path folder, List<String> names, String name) {
        Path inner = DataFiles.requireFolder(folder).resolve(OFFICIAL_FOLDER);
        Path place = Files.isDirectory(inner) ? inner : folder;
        List<byte[]> files =
                names.stream().map(file -> records(place.resolve(file))).toList();
        int count = files.stream().mapToInt(file -> file.length / RECORD_BYTES).sum();
        byte[] pixels = new byte[Math.multiplyExact(count, 3 * PLANE)];
        int[] labels = new int[count];
        int image = 0;
        for (int f = 0; f < files.size(); f++) {
            byte[] file = files.get(f);
            for (int record = 0; record < file.length; record += RECORD_BYTES, image++) {
                labels[image] = file[record] & 0xFF;
                if (labels[image] >= CLASSES.size()) {
                    throw new DataException(place.resolve(names.get(f)) + ": record " + record / RECORD_BYTES
                            + " has the label " + labels[image] + ", not 0 … 9: is this CIFAR-10's binary version?");
                }
                interleave(file, record + 1, pixels, image * 3 * PLANE);
            }
        }
        return new InMemoryImages(name, SIDE, SIDE, 3, pixels, labels, CLASSES);
    }

    private static byte[] records(Path file) {
        byte[] bytes = DataFiles.bytes(file);
        if (bytes.length == 0 || bytes.length % RECORD_BYTES != 0) {
            throw new DataException(file + ": " + bytes.length + " bytes are not a whole number of records of "
                    + RECORD_BYTES + " bytes: the file is cut short, or not CIFAR-10's binary version");
        }
        return bytes;
    }

    /// Planes of red, green and blue to pixels.
    static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int i = 0; i < PLANE; i++) {
            pixels[to + 3 * i] = planes[from + i];
            pixels[to + 3 * i + 1] = planes[from + PLANE + i];
            pixels[to + 3 * i + 2] = planes[from + 2 * PLANE + i];
        }
    }

    /// Writes images of 32×32 pixels as a file of official records.
    public static byte[] toRecords(byte[] pixels, int[] labels) {
        byte[] file = new byte[labels.length * RECORD_BYTES];
        for (int image = 0; image < labels.length; image++) {
            int to = image * RECORD_BYTES;
            file[to] = (byte) labels[image];
            for (int i = 0; i < PLANE; i++) {
                for (int c = 0; c < 3; c++) {
                    file[to + 1 + c * PLANE + i] = pixels[3 * (image * PLANE + i) + c];
                }
            }
        }
        return file;
    }
}
