package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;

/// One image set of PASCAL VOC (Everingham et al. 2010), such as VOC2007 `trainval`: images sorted by id, and for
/// each image and class whether the class is in it.
///
/// @param ids image ids, sorted
/// @param images `JPEGImages/<id>.jpg` of each, without single labels
/// @param targets `[n][20]`: [#PRESENT], [#ABSENT] or [#IGNORED] (difficult, or not listed)
public record Voc(List<String> ids, ImageFiles images, List<byte[]> targets) {
    /// Alphabetical, the order of the target columns.
    public static final List<String> CLASSES = List.of(
            "aeroplane",
            "bicycle",
            "bird",
            "boat",
            "bottle",
            "bus",
            "car",
            "cat",
            "chair",
            "cow",
            "diningtable",
            "dog",
            "horse",
            "motorbike",
            "person",
            "pottedplant",
            "sheep",
            "sofa",
            "train",
            "tvmonitor");

    public static final byte PRESENT = 1;
    public static final byte ABSENT = 0;
    public static final byte IGNORED = -1;

    /// Reads `ImageSets/Main/<class>_<set>.txt` of all twenty classes.
    ///
    /// VOC writes 1 for present, −1 for absent and 0 for difficult; here, as in the published benchmarks, they
    /// are 1, 0 and −1.
    ///
    /// @param folder the year's folder, such as `VOCdevkit/VOC2007`   @param set such as `trainval` or `test`
    /// @throws DataException if a list or an image is missing, or a line is not `id −1|0|1`
    public static Voc read(Path folder, String set) {
        Path lists = DataFiles.requireFolder(folder).resolve("ImageSets/Main");
        Map<String, byte[]> rows = new TreeMap<>();
        for (int c = 0; c < CLASSES.size(); c++) {
            readClass(lists.resolve(CLASSES.get(c) + "_" + set + ".txt"), c, rows);
        }
        if (rows.isEmpty()) {
            throw new DataException(lists + ": the lists of '" + set + "' are empty");
        }
        List<String> ids = List.copyOf(rows.keySet());
        return new Voc(ids, images(folder, ids, lists), List.copyOf(rows.values()));
    }

    /// The images of a set that is a plain list of ids, `ImageSets/Main/<set>.txt` or another folder's, in the
    /// list's order.
    ///
    /// @throws DataException if the list or an image is missing, or the list is empty
    public static ImageFiles listed(Path folder, String list) {
        Path file = DataFiles.requireFolder(folder).resolve("ImageSets").resolve(list + ".txt");
        List<String> ids = new ArrayList<>();
        for (String line : DataFiles.lines(file)) {
            if (!line.isBlank()) {
                ids.add(requireId(line.strip(), file));
            }
        }
        if (ids.isEmpty()) {
            throw new DataException(file + ": lists no image");
        }
        return images(folder, ids, file);
    }

    private static void readClass(Path file, int column, Map<String, byte[]> rows) {
        List<String> lines = DataFiles.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String[] words = lines.get(i).strip().split("\\s+");
            String place = file + ":" + (i + 1);
            if (words.length != 2) {
                throw new DataException(place + ": expected 'id −1|0|1', got " + words.length + " words");
            }
            byte target = switch (words[1]) {
                case "1" -> PRESENT;
                case "-1" -> ABSENT;
                case "0" -> IGNORED;
                default -> throw new DataException(place + ": the label must be −1, 0 or 1");
            };
            rows.computeIfAbsent(requireId(words[0], file), id -> {
                byte[] row = new byte[CLASSES.size()];
                Arrays.fill(row, IGNORED);
                return row;
            })[column] = target;
        }
    }

    /// Ids become file names: nothing but letters, digits, `_` and `-`.
    private static String requireId(String id, Path file) {
        if (!id.matches("[\\w-]{1,64}")) {
            throw new DataException(file + ": an image id may have letters, digits, '_' and '-' only");
        }
        return id;
    }

    private static ImageFiles images(Path folder, List<String> ids, Path list) {
        List<Path> files = ids.stream()
                .map(id -> folder.resolve("JPEGImages/" + id + ".jpg"))
                .toList();
        DataFiles.requireFiles(files, i -> list + ": image " + ids.get(i));
        int[] labels = new int[ids.size()];
        Arrays.fill(labels, ImageSource.NO_LABEL);
        return new ImageFiles(files, labels, List.of(), ImageDecoder.STANDARD);
    }

    /// The year's folder in what a user may name: it, a `VOCdevkit` that holds it, or the folder that holds that.
    ///
    /// @throws DataException if none of them has `ImageSets`
    public static Path folder(Path given, int year) {
        return find(given, year)
                .orElseThrow(() -> new DataException(
                        given + ": holds no VOC" + year + " (a folder with ImageSets and JPEGImages)"));
    }

    static Optional<Path> find(Path given, int year) {
        return Stream.of("", "VOC" + year, "VOCdevkit/VOC" + year)
                .map(given::resolve)
                .filter(place -> Files.isDirectory(place.resolve("ImageSets")))
                .findFirst();
    }
}
