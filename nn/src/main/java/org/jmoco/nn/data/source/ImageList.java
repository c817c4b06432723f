package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jmoco.nn.data.DataException;

/// Text files that list images, a line each. Empty lines are passed over; every file named must exist, in the
/// folder that the paths are relative to.
public final class ImageList {
    /// A larger label is no class number: what is computed for every class would be out of all proportion.
    public static final int MOST_CLASSES = 1_000_000;

    private ImageList() {}

    /// What stands in a line.
    private enum Form {
        NUMBERED,
        NAMED,
        IN_CLASS_FOLDER,
        PLAIN
    }

    /// A list of any of the forms below, told by its first line: `path label`, `path` of a file that exists, the
    /// bare name of a file in a class folder, or, with a comma or a tab between them, `path,class name`, whose
    /// classes are in the order of their names. A first line that heads the columns of such a table is passed
    /// over. Labels are taken as they are, from 0 to the largest.
    ///
    /// @param root what the paths are relative to
    /// @throws DataException naming the line that is wrong
    public static ImageFiles of(Path list, Path root) {
        Entries entries = new Entries(list);
        Form form = form(entries.first(), root);
        if (form == Form.PLAIN && entries.lines.size() > 1 && separator(entries.first()) > 0) {
            Form next = form(entries.lines.get(1).text, root);
            if (next == Form.NUMBERED || next == Form.NAMED) {
                entries.lines.removeFirst();
                form = next;
            }
        }
        return switch (form) {
            case NUMBERED -> labelled(entries, root, MOST_CLASSES);
            case NAMED -> named(entries, root);
            case IN_CLASS_FOLDER -> imageNetSubset(entries, root);
            case PLAIN -> unlabelled(entries, root);
        };
    }

    private static Form form(String line, Path root) {
        if (line.matches(".*[\\s,]-?\\d+")) {
            return Form.NUMBERED;
        }
        int separator = separator(line);
        if (separator > 0
                && !exists(root, line)
                && exists(root, line.substring(0, separator).strip())) {
            return Form.NAMED;
        }
        boolean inClassFolder = line.matches("[^/\\p{Cntrl}]+_[^/_\\p{Cntrl}]+")
                && !exists(root, line)
                && exists(root, line.substring(0, line.lastIndexOf('_')));
        return inClassFolder ? Form.IN_CLASS_FOLDER : Form.PLAIN;
    }

    /// Where the last comma or tab stands; −1 if there is none.
    private static int separator(String line) {
        return Math.max(line.lastIndexOf(','), line.lastIndexOf('\t'));
    }

    private static boolean exists(Path root, String path) {
        try {
            return path.length() < DataFiles.LONGEST_PATH && Files.exists(root.resolve(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /// Lines `path label`, split at the last space, tab or comma, so that paths may have spaces: the lists of
    /// ImageNet, iNaturalist 2018, and Places205 (whose `.csv` files are of this form too).
    ///
    /// @param list the text file
    /// @param root what the paths are relative to
    /// @param classes how many classes there are: labels are `0 … classes−1`
    /// @throws DataException naming the line that is wrong
    public static ImageFiles labelled(Path list, Path root, int classes) {
        return labelled(new Entries(list), root, classes);
    }

    private static ImageFiles labelled(Entries entries, Path root, int classes) {
        entries.forEachLine(line -> {
            int at = Math.max(line.lastIndexOf(' '), separator(line));
            String path = at <= 0 ? "" : line.substring(0, at).strip();
            if (path.endsWith(",")) {
                path = path.substring(0, path.length() - 1).strip(); // "path, label"
            }
            if (path.isEmpty()) {
                throw entries.wrong("expected 'path label', got '" + DataFiles.shortened(line) + "'");
            }
            int label = entries.label(line.substring(at + 1).strip());
            if (label < 0 || label >= classes) {
                throw entries.wrong("the label " + label
                        + (classes < MOST_CLASSES
                                ? " is outside 0 … " + (classes - 1)
                                : label < 0 ? " is negative" : " is no class number: there are at most 1,000,000"));
            }
            entries.add(root, path, label);
        });
        return entries.source(List.of());
    }

    /// Lines `path,class name` or with a tab between them.
    private static ImageFiles named(Entries entries, Path root) {
        TreeSet<String> names = new TreeSet<>();
        for (Line line : entries.lines) {
            if (separator(line.text) > 0) {
                names.add(line.text.substring(separator(line.text) + 1).strip());
            }
        }
        List<String> classes = List.copyOf(names);
        entries.forEachLine(line -> {
            int at = separator(line);
            if (at <= 0) {
                throw entries.wrong("expected 'path,class', got '" + DataFiles.shortened(line) + "'");
            }
            entries.add(
                    root,
                    line.substring(0, at).strip(),
                    Collections.binarySearch(classes, line.substring(at + 1).strip()));
        });
        return entries.source(classes);
    }

    /// Lines `path`, without labels.
    ///
    /// @throws DataException naming the line that is wrong
    public static ImageFiles unlabelled(Path list, Path root) {
        return unlabelled(new Entries(list), root);
    }

    private static ImageFiles unlabelled(Entries entries, Path root) {
        entries.forEachLine(line -> entries.add(root, line, ImageSource.NO_LABEL));
        return entries.source(List.of());
    }

    /// SimCLR's 1 % and 10 % lists of ImageNet: bare file names such as `n01440764_18.JPEG`. The part before the
    /// underscore is the class folder; its place among the sorted class folders is the label.
    ///
    /// @param trainFolder ImageNet's training folder, with all its class folders
    /// @throws DataException naming the line that is wrong
    public static ImageFiles imageNetSubset(Path list, Path trainFolder) {
        return imageNetSubset(new Entries(list), trainFolder);
    }

    private static ImageFiles imageNetSubset(Entries entries, Path trainFolder) {
        List<String> classes = ImageFolder.classNames(trainFolder);
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

    private record Line(int number, String text) {}

    /// Told what a line says.
    private interface Reader {
        void read(String line);
    }

    /// The images of one list while it is read.
    private static final class Entries {
        private final Path list;
        private final List<Line> lines = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private final IntArrayList labels = new IntArrayList();
        private int line;

        /// @throws DataException if the list cannot be read or is empty
        Entries(Path list) {
            this.list = list;
            int number = 0;
            for (String text : DataFiles.lines(list)) {
                number++;
                if (!text.isBlank()) {
                    lines.add(new Line(number, text.strip()));
                }
            }
            if (lines.isEmpty()) {
                throw new DataException(list + ": lists no image");
            }
        }

        String first() {
            return lines.getFirst().text;
        }

        void forEachLine(Reader reader) {
            for (Line next : lines) {
                line = next.number;
                reader.read(next.text);
            }
        }

        void add(Path root, String path, int label) {
            files.add(DataFiles.inside(root, path, list + ":" + line));
            labels.add(label);
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
            DataFiles.requireFiles(files, i -> list + ":" + lines.get(i).number);
            return new ImageFiles(files, Targets.Numbers.of(labels.toIntArray()), classes);
        }
    }
}
