package org.jmoco.nn.data.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.Archives;

/// ImageNet (ILSVRC2012) as it is downloaded: `ILSVRC2012_img_train.tar`, an archive of one archive a class, and
/// `ILSVRC2012_img_val.tar`, whose images have no classes in it. These are in one of
///
/// - `val.txt` or `meta/val.txt`: lines `ILSVRC2012_val_00000001.JPEG 65`, numbers in the order of the classes'
///   ids,
/// - `LOC_val_solution.csv`: Kaggle's, lines `ILSVRC2012_val_00000001,n01751748 …`,
/// - `imagenet_2012_validation_synset_labels.txt`: TensorFlow's, an id a line, in the order of the images,
/// - `ILSVRC2012_devkit_t12` or `ILSVRC2012_devkit_t12.tar.gz`: the official development kit, whose
///   `ILSVRC2012_validation_ground_truth.txt` has numbers of its own, which its `meta.mat` explains.
final class Ilsvrc2012 {
    private static final String TRAIN = "ILSVRC2012_img_train";
    private static final String VAL = "ILSVRC2012_img_val";
    private static final String DEVKIT = "ILSVRC2012_devkit_t12";
    private static final String TRUTH = "data/ILSVRC2012_validation_ground_truth.txt";
    private static final String META = "data/meta.mat";
    private static final int LARGEST_DEVKIT = 1 << 26;

    private Ilsvrc2012() {}

    static boolean has(Path folder, Split split) {
        return Files.isDirectory(folder.resolve(split == Split.TRAIN ? TRAIN : VAL));
    }

    /// The images of a part; those to test in the order of their names.
    ///
    /// @throws DataException if the part or its labels are missing or wrong
    static ImageFiles open(Path folder, Split split) {
        return split == Split.TRAIN
                ? ImageFolder.of(DataFiles.requireFolder(folder.resolve(TRAIN)))
                : test(folder, DataFiles.requireFolder(folder.resolve(VAL)));
    }

    private static ImageFiles test(Path folder, Path images) {
        ImageFiles all = ImageFolder.unlabelled(images);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            files.add(all.file(i));
        }
        List<String> trained = has(folder, Split.TRAIN) ? ImageFolder.classNames(folder.resolve(TRAIN)) : List.of();
        for (String name : new String[] {"val.txt", "meta/val.txt"}) {
            if (Files.exists(folder.resolve(name))) {
                return numbered(files, folder.resolve(name), trained);
            }
        }
        return named(files, synsets(folder, files), trained);
    }

    private static ImageFiles numbered(List<Path> files, Path list, List<String> classes) {
        Map<String, String> said = table(list, "\\s+");
        int[] labels = labels(files, file -> {
            String number = said.getOrDefault(file, "");
            if (!number.matches("\\d{1,6}") || !classes.isEmpty() && Integer.parseInt(number) >= classes.size()) {
                throw new DataException(list + ": has no number of a class for " + file
                        + (classes.isEmpty() ? "" : ", from 0 to " + (classes.size() - 1)));
            }
            return Integer.parseInt(number);
        });
        return new ImageFiles(files, Targets.Numbers.of(labels), classes);
    }

    private static ImageFiles named(List<Path> files, List<String> synsets, List<String> trained) {
        List<String> classes = trained.isEmpty() ? List.copyOf(new TreeSet<>(synsets)) : trained;
        int[] labels = new int[files.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = classes.indexOf(synsets.get(i));
            if (labels[i] < 0) {
                throw new DataException(
                        files.get(i) + ": its class " + synsets.get(i) + " is none of the training images'");
            }
        }
        return new ImageFiles(files, Targets.Numbers.of(labels), classes);
    }

    /// The ids of the classes of images, which are sorted by name.
    private static List<String> synsets(Path folder, List<Path> files) {
        Path kaggle = folder.resolve("LOC_val_solution.csv");
        if (Files.exists(kaggle)) {
            Map<String, String> said = table(kaggle, "[,\\s]");
            return files.stream()
                    .map(f -> {
                        String id = said.get(stem(f));
                        if (id == null) {
                            throw new DataException(kaggle + ": has no class for " + stem(f));
                        }
                        return id;
                    })
                    .toList();
        }
        Path tensorFlow = folder.resolve("imagenet_2012_validation_synset_labels.txt");
        if (Files.exists(tensorFlow)) {
            return each(files, DataFiles.lines(tensorFlow), tensorFlow.toString());
        }
        Path kit = folder.resolve(DEVKIT);
        if (Files.isDirectory(kit)) {
            return fromKit(
                    files, DataFiles.bytes(kit.resolve(TRUTH)), DataFiles.bytes(kit.resolve(META)), kit.toString());
        }
        Path packed = folder.resolve(DEVKIT + ".tar.gz");
        if (Files.exists(packed)) {
            return fromKit(
                    files,
                    Archives.packed(packed, TRUTH, LARGEST_DEVKIT),
                    Archives.packed(packed, META, LARGEST_DEVKIT),
                    packed.toString());
        }
        throw new DataException(
                folder + ": has no classes of the test images; put ILSVRC2012_devkit_t12.tar.gz, val.txt, "
                        + "LOC_val_solution.csv or imagenet_2012_validation_synset_labels.txt beside the archives");
    }

    private static List<String> fromKit(List<Path> files, byte[] truth, byte[] meta, String kit) {
        Map<Integer, String> ids = MatStructs.read(meta, kit + ": meta.mat", "synsets", "ILSVRC2012_ID", "WNID");
        List<String> numbers = Arrays.stream(new String(truth, StandardCharsets.US_ASCII).split("\\s+", -1))
                .filter(n -> !n.isEmpty())
                .toList();
        List<String> synsets = new ArrayList<>();
        for (String number : each(files, numbers, kit + ": " + TRUTH)) {
            String id = number.matches("\\d{1,6}") ? ids.get(Integer.parseInt(number)) : null;
            if (id == null) {
                throw new DataException(kit + ": '" + DataFiles.shortened(number) + "' is no number of a class");
            }
            synsets.add(id);
        }
        return synsets;
    }

    /// One line an image.
    private static List<String> each(List<Path> files, List<String> lines, String list) {
        List<String> said =
                lines.stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
        if (said.size() != files.size()) {
            throw new DataException(list + ": has " + said.size() + " classes for " + files.size() + " images");
        }
        return said;
    }

    /// What the first words of lines say.
    private static Map<String, String> table(Path list, String separator) {
        Map<String, String> said = new HashMap<>();
        for (String line : DataFiles.lines(list)) {
            String[] words = line.strip().split(separator, 3);
            if (words.length > 1) {
                String file = words[0].substring(words[0].lastIndexOf('/') + 1);
                said.put(file, words[1].strip());
            }
        }
        return said;
    }

    private static int[] labels(List<Path> files, ToIntFunction<String> of) {
        return files.stream()
                .mapToInt(f -> of.applyAsInt(f.getFileName().toString()))
                .toArray();
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
