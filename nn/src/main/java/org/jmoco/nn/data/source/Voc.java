package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;

/// The image sets of PASCAL VOC (Everingham et al. 2010), such as VOC2007 `trainval`: images with, for each class,
/// whether the class is in it ([Target.Classes]).
public final class Voc {
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

    private static final List<Integer> YEARS = List.of(2007, 2012);
    private static final String MAIN = "ImageSets/Main";

    private Voc() {}

    /// Reads `ImageSets/Main/<class>_<set>.txt` of all twenty classes: images sorted by id.
    ///
    /// VOC writes 1 for present, −1 for absent and 0 for difficult; here, as in the published benchmarks, they
    /// are 1, 0 and −1, which is also that of an image that a class's list does not have.
    ///
    /// @param folder the year's folder, such as `VOCdevkit/VOC2007`   @param set such as `trainval` or `test`
    /// @throws DataException if a list or an image is missing, or a line is not `id −1|0|1`
    public static ImageFiles read(Path folder, String set) {
        Path lists = DataFiles.requireFolder(folder).resolve(MAIN);
        Map<String, byte[]> rows = new TreeMap<>();
        for (int c = 0; c < CLASSES.size(); c++) {
            readClass(lists.resolve(CLASSES.get(c) + "_" + set + ".txt"), c, rows);
        }
        if (rows.isEmpty()) {
            throw new DataException(lists + ": the lists of '" + set + "' are empty");
        }
        List<String> ids = List.copyOf(rows.keySet());
        return images(folder, ids, lists, new Targets.Rows(List.copyOf(rows.values())), CLASSES)
                .withLeftOut(unlisted(lists.resolve(set + ".txt"), rows.keySet()));
    }

    /// Images of the set that no class's list has.
    private static List<LeftOut> unlisted(Path set, Set<String> known) {
        List<String> unknown = Files.exists(set)
                ? ids(set).stream().filter(id -> !known.contains(id)).toList()
                : List.of();
        return unknown.isEmpty()
                ? List.of()
                : List.of(new LeftOut(LeftOut.Reason.UNLISTED, unknown.size(), unknown.getFirst()));
    }

    /// The images of a set that is a plain list of ids, `ImageSets/Main/<set>.txt` or another folder's, in the
    /// list's order, without targets.
    ///
    /// @throws DataException if the list or an image is missing, or the list is empty
    public static ImageFiles listed(Path folder, String list) {
        Path file = DataFiles.requireFolder(folder).resolve("ImageSets").resolve(list + ".txt");
        List<String> ids = ids(file);
        if (ids.isEmpty()) {
            throw new DataException(file + ": lists no image");
        }
        return images(folder, ids, file, new Targets.Unknown(), List.of());
    }

    /// The ids in a list of an image set, a line each, in its order.
    ///
    /// @throws DataException if the file is missing or a line is no id
    public static List<String> ids(Path file) {
        List<String> ids = new ArrayList<>();
        for (String line : DataFiles.lines(file)) {
            if (!line.isBlank()) {
                ids.add(requireId(line.strip(), file));
            }
        }
        return ids;
    }

    /// What a part is called here.
    static String set(Split split) {
        return split == Split.TRAIN ? "trainval" : "test";
    }

    /// Whether there are lists of a part.
    static boolean has(Path folder, Split split) {
        return hasClasses(folder, split) || Files.exists(folder.resolve(MAIN).resolve(set(split) + ".txt"));
    }

    private static boolean hasClasses(Path folder, Split split) {
        return Files.exists(folder.resolve(MAIN).resolve(CLASSES.getFirst() + "_" + set(split) + ".txt"));
    }

    /// A part with its classes, or without targets where there are no lists of classes.
    static ImageFiles open(Path folder, Split split) {
        return hasClasses(folder, split) ? read(folder, set(split)) : listed(folder, "Main/" + set(split));
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
                case "1" -> Target.Classes.PRESENT;
                case "-1" -> Target.Classes.ABSENT;
                case "0" -> Target.Classes.IGNORED;
                default -> throw new DataException(place + ": the label must be −1, 0 or 1");
            };
            rows.computeIfAbsent(requireId(words[0], file), id -> {
                byte[] row = new byte[CLASSES.size()];
                Arrays.fill(row, Target.Classes.IGNORED);
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

    private static ImageFiles images(Path folder, List<String> ids, Path list, Targets targets, List<String> classes) {
        return new ImageFiles(images(folder, ids, list), targets, classes).withIds(ids);
    }

    /// The files `JPEGImages/<id>.jpg`, or all with `.png` where the first image is one.
    ///
    /// @param list that names the images, for messages
    /// @throws DataException if a file is missing
    public static List<Path> images(Path folder, List<String> ids, Path list) {
        Path place = folder.resolve("JPEGImages");
        boolean png = !ids.isEmpty()
                && !Files.exists(place.resolve(ids.getFirst() + ".jpg"))
                && Files.exists(place.resolve(ids.getFirst() + ".png"));
        List<Path> files = ids.stream()
                .map(id -> place.resolve(id + (png ? ".png" : ".jpg")))
                .toList();
        DataFiles.requireFiles(files, i -> list + ": image " + ids.get(i));
        return files;
    }

    /// The names of the object classes in the order of their numbers: those in a file `classes.txt` beside
    /// `JPEGImages`, a line each, or else [#CLASSES].
    ///
    /// @throws DataException if the file is no list of different names
    public static List<String> classes(Path folder) {
        Path file = folder.resolve("classes.txt");
        return Files.exists(file) ? ClassList.read(file) : CLASSES;
    }

    /// The year's folder in what a user may name: it, a `VOCdevkit` that holds it, or the folder that holds that.
    ///
    /// @throws DataException if none of them has `ImageSets`
    public static Path folder(Path given, int year) {
        return find(given, year)
                .orElseThrow(() -> new DataException(
                        given + ": holds no VOC" + year + " (a folder with ImageSets and JPEGImages)"));
    }

    /// The folder of the earliest year in what a user may name.
    public static Optional<Path> find(Path given) {
        return YEARS.stream().flatMap(year -> find(given, year).stream()).findFirst();
    }

    /// The folders of all years in what a user may name, the earliest first.
    public static List<Path> years(Path given) {
        return YEARS.stream()
                .flatMap(year -> find(given, year).stream())
                .distinct()
                .toList();
    }

    private static Optional<Path> find(Path given, int year) {
        return Stream.of("", "VOC" + year, "VOCdevkit/VOC" + year)
                .map(given::resolve)
                .filter(place -> Files.isDirectory(place.resolve("ImageSets")))
                .findFirst();
    }
}
