package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jmoco.nn.data.DataException;

/// The Oxford-IIIT pets (Parkhi et al., "Cats and dogs", 2012): `images/Abyssinian_1.jpg`, and `annotations` with
/// `trainval.txt`, `test.txt` and `list.txt` of both, lines `Abyssinian_1 1 1 1`: the image, its class from 1 on,
/// its species and its breed. A class is called what its images are called before their number.
final class OxfordPets {
    private static final String FOLDER = "annotations";

    private OxfordPets() {}

    private record Line(String image, int number, String place) {
        String className() {
            int underscore = image.lastIndexOf('_');
            return underscore < 0 ? image : image.substring(0, underscore);
        }
    }

    private static Path list(Path folder, Split split) {
        return folder.resolve(FOLDER).resolve(split == Split.TRAIN ? "trainval.txt" : "test.txt");
    }

    static boolean isIn(Path folder, Split split) {
        return Files.exists(list(folder, split)) && Files.isDirectory(folder.resolve("images"));
    }

    /// The images of a part in the order of its list.
    ///
    /// @throws DataException if a list or an image is missing, or a line is wrong
    static ImageFiles open(Path folder, Split split) {
        Path list = list(folder, split);
        List<Line> lines = lines(list);
        Path both = folder.resolve(FOLDER).resolve("list.txt");
        List<String> classes = classes(Files.exists(both) ? lines(both) : lines);
        List<Path> files = new ArrayList<>();
        int[] labels = new int[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            Line line = lines.get(i);
            labels[i] = line.number - 1;
            if (labels[i] >= classes.size()) {
                throw new DataException(line.place + ": the class " + line.number + " is not in " + both);
            }
            files.add(DataFiles.inside(folder.resolve("images"), line.image + ".jpg", line.place));
        }
        DataFiles.requireFiles(files, i -> lines.get(i).place);
        return new ImageFiles(files, Targets.Numbers.of(labels), classes);
    }

    private static List<Line> lines(Path list) {
        List<Line> lines = new ArrayList<>();
        List<String> texts = DataFiles.lines(list);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank() || texts.get(i).startsWith("#")) {
                continue;
            }
            String place = list + ":" + (i + 1);
            String[] words = texts.get(i).strip().split("\\s+");
            if (words.length < 2 || !words[1].matches("\\d{1,4}") || Integer.parseInt(words[1]) == 0) {
                throw new DataException(place + ": expected 'image class …', the class a number from 1 on");
            }
            lines.add(new Line(words[0], Integer.parseInt(words[1]), place));
        }
        if (lines.isEmpty()) {
            throw new DataException(list + ": lists no image");
        }
        return lines;
    }

    private static List<String> classes(List<Line> lines) {
        TreeMap<Integer, String> names = new TreeMap<>();
        for (Line line : lines) {
            String other = names.putIfAbsent(line.number, line.className());
            if (other != null && !other.equals(line.className())) {
                throw new DataException(line.place + ": the class " + line.number + " is '"
                        + DataFiles.shortened(line.className()) + "' here and '" + DataFiles.shortened(other)
                        + "' before");
            }
        }
        List<String> classes = new ArrayList<>();
        for (int number = 1; number <= names.lastKey(); number++) {
            classes.add(names.getOrDefault(number, "class " + number));
        }
        return classes;
    }
}
