package org.jmoco.nn.data.tool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.Cifar10;
import org.jmoco.nn.data.source.Cifar10Sheets;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Idx;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.InMemoryImages;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.source.Split;

/// The files of a fetched data set: brought to one form wherever they came from, and checked.
record FetchedFiles(PublicData data) {
    private static final List<String> IDX_FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    /// Turns what arrived into the files that are kept: CIFAR-10's binary records, plain IDX files with their
    /// class names, of the others the files or the archives as they are published.
    ///
    /// @throws IOException if a file is missing or broken
    void finish(Path raw, Path to) throws IOException {
        switch (data.kind()) {
            case CIFAR10 -> {
                if (Files.exists(raw.resolve("test_batch.png"))) {
                    records(Cifar10Sheets.train(raw), Cifar10.TRAIN_FILES, to);
                    records(Cifar10Sheets.test(raw), Cifar10.TEST_FILES, to);
                } else {
                    for (String name : Stream.concat(Cifar10.TRAIN_FILES.stream(), Cifar10.TEST_FILES.stream())
                            .toList()) {
                        Files.move(arrived(raw, name), to.resolve(name));
                    }
                }
            }
            case IDX -> {
                for (String name : IDX_FILES) {
                    Path packed = raw.resolve(name + ".gz");
                    if (Files.exists(packed)) {
                        try (InputStream in =
                                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(packed)))) {
                            Files.copy(in, to.resolve(name));
                        }
                    } else {
                        Files.move(arrived(raw, name), to.resolve(name));
                    }
                }
                Files.write(to.resolve(Idx.CLASSES_FILE), data.classes());
            }
            case CIFAR100, STL10, PETS, FOLDER -> moveAll(raw, to);
            case TINYIMAGENET -> {
                // The archive has one folder, whose content is the data set.
                try (Stream<Path> tops = Files.list(raw)) {
                    moveAll(
                            tops.filter(Files::isDirectory)
                                    .findFirst()
                                    .orElseThrow(() -> new IOException("what arrived has no folder")),
                            to);
                }
            }
            default -> throw new AssertionError(data.kind());
        }
    }

    /// Whether the archives of a kind are kept, decompressed: they are read in place.
    static boolean staysArchived(Kind kind) {
        return kind == Kind.PETS || kind == Kind.FOLDER;
    }

    private static void moveAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.move(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static Path arrived(Path raw, String name) throws IOException {
        Path file = raw.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IOException("what arrived has no file " + name);
        }
        return file;
    }

    private static void records(InMemoryImages images, List<String> names, Path to) throws IOException {
        int perFile = images.size() / names.size();
        for (int f = 0; f < names.size(); f++) {
            byte[] pixels = new byte[perFile * 3 * 1024];
            int[] labels = new int[perFile];
            for (int i = 0; i < perFile; i++) {
                labels[i] = images.label(f * perFile + i);
                System.arraycopy(images.load(f * perFile + i).rgb(), 0, pixels, i * 3 * 1024, 3 * 1024);
            }
            Files.write(to.resolve(names.get(f)), Cifar10.toRecords(pixels, labels));
        }
    }

    /// Reads the data set as a run would, and checks numbers and checksums.
    ///
    /// @return what was checked, in a few words
    /// @throws DataException if the data set is not what it should be
    String verify(Path folder) throws IOException {
        for (Map.Entry<String, String> known : new TreeMap<>(data.sha256()).entrySet()) {
            Path file = folder.resolve(known.getKey());
            if (!Files.isRegularFile(file)) {
                throw new DataException(known.getKey() + " is missing");
            }
            String sha256 = Checksums.sha256(file);
            if (!sha256.equals(known.getValue())) {
                throw new DataException(
                        known.getKey() + " has the SHA-256 sum " + sha256 + " instead of " + known.getValue());
            }
        }
        count(
                DataSpec.of(folder).open(Split.TRAIN),
                "training",
                data.train(),
                data.perClass().train());
        count(
                DataSpec.of(folder).open(Split.TEST),
                "test",
                data.test(),
                data.perClass().test());
        String sums = data.sha256().isEmpty() ? "" : ", SHA-256 sums of all files";
        return "checked: " + data.train() + " training and " + data.test() + " test images of "
                + data.classes().size() + " classes" + sums;
    }

    private void count(ImageSource source, String part, int expected, OptionalInt perClass) {
        if (source.size() != expected) {
            throw new DataException("has " + source.size() + " " + part + " images instead of " + expected);
        }
        for (int label = 0; label < data.classes().size(); label++) {
            int wanted = label;
            long found = IntStream.range(0, source.size())
                    .filter(i -> source.label(i) == wanted)
                    .count();
            if (found == 0 || perClass.isPresent() && found != perClass.getAsInt()) {
                String right = perClass.isPresent() ? " instead of " + perClass.getAsInt() : "";
                throw new DataException("has " + found + " " + part + " images of the class "
                        + data.classes().get(label) + right);
            }
        }
    }
}
