package org.jmoco.nn.data.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jmoco.nn.data.DataException;

/// The IDX files of MNIST (LeCun et al. 1998) and Fashion-MNIST (Xiao et al. 2017), plain or gzipped. Gray is
/// replicated to RGB.
public final class Idx {
    public static final List<String> MNIST_CLASSES =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    public static final List<String> FASHION_CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /// IDX files do not name their classes; this file beside them may.
    public static final String CLASSES_FILE = "classes.txt";

    private static final String TRAIN = "train";
    private static final String TEST = "t10k";
    private static final int IMAGES_MAGIC = 0x0803;
    private static final int LABELS_MAGIC = 0x0801;

    /// Deflate makes at most this many bytes of one.
    private static final long MAX_INFLATION = 1032;

    private Idx() {}

    /// `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, each perhaps with `.gz`.
    ///
    /// @throws DataException if a file is missing, truncated, too long, of another kind, or the labels do not fit
    public static InMemoryImages train(Path folder, List<String> classes) {
        return read(folder, TRAIN, classes);
    }

    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`.
    ///
    /// @throws DataException as [#train]
    public static InMemoryImages test(Path folder, List<String> classes) {
        return read(folder, TEST, classes);
    }

    /// Whether a folder holds the images.
    static boolean isIn(Path folder, Split split) {
        return Files.exists(plainOrPacked(folder, (split == Split.TRAIN ? TRAIN : TEST) + "-images-idx3-ubyte"));
    }

    /// The class names in a folder's `classes.txt`, one a line; without that file the ten digits.
    ///
    /// @throws DataException if the file cannot be read
    public static List<String> classNames(Path folder) {
        Path file = folder.resolve(CLASSES_FILE);
        return Files.exists(file)
                ? DataFiles.lines(file).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList()
                : MNIST_CLASSES;
    }

    private static InMemoryImages read(Path folder, String part, List<String> classes) {
        DataFiles.requireFolder(folder);
        return read(
                plainOrPacked(folder, part + "-images-idx3-ubyte"),
                plainOrPacked(folder, part + "-labels-idx1-ubyte"),
                classes);
    }

    /// Reads one pair of files.
    ///
    /// @throws DataException as [#train]
    public static InMemoryImages read(Path imageFile, Path labelFile, List<String> classes) {
        Content images = content(imageFile, IMAGES_MAGIC, 3);
        Content labels = content(labelFile, LABELS_MAGIC, 1);
        int count = images.sizes[0];
        if (labels.sizes[0] != count) {
            throw new DataException(
                    imageFile + ": has " + count + " images, but " + labelFile + " has " + labels.sizes[0] + " labels");
        }
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = labels.values[i] & 0xFF;
            if (numbers[i] >= classes.size()) {
                throw new DataException(
                        labelFile + ": label " + i + " is " + numbers[i] + ", not 0 … " + (classes.size() - 1));
            }
        }
        String name = imageFile.getFileName().toString();
        return new InMemoryImages(name, images.sizes[2], images.sizes[1], 1, images.values, numbers, classes);
    }

    private record Content(int[] sizes, byte[] values) {}

    private static Path plainOrPacked(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        return !Files.exists(plain) && Files.exists(packed) ? packed : plain;
    }

    private static Content content(Path file, int magic, int dimensions) {
        byte[] bytes = DataFiles.bytes(file);
        boolean packed = bytes.length > 1 && bytes[0] == 0x1F && bytes[1] == (byte) 0x8B;
        try (InputStream in =
                packed ? new GZIPInputStream(new ByteArrayInputStream(bytes)) : new ByteArrayInputStream(bytes)) {
            byte[] header = in.readNBytes(4 + 4 * dimensions);
            ByteBuffer fields = ByteBuffer.wrap(header);
            if (header.length < 4 || fields.getInt() != magic) {
                throw new DataException(String.format(
                        "%s: its first four bytes are not 0x%08X: no IDX file of unsigned bytes in %d dimensions",
                        file, magic, dimensions));
            }
            if (header.length < 4 + 4 * dimensions) {
                throw new DataException(file + ": is truncated in its header");
            }
            int[] sizes = new int[dimensions];
            long total = 1;
            for (int d = 0; d < dimensions; d++) {
                sizes[d] = fields.getInt();
                // Checked at every step: the product of three sizes can overflow.
                total = sizes[d] <= 0 ? -1 : total * sizes[d];
                if (total <= 0 || total > (packed ? MAX_INFLATION : 1) * bytes.length) {
                    throw new DataException(file + ": is truncated, or its sizes are wrong");
                }
            }
            byte[] values = in.readNBytes((int) Math.min(total, Integer.MAX_VALUE - 8));
            if (values.length != total || in.read() >= 0) {
                throw new DataException(file + ": is truncated, or longer than its sizes say");
            }
            return new Content(sizes, values);
        } catch (IOException e) {
            throw new DataException(file + ": is corrupt (" + e.getMessage() + ")", e);
        }
    }
}
