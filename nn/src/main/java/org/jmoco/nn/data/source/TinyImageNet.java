package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.data.DataException;

/// Tiny ImageNet (Stanford's CS231n): `train/n01443537/images/n01443537_0.JPEG`, and `val/images/val_0.JPEG` with
/// the classes in `val/val_annotations.txt`, lines of the file's name, its class and a box, with tabs between
/// them. The images in `test` have no published classes and are passed over.
final class TinyImageNet {
    private static final String ANNOTATIONS = "val_annotations.txt";

    private TinyImageNet() {}

    /// Whether the test images of a folder are listed so.
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve("val").resolve(ANNOTATIONS));
    }

    static boolean has(Path folder, Split split) {
        return split == Split.TRAIN ? Files.isDirectory(folder.resolve("train")) : isIn(folder);
    }

    /// The images of a part; those to test are the `val` ones, in the order of their list.
    ///
    /// @throws DataException if a file is missing or a line of the list is wrong
    static ImageFiles open(Path folder, Split split) {
        Path train = DataFiles.requireFolder(folder.resolve("train"));
        return split == Split.TRAIN
                ? ImageFolder.of(train)
                : test(folder.resolve("val"), ImageFolder.classNames(train));
    }

    private static ImageFiles test(Path folder, List<String> classes) {
        Path list = folder.resolve(ANNOTATIONS);
        List<Path> files = new ArrayList<>();
        List<String> lines =
                DataFiles.lines(list).stream().filter(l -> !l.isBlank()).toList();
        int[] labels = new int[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            String place = list + ":" + (i + 1);
            String[] words = lines.get(i).split("\t", -1);
            if (words.length < 2) {
                throw new DataException(place + ": expected a file's name, a tab and its class");
            }
            labels[i] = classes.indexOf(words[1].strip());
            if (labels[i] < 0) {
                throw new DataException(place + ": the class '" + DataFiles.shortened(words[1]) + "' has no folder in "
                        + folder.resolveSibling("train"));
            }
            files.add(DataFiles.inside(folder.resolve("images"), words[0].strip(), place));
        }
        if (files.isEmpty()) {
            throw new DataException(list + ": lists no image");
        }
        DataFiles.requireFiles(files, i -> list + ":" + (i + 1));
        return new ImageFiles(files, Targets.Numbers.of(labels), classes);
    }
}
