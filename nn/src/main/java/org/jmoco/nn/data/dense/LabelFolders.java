package org.jmoco.nn.data.dense;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.ClassList;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;

/// Segmentation in two folders: the label map of `images/a/b.jpg` is `labels/a/b.png`, a class number for every pixel.
///
/// Parts are `images/train` and `labels/train`, or `train/images` and `train/labels`; test parts are called `val`,
/// `validation` or `test`. Without parts everything is trained on. A file `classes.txt` in the data set's folder names
/// the classes, a line each.
public final class LabelFolders {
    private static final String IMAGES = "images";
    private static final String LABELS = "labels";

    private LabelFolders() {}

    /// Where the images and the label maps of a part lie.
    record Part(Path images, Path labels) {}

    /// Reads a part.
    ///
    /// @param classes how many; 0 for those in `classes.txt`
    /// @throws DataException if the part is missing, the classes are not known, or an image has no label map or a
    ///     label map no image
    static ImageFiles read(Path root, Split split, int classes, ImageDecoder decoder) {
        Part part = part(root, split)
                .orElseThrow(() -> new DataException(root + ": has no " + split + " part: " + IMAGES + "/"
                        + names(split).getFirst() + " beside " + LABELS + "/"
                        + names(split).getFirst()));
        return read(part.images, part.labels, classes(root, classes), decoder);
    }

    /// Reads a folder of images and one of label maps.
    ///
    /// @throws DataException as above
    public static ImageFiles read(Path images, Path labels, List<String> classes, ImageDecoder decoder) {
        ImageFiles found = ImageFolder.of(images);
        ImageFiles drawn = ImageFolder.of(labels);
        List<Path> files =
                IntStream.range(0, found.size()).mapToObj(found::file).toList();
        List<Path> maps = files.stream()
                .map(file -> labels.resolve(stem(images, file) + ".png"))
                .toList();
        Set<Path> there = new HashSet<>();
        IntStream.range(0, drawn.size()).forEach(i -> there.add(drawn.file(i)));
        requirePartners(
                files,
                IntStream.range(0, files.size()).filter(i -> !there.contains(maps.get(i))),
                i -> "has no label map " + maps.get(i));
        Set<Path> used = new HashSet<>(maps);
        List<Path> all = IntStream.range(0, drawn.size()).mapToObj(drawn::file).toList();
        requirePartners(
                all,
                IntStream.range(0, all.size()).filter(i -> !used.contains(all.get(i))),
                i -> "is a label map without an image " + stem(labels, all.get(i)) + " in " + images);
        LabelPng reader = LabelPng.ofClasses(classes.size());
        return ImageFiles.reading(files, Target.Kind.LABEL_MAP, i -> reader.read(maps.get(i), decoder), classes)
                .withLeftOut(found.leftOut())
                .with(decoder);
    }

    private static void requirePartners(List<Path> files, IntStream alone, IntFunction<String> whatIsWrong) {
        int[] missing = alone.toArray();
        if (missing.length > 0) {
            String more = missing.length == 1 ? "" : " (and " + (missing.length - 1) + " more)";
            throw new DataException(files.get(missing[0]) + ": " + whatIsWrong.apply(missing[0]) + more);
        }
    }

    /// A file's place below a folder, without the extension.
    private static String stem(Path folder, Path file) {
        String name = folder.relativize(file).toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    /// The classes' names; their numbers where only how many there are is known.
    private static List<String> classes(Path root, int count) {
        Path file = root.resolve("classes.txt");
        if (!Files.exists(file)) {
            if (count == 0) {
                throw new DataException(file + ": no such file; write the names of the classes, a line each in the"
                        + " order of their numbers, or say how many there are (data.classes)");
            }
            return IntStream.range(0, count).mapToObj(String::valueOf).toList();
        }
        List<String> names = new ArrayList<>(ClassList.read(file));
        if (count != 0 && count != names.size()) {
            throw new DataException(file + ": names " + names.size() + " classes, data.classes says " + count);
        }
        return names;
    }

    /// Where a part lies, if it is there.
    static Optional<Part> part(Path root, Split split) {
        for (String name : names(split)) {
            for (Part part : new Part[] {
                new Part(
                        root.resolve(IMAGES).resolve(name), root.resolve(LABELS).resolve(name)),
                new Part(root.resolve(name).resolve(IMAGES), root.resolve(name).resolve(LABELS))
            }) {
                if (isThere(part)) {
                    return Optional.of(part);
                }
            }
        }
        Part whole = new Part(root.resolve(IMAGES), root.resolve(LABELS));
        boolean parted = split == Split.TEST || part(root, Split.TEST).isPresent();
        return parted || !isThere(whole) ? Optional.empty() : Optional.of(whole);
    }

    private static boolean isThere(Part part) {
        return Files.isDirectory(part.images) && Files.isDirectory(part.labels);
    }

    private static List<String> names(Split split) {
        return split == Split.TRAIN ? List.of("train", "training") : List.of("val", "validation", "test", "testing");
    }
}
