package org.jmoco.nn.data.dense;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataFiles;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.data.source.Voc;

/// Segmentation in the layout of PASCAL VOC: `ImageSets/Segmentation/<set>.txt` lists images whose label maps
/// are `SegmentationClass/<id>.png` or else `SegmentationClassAug/<id>.png` (Hariharan et al., "Semantic
/// contours from inverse detectors", 2011, in VOC's numbers). So `trainaug` is VOC's own 1,464 maps and 9,118
/// of the others, as in MMSegmentation.
public final class VocSegmentation {
    private static final String LISTS = "ImageSets/Segmentation";
    private static final String OWN = "SegmentationClass";
    private static final String AUGMENTED = "SegmentationClassAug";

    /// The class of what is no object.
    public static final String BACKGROUND = "background";

    private VocSegmentation() {}

    /// Reads image sets.
    ///
    /// @param folder the year's folder, such as `VOCdevkit/VOC2012`
    /// @param sets   names of lists, such as `train`; several are joined by `+`
    /// @throws DataException if a list, an image or a label map is missing, an image is listed twice, or there
    ///     is none
    public static ImageFiles read(Path folder, String sets, ImageDecoder decoder) {
        Path lists = DataFiles.requireFolder(folder).resolve(LISTS);
        List<String> ids = new ArrayList<>();
        List<Path> images = new ArrayList<>();
        List<Path> maps = new ArrayList<>();
        for (String set : sets.split("\\+", -1)) {
            Path list = list(lists, set);
            List<String> listed = Voc.ids(list);
            ids.addAll(listed);
            images.addAll(Voc.images(folder, listed, list));
            maps.addAll(maps(folder, listed, list));
        }
        if (ids.isEmpty()) {
            throw new DataException(lists + ": the lists of '" + sets + "' are empty");
        }
        requireOnce(ids, lists, sets);
        List<String> classes = classes(folder);
        LabelPng reader = LabelPng.ofClasses(classes.size());
        return ImageFiles.reading(images, Target.Kind.LABEL_MAP, i -> reader.read(maps.get(i), decoder), classes)
                .withIds(ids)
                .with(decoder);
    }

    /// The file of an image set.
    static Path list(Path lists, String set) {
        if (!set.matches("[\\w-]{1,64}")) {
            throw new DataException("'" + set + "' names no image set; name one or several of " + lists
                    + ", such as train or train+aug");
        }
        return lists.resolve(set + ".txt");
    }

    /// Background, and the classes of objects.
    private static List<String> classes(Path folder) {
        List<String> classes = new ArrayList<>(List.of(BACKGROUND));
        classes.addAll(Voc.classes(folder));
        return classes;
    }

    private static List<Path> maps(Path folder, List<String> ids, Path list) {
        boolean augmented = Files.isDirectory(folder.resolve(AUGMENTED));
        List<Path> maps = ids.stream()
                .map(id -> {
                    Path own = folder.resolve(OWN).resolve(id + ".png");
                    boolean other = augmented && !Files.exists(own);
                    return other ? folder.resolve(AUGMENTED).resolve(id + ".png") : own;
                })
                .toList();
        DataFiles.requireFiles(maps, i -> list + ": the label map of " + ids.get(i));
        return maps;
    }

    private static void requireOnce(List<String> ids, Path lists, String sets) {
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw new DataException(lists + ": the image " + id + " is listed twice in " + sets);
            }
        }
    }

    /// Whether there are lists of a part.
    static boolean has(Path folder, Split split) {
        return Files.exists(folder.resolve(LISTS).resolve((split == Split.TRAIN ? "train" : "val") + ".txt"));
    }

    /// What is trained on: `trainaug`, or `train+aug`, or `train`, whichever is listed; tested on is `val`.
    static String sets(Path folder, Split split) {
        if (split == Split.TEST) {
            return "val";
        }
        Path lists = folder.resolve(LISTS);
        if (Files.exists(lists.resolve("trainaug.txt"))) {
            return "trainaug";
        }
        return Files.exists(lists.resolve("aug.txt")) ? "train+aug" : "train";
    }
}
