package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;

/// Text files that list images, a line each. Empty lines are passed over; every file named must exist, in the
/// folder that the paths are relative to.
public final class ImageList {
    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private ImageList() {}

    /// A list of any of the three forms below, told by its first line: `path label`, `path` of a file that exists,
    /// or the bare name of a file in a class folder. Labels are taken as they are, from 0 to the largest.
    ///
    /// @param root what the paths are relative to
    /// @throws DataException naming the line that is wrong
    public static ImageFiles of(Path list, Path root) {
        String first = DataFiles.lines(list).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElseThrow(() -> new DataException(list + ": lists no image"));
        if (first.matches(".*\\s-?\\d+")) {
            return labelled(list, root, ANY_NUMBER);
        }
        boolean inClassFolder = first.matches("[^/\\p{Cntrl}]+_[^/_\\p{Cntrl}]+")
                && !Files.exists(root.resolve(first))
                && Files.isDirectory(root.resolve(first.substring(0, first.lastIndexOf('_'))));
        return inClassFolder ? imageNetSubset(list, root) : unlabelled(list, root);
    }

    /// Lines `path label`, split at the last space, so that paths may have spaces: the lists of ImageNet,
    /// iNaturalist 2018, and Places205 (whose `.csv` files are of this form too).
    ///
    /// @param list the text file
    /// @param root what the paths are relative to
    /// @param classes how many classes there are: labels are `0 … classes−1`
    /// @throws DataException naming the line that is wrong
    public static ImageFiles labelled(Path list, Path root, int classes) {
        Entries entries = new Entries(list);
        entries.forEachLine(line -> {
            int space = line.lastIndexOf(' ');
            if (space <= 0) {
                throw entries.wrong("expected 'path label', got '" + DataFiles.shortened(line) + "'");
            }
            int label = entries.label(line.substring(space + 1));
            if (label < 0 || label >= classes) {
                throw entries.wrong("the label " + label
                        + (classes == ANY_NUMBER ? " is negative" : " is outside 0 … " + (classes - 1)));
            }
            entries.add(root, line.substring(0, space).strip(), label);
        });
        return entries.source(List.of());
    }

    /// Lines `path`, without labels.
    ///
    /// @throws DataException naming the line that is wrong
    public static ImageFiles unlabelled(Path list, Path root) {
        Entries entries = new Entries(list);
        entries.forEachLine(line -> entries.add(root, line, ImageSource.NO_LABEL));
        return entries.source(List.of());
    }

    /// SimCLR's 1 % and 10 % lists of ImageNet: bare file names such as `n01440764_18.JPEG`. The part before the
    /// underscore is the class folder; its place among the sorted class folders is the label.
    ///
    /// @param trainFolder ImageNet's training folder, with all its class folders
    /// @throws DataException naming the line that is wrong
    public static ImageFiles imageNetSubset(Path list, Path trainFolder) {
        List<String> classes = ImageFolder.classNames(trainFolder);
        Entries entries = new Entries(list);
        entries.forEachLine(line -> {
            int underscore = line.lastIndexOf('_');
            int label = underscore < 0 ? -1 : Collections.binarySearch(classes, line.substring(0, underscore));
            if (label < 0) {
                throw entries.wrong("'" + DataFiles.shortened(line) + "' does not begin with a class folder of "
                        + trainFolder + " and '_'");
            }
            entries.add(trainFolder, classes.get(label) + "/" + line, label);
        });
        return entries.source(classes);
    }

    /// The images of one list while it is read.
    private static final class Entries {
        private final Path list;
        private final List<Path> files = new ArrayList<>();
        private final IntArrayList labels = new IntArrayList();
        private final IntArrayList lines = new IntArrayList();
        private int line;

        Entries(Path list) {
            this.list = list;
        }

        void forEachLine(Consumer<String> reader) {
            for (String text : DataFiles.lines(list)) {
                line++;
                if (!text.isBlank()) {
                    reader.accept(text.strip());
                }
            }
            if (files.isEmpty()) {
                throw new DataException(list + ": lists no image");
            }
        }

        void add(Path root, String path, int label) {
            files.add(DataFiles.inside(root, path, list + ":" + line));
            labels.add(label);
            lines.add(line);
        }

        int label(String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw wrong("the label '" + DataFiles.shortened(text) + "' is no whole number");
            }
        }

        DataException wrong(String what) {
            return new DataException(list + ":" + line + ": " + what);
        }

        ImageFiles source(List<String> classes) {
            DataFiles.requireFiles(files, i -> list + ":" + lines.getInt(i));
            return new ImageFiles(files, labels.toIntArray(), classes, ImageDecoder.STANDARD);
        }
    }
}
