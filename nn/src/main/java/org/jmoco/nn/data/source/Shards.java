package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.Archives;

/// Data sets in tar shards of WebDataset's layout: `train-000000.tar`, `train-000001.tar`, …, each with images
/// and, beside `key.jpg`, its class in `key.cls` or `key.json`. The order of the images is that of the shards'
/// names, and in a shard that of the archive.
///
/// Archives are shards if any of them has classes beside its images, or if they are numbered one after another, as
/// those of ImageNet's classes are not. Classes that are whole numbers are taken as they are; names are numbered
/// in their order.
final class Shards {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})(?:\\.tar)?");
    private static final List<String> TEST = List.of("val", "test", "dev", "eval");

    private Shards() {}

    /// Whether a folder is one of shards, in one of the ways that a part of a data set is.
    static boolean isIn(Path folder) {
        List<Path> archives = Archives.in(folder);
        return !archives.isEmpty()
                && (Archives.areNumbered(folder)
                        || archives.stream().anyMatch(Archives::hasClasses)
                        || archives.size() > 1 && areConsecutive(archives));
    }

    private static boolean areConsecutive(List<Path> archives) {
        String before = "";
        long last = -1;
        for (Path archive : archives) {
            Matcher name = NUMBERED.matcher(archive.getFileName().toString());
            if (!name.matches()) {
                return false;
            }
            long number = Long.parseLong(name.group(2));
            if (name.group(1).equals(before) ? number != last + 1 : number > 1) {
                return false;
            }
            before = name.group(1);
            last = number;
        }
        return true;
    }

    /// Whether a part is there: in a folder of that name, or told by the names of the shards.
    static boolean has(Path folder, Split split) {
        return !part(folder, split).isEmpty();
    }

    private static List<Path> part(Path folder, Split split) {
        if (isIn(folder)) {
            List<Path> all = Archives.in(folder);
            Predicate<Path> test = a -> contains(stem(a), TEST);
            List<Path> ofTest = all.stream().filter(test).toList();
            List<Path> others = all.stream().filter(test.negate()).toList();
            List<Path> ofTrain = others.stream()
                    .filter(a -> contains(stem(a), List.of("train")))
                    .toList();
            if (split == Split.TRAIN) {
                return ofTrain.isEmpty() ? others : ofTrain;
            }
            for (String word : TEST) {
                List<Path> named = ofTest.stream()
                        .filter(a -> contains(stem(a), List.of(word)))
                        .toList();
                if (!named.isEmpty()) {
                    return named;
                }
            }
            return List.of();
        }
        if (Archives.in(folder).isEmpty() && Archives.isAmong(folder)) {
            FolderParts parts = FolderParts.of(folder);
            return (split == Split.TRAIN ? parts.train() : parts.test())
                    .filter(p -> !p.equals(folder) && isIn(p))
                    .map(Archives::in)
                    .orElse(List.of());
        }
        return List.of();
    }

    private static String stem(Path archive) {
        Matcher name = NUMBERED.matcher(archive.getFileName().toString());
        return (name.matches() ? name.group(1) : archive.getFileName().toString()).toLowerCase(Locale.ROOT);
    }

    private static boolean contains(String name, List<String> words) {
        return words.stream().anyMatch(name::contains);
    }

    /// The images of a part, numbered alike in both.
    ///
    /// @throws DataException if the part is not there, or a class is a negative number
    static ImageFiles open(Path folder, Split split) {
        List<Path> archives = part(folder, split);
        if (archives.isEmpty()) {
            throw new DataException(folder + ": has no shards of " + split + " images: they are told by "
                    + (split == Split.TRAIN ? "train" : "val or test") + " in the names of the shards or their folder");
        }
        Split other = split == Split.TRAIN ? Split.TEST : Split.TRAIN;
        return of(archives, part(folder, other));
    }

    /// All images in a folder of shards.
    ///
    /// @throws DataException if a class is a negative number
    static ImageFiles of(Path folder) {
        return of(Archives.in(folder), List.of());
    }

    /// @param others archives with further classes
    private static ImageFiles of(List<Path> archives, List<Path> others) {
        List<Archives.Sample> samples = samples(archives);
        if (samples.isEmpty()) {
            throw new DataException(archives.getFirst() + ": holds no JPEG, PNG or BMP image");
        }
        boolean numbers = all(samples, Shards::isNumber) && all(samples(others), Shards::isNumber);
        TreeSet<String> names = new TreeSet<>();
        if (!numbers) {
            for (List<Archives.Sample> part : List.of(samples, samples(others))) {
                part.stream()
                        .map(Archives.Sample::said)
                        .filter(Objects::nonNull)
                        .forEach(names::add);
            }
        }
        List<String> classes = List.copyOf(names);
        List<Path> files = new ArrayList<>(samples.size());
        IntArrayList labels = new IntArrayList(samples.size());
        for (Archives.Sample sample : samples) {
            files.add(sample.file());
            labels.add(
                    sample.said() == null
                            ? ImageSource.NO_LABEL
                            : numbers ? number(sample) : Collections.binarySearch(classes, sample.said()));
        }
        return new ImageFiles(files, Targets.Numbers.of(labels.toIntArray()), classes);
    }

    private static List<Archives.Sample> samples(List<Path> archives) {
        return archives.stream().flatMap(a -> Archives.samples(a).stream()).toList();
    }

    private static boolean all(List<Archives.Sample> samples, Predicate<String> what) {
        return samples.stream()
                .map(Archives.Sample::said)
                .filter(Objects::nonNull)
                .allMatch(what);
    }

    private static boolean isNumber(String said) {
        return said.matches("-?\\d{1,9}");
    }

    private static int number(Archives.Sample sample) {
        int number = Integer.parseInt(sample.said());
        if (number < 0 || number >= ImageList.MOST_CLASSES) {
            throw new DataException(sample.file() + ": has the class " + number + ", not one from 0 to 999,999");
        }
        return number;
    }
}
