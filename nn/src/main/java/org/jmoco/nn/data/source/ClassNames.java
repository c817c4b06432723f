package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;

/// Class names of one part of a data set, and the numbers that they have in another.
final class ClassNames {
    private ClassNames() {}

    /// A source whose class numbers count the given names; itself, if they do already.
    ///
    /// @param source with names of its own   @param names those of the training images
    /// @throws DataException naming the classes that are not among them, as far as the source has images of them
    static ImageSource matched(ImageSource source, List<String> names) {
        if (source.classes().isEmpty() || source.classes().equals(names)) {
            return source;
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (int n = 0; n < names.size(); n++) {
            Integer twin = numbers.put(normal(names.get(n)), n);
            if (twin != null) {
                throw new DataException("two classes of the training images have the same name: " + names.get(twin));
            }
        }
        int[] numberOf = source.classes().stream()
                .mapToInt(name -> numbers.getOrDefault(normal(name), ImageSource.NO_LABEL))
                .toArray();
        requireKnown(source, names, numberOf);
        return new Matched(source, names, numberOf);
    }

    /// The names that a list's numbers have, if its images lie in folders of one class each: those of the folders.
    /// A number without an image is called `class 3`.
    ///
    /// @param images without class names of their own   @param root what the list's paths are relative to
    static Optional<List<String>> listed(ImageSource images, Path root) {
        if (!images.classes().isEmpty() || !(images instanceof ImageFiles files)) {
            return Optional.empty();
        }
        Path above = root.toAbsolutePath().normalize();
        for (int level = 0; ; level++) {
            Map<Integer, String> names = new TreeMap<>();
            Map<String, Integer> numbers = new HashMap<>();
            boolean oneEach = true;
            for (int i = 0; i < files.size(); i++) {
                Path path = above.relativize(files.file(i).toAbsolutePath().normalize());
                if (files.label(i) < 0 || level + 1 >= path.getNameCount()) {
                    return Optional.empty();
                }
                String name = path.getName(level).toString();
                oneEach &= Objects.requireNonNullElse(names.putIfAbsent(files.label(i), name), name)
                        .equals(name);
                Integer number = numbers.putIfAbsent(name, files.label(i));
                oneEach &= number == null || number == files.label(i);
            }
            if (oneEach) {
                return Optional.of(IntStream.rangeClosed(0, Collections.max(names.keySet()))
                        .mapToObj(n -> names.getOrDefault(n, "class " + n))
                        .toList());
            }
        }
    }

    /// Refuses numbers of a list that are other classes than those its folders are named after.
    ///
    /// @param test a list's images   @param names of the training images' classes
    static void requireAgreement(ImageSource test, Path root, List<String> names) {
        List<String> here = listed(test, root).orElse(List.of());
        List<String> known = names.stream().map(ClassNames::normal).toList();
        for (int i = 0; i < test.size() && !here.isEmpty(); i++) {
            String name = here.get(test.label(i));
            int number = known.indexOf(normal(name));
            if (number >= 0 && number != test.label(i)) {
                throw new DataException(test.name(i) + ": is listed as class " + test.label(i) + ", but the folder '"
                        + name + "' is class " + number
                        + " of the training images");
            }
        }
    }

    private static void requireKnown(ImageSource source, List<String> names, int[] numberOf) {
        int[] counts = new int[numberOf.length];
        int[] first = new int[numberOf.length];
        for (int i = source.size() - 1; i >= 0; i--) {
            int label = source.label(i);
            if (label >= 0) {
                counts[label]++;
                first[label] = i;
            }
        }
        int[] unknown = IntStream.range(0, numberOf.length)
                .filter(c -> numberOf[c] < 0 && counts[c] > 0)
                .toArray();
        if (unknown.length > 0) {
            int c = unknown[0];
            String name = source.classes().get(c);
            throw new DataException(source.name(first[c]) + ": no training image has the class '" + name + "' ("
                    + counts[c] + (counts[c] == 1 ? " image" : " images") + " here)" + hint(name, names)
                    + (unknown.length == 1 ? "" : ", nor that of " + (unknown.length - 1) + " more classes")
                    + "; the training images have " + listed(names));
        }
    }

    private static String hint(String name, List<String> names) {
        return names.stream()
                .filter(other -> folded(other).equals(folded(name)))
                .findFirst()
                .map(other -> ", is it '" + other + "'?")
                .orElse("");
    }

    private static String folded(String name) {
        return normal(name).toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "");
    }

    /// Systems compose accents in different ways; to the eye the names are the same.
    private static String normal(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static String listed(List<String> names) {
        int shown = 10;
        return names.size() + " classes: " + String.join(", ", names.subList(0, Math.min(shown, names.size())))
                + (names.size() > shown ? ", …" : "");
    }

    /// A source with the class numbers of another.
    ///
    /// @param numberOf the number there of each class here
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Matched(ImageSource all, List<String> classes, int[] numberOf) implements ImageSource {
        @Override
        public int size() {
            return all.size();
        }

        @Override
        public String name(int index) {
            return all.name(index);
        }

        @Override
        public String id(int index) {
            return all.id(index);
        }

        @Override
        public Target.Kind targets() {
            return all.targets();
        }

        @Override
        public Target target(int index) {
            return renumbered(all.target(index));
        }

        private Target renumbered(Target target) {
            return switch (target) {
                case Target.None none -> none;
                case Target.OneClass one -> new Target.OneClass(numberOf[one.number()]);
                case Target.Classes several -> {
                    byte[] values = new byte[classes.size()];
                    java.util.Arrays.fill(values, Target.Classes.IGNORED);
                    for (int c = 0; c < numberOf.length; c++) {
                        if (numberOf[c] >= 0) {
                            values[numberOf[c]] = several.values()[c];
                        }
                    }
                    yield new Target.Classes(values);
                }
                case Target.Objects objects ->
                    new Target.Objects(
                            objects.width(),
                            objects.height(),
                            objects.instances().stream()
                                    .map(o -> new Target.Instance(
                                            numberOf[o.label()], o.box(), o.area(), o.difficult(), o.crowd(), o.mask()))
                                    .toList());
                case Target.LabelMap map -> {
                    byte[] pixels = map.classes().clone();
                    for (int p = 0; p < pixels.length; p++) {
                        int label = pixels[p] & 0xFF;
                        pixels[p] = (byte) (label < numberOf.length ? numberOf[label] : label);
                    }
                    yield new Target.LabelMap(map.width(), map.height(), pixels);
                }
            };
        }

        @Override
        public int label(int index) {
            int label = all.label(index);
            return label < 0 ? label : numberOf[label];
        }

        @Override
        public RgbImage load(int index) {
            return all.load(index);
        }

        @Override
        public List<LeftOut> leftOut() {
            return all.leftOut();
        }
    }
}
