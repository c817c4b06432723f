package org.jmoco.nn.data.dense;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataFiles;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;

/// Cityscapes (Cordts et al., "The Cityscapes dataset for semantic urban scene understanding", 2016): images
/// `leftImg8bit/<part>/<city>/<name>_leftImg8bit.png` with the label maps `gtFine/<part>/<city>/<name>_gtFine_….png`:
/// `labelTrainIds`, which Cityscapes' scripts make, or else `labelIds`, as they are downloaded.
public final class Cityscapes {
    /// The classes that are evaluated, by their train ids.
    public static final List<String> CLASSES = List.of(
            "road",
            "sidewalk",
            "building",
            "wall",
            "fence",
            "pole",
            "traffic light",
            "traffic sign",
            "vegetation",
            "terrain",
            "sky",
            "person",
            "rider",
            "car",
            "truck",
            "bus",
            "train",
            "motorcycle",
            "bicycle");

    /// The ids of these classes among the 34 of `labelIds`.
    private static final int[] IDS = {7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33};

    private static final int ALL_IDS = 34;
    private static final String IMAGES = "leftImg8bit";
    private static final String IMAGE_ENDS = "_leftImg8bit.png";
    private static final String TRAIN_IDS_END = "_gtFine_labelTrainIds.png";
    private static final String IDS_END = "_gtFine_labelIds.png";

    private Cityscapes() {}

    /// The images of a part with the finely drawn label maps.
    ///
    /// @param root holds `leftImg8bit` and `gtFine`   @param part `train` or `val`
    /// @throws DataException if there is no image, one is named otherwise, or an image has no label map or a label
    ///     map no image
    public static ImageFiles read(Path root, String part, ImageDecoder decoder) {
        Path folder = DataFiles.requireFolder(root.resolve(IMAGES).resolve(part));
        Path labels = DataFiles.requireFolder(root.resolve("gtFine").resolve(part));
        ImageFiles found = ImageFolder.of(folder);
        Set<String> stems = new HashSet<>();
        List<Path> images = new ArrayList<>();
        List<Path> trainIds = new ArrayList<>();
        List<Path> ids = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Path image = found.file(i);
            if (!image.toString().endsWith(IMAGE_ENDS)) {
                throw new DataException(image + ": is no image of Cityscapes, whose names end in " + IMAGE_ENDS);
            }
            String stem = stem(folder, image, IMAGE_ENDS);
            stems.add(stem);
            images.add(image);
            trainIds.add(labels.resolve(stem + TRAIN_IDS_END));
            ids.add(labels.resolve(stem + IDS_END));
        }
        boolean numbered = Files.exists(trainIds.getFirst());
        List<Path> maps = numbered ? trainIds : ids;
        DataFiles.requireFiles(maps, i -> images.get(i) + ": the label map is missing");
        requireImages(folder, stems, labels, numbered ? TRAIN_IDS_END : IDS_END);
        LabelPng reader = numbered ? LabelPng.ofClasses(CLASSES.size()) : LabelPng.ofIds(ALL_IDS, IDS);
        return ImageFiles.reading(images, Target.Kind.LABEL_MAP, i -> reader.read(maps.get(i), decoder), CLASSES)
                .withLeftOut(found.leftOut())
                .with(decoder);
    }

    /// An image that is not there would be missed by nobody otherwise.
    private static void requireImages(Path images, Set<String> stems, Path labels, String end) {
        ImageFiles drawn = ImageFolder.of(labels);
        List<Path> alone = IntStream.range(0, drawn.size())
                .mapToObj(drawn::file)
                .filter(map -> map.toString().endsWith(end) && !stems.contains(stem(labels, map, end)))
                .toList();
        if (!alone.isEmpty()) {
            Path first = alone.getFirst();
            throw new DataException(first + ": is a label map without an image "
                    + images.resolve(stem(labels, first, end) + IMAGE_ENDS)
                    + (alone.size() == 1 ? "" : " (and " + (alone.size() - 1) + " more)"));
        }
    }

    /// A file's place below a folder, without the end of its name.
    private static String stem(Path folder, Path file, String end) {
        String name = folder.relativize(file).toString();
        return name.substring(0, name.length() - end.length());
    }

    static boolean has(Path root, Split split) {
        return Files.isDirectory(root.resolve(IMAGES).resolve(part(split)));
    }

    static String part(Split split) {
        return split == Split.TRAIN ? "train" : "val";
    }
}
