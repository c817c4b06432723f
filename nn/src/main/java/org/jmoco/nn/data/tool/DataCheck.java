package org.jmoco.nn.data.tool;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.dense.Scene;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.ImageFormat;
import org.jmoco.nn.data.image.ImageInfo;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// Looks at every image of a data set before hours are spent on it: decodes it, and compares all pixels by
/// their hash. Label maps, where there are, are read and their labels counted; objects are compared with their images.
///
/// @param threads  that decode; the report does not depend on them
/// @param progress told how far it is, a line at a time; from several threads, one at a time
public record DataCheck(int threads, Consumer<String> progress) {
    private static final int LABELS = 256;

    /// What is kept of an image: half of its SHA-256 sum is enough to tell a billion images apart.
    private record Pixels(long high, long low) {}

    /// @param pixels null if the image cannot be read
    /// @param labels `[256]`, how many pixels have each label; all 0 without a label map that can be used
    private record Looked(int width, int height, Pixels pixels, int[] labels, List<Finding> findings) {}

    /// Checks a data set.
    ///
    /// @param against the held-out part, searched for images of `source`
    public CheckReport run(ImageSource source, Optional<ImageSource> against) {
        int all = source.size() + against.map(ImageSource::size).orElse(0);
        AtomicInteger done = new AtomicInteger();
        ObjectCheck objects = new ObjectCheck(source);
        List<Looked> looked = lookAt(source, done, all);
        Map<Pixels, Integer> first = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            findings.addAll(looked.get(i).findings);
            Pixels pixels = looked.get(i).pixels;
            Integer twin = pixels == null ? null : first.putIfAbsent(pixels, i);
            if (twin != null) {
                boolean sameClass = source.label(twin) == source.label(i);
                findings.add(new Finding(
                        sameClass ? Finding.Kind.DUPLICATE : Finding.Kind.CONTRADICTION,
                        source.name(i) + ": has the pixels of " + source.name(twin)));
            }
        }
        if (against.isPresent()) {
            ImageSource heldOut = against.get();
            List<Looked> others = lookAt(heldOut, done, all);
            for (int i = 0; i < others.size(); i++) {
                others.get(i).findings.stream()
                        .filter(f -> f.kind() == Finding.Kind.LABELS || f.kind() == Finding.Kind.ANNOTATION)
                        .forEach(findings::add);
                Integer twin = first.get(others.get(i).pixels);
                if (twin != null) {
                    findings.add(new Finding(
                            Finding.Kind.LEAK, heldOut.name(i) + ": has the pixels of " + source.name(twin)));
                }
            }
        }
        return new CheckReport(
                source.size(),
                against.map(ImageSource::size).orElse(0),
                List.copyOf(findings),
                switch (source.targets()) {
                    case LABEL_MAP -> classesOfMaps(source, looked);
                    case OBJECTS -> objects.classes();
                    default -> classes(source);
                },
                source.targets() == Target.Kind.LABEL_MAP ? pixels(source, looked) : List.of(),
                objects.count(),
                sizes(looked),
                source.leftOut());
    }

    /// What every image is like, in the order of the source.
    private List<Looked> lookAt(ImageSource source, AtomicInteger done, int all) {
        Looked[] looked = new Looked[source.size()];
        AtomicInteger next = new AtomicInteger();
        Callable<Void> worker = () -> {
            for (int i = next.getAndIncrement(); i < looked.length; i = next.getAndIncrement()) {
                looked[i] = lookAt(source, i);
                int count = done.incrementAndGet();
                if (count % 100 == 0) {
                    synchronized (progress) {
                        progress.accept("checked " + count + " of " + all + " images");
                    }
                }
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> future : pool.invokeAll(
                    IntStream.range(0, threads).mapToObj(t -> worker).toList())) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a checking thread failed: " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
        return List.of(looked);
    }

    private static Looked lookAt(ImageSource source, int index) {
        List<Finding> findings = new ArrayList<>();
        try {
            RgbImage image;
            if (source instanceof ImageFiles files) {
                byte[] bytes = ImageDecoder.read(files.file(index));
                image = files.decoder().decode(bytes, files.name(index));
                findings.addAll(oddities(files, index, bytes));
            } else {
                image = source.load(index);
            }
            int[] labels = labels(source, index, image, findings);
            ObjectCheck.lookAt(source, index, image, findings);
            return new Looked(image.width(), image.height(), pixels(image), labels, findings);
        } catch (UnreadableImageException e) {
            findings.add(
                    new Finding(e.isTruncated() ? Finding.Kind.TRUNCATED : Finding.Kind.UNREADABLE, e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
            findings.add(new Finding(Finding.Kind.UNREADABLE, source.name(index) + ": " + e));
        }
        return new Looked(0, 0, null, new int[0], findings);
    }

    /// Counts the labels of an image, if it has a label map that can be used.
    private static int[] labels(ImageSource source, int index, RgbImage image, List<Finding> findings) {
        int[] counts = new int[source.targets() == Target.Kind.LABEL_MAP ? LABELS : 0];
        if (counts.length > 0) {
            try {
                for (byte label :
                        new Scene(image, map(source, index, image)).labels().classes()) {
                    counts[label & 0xFF]++;
                }
            } catch (DataException e) {
                findings.add(new Finding(Finding.Kind.LABELS, e.getMessage()));
            }
        }
        return counts;
    }

    private static Target.LabelMap map(ImageSource source, int index, RgbImage image) {
        Target.LabelMap map = (Target.LabelMap) source.target(index);
        Scene.requireEqualSizes(image, map, source.name(index));
        return map;
    }

    private static List<Finding> oddities(ImageFiles files, int index, byte[] bytes) {
        List<Finding> findings = new ArrayList<>();
        Path file = files.file(index);
        ImageInfo info = files.decoder().info(bytes, file.toString());
        if (info.colour().equals("CMYK")) {
            findings.add(new Finding(Finding.Kind.CMYK, file + ": is stored as CMYK"));
        }
        ImageFormat.ofName(file.getFileName().toString())
                .filter(promised -> promised != info.format())
                .ifPresent(promised -> findings.add(new Finding(
                        Finding.Kind.MISLABELLED, file + ": is named " + promised + " but is " + info.format())));
        double clipped = files.decoder().clipped(bytes, file.toString());
        if (clipped > 0) {
            findings.add(new Finding(
                    Finding.Kind.CLIPPED,
                    String.format(
                            Locale.ROOT,
                            "%s: is gray of 16 bits, and %.1f %% of its pixels are above 255: they become white",
                            file,
                            100 * clipped)));
        }
        return findings;
    }

    private static Pixels pixels(RgbImage image) {
        byte[] sides = ByteBuffer.allocate(8)
                .putInt(image.width())
                .putInt(image.height())
                .array();
        ByteBuffer hash = ByteBuffer.wrap(Checksums.sha256(sides, image.rgb()));
        return new Pixels(hash.getLong(), hash.getLong());
    }

    /// For each class how many label maps show it.
    private static List<CheckReport.ClassCount> classesOfMaps(ImageSource source, List<Looked> looked) {
        return IntStream.range(0, source.classes().size())
                .mapToObj(c -> new CheckReport.ClassCount(source.className(c), (int) looked.stream()
                        .filter(l -> l.labels.length > 0 && l.labels[c] > 0)
                        .count()))
                .toList();
    }

    /// For each class how many pixels have it; last those that count for nothing.
    private static List<CheckReport.PixelCount> pixels(ImageSource source, List<Looked> looked) {
        long[] counts = new long[LABELS];
        for (Looked image : looked) {
            for (int label = 0; label < image.labels.length; label++) {
                counts[label] += image.labels[label];
            }
        }
        double all = Math.max(1, Arrays.stream(counts).sum());
        List<CheckReport.PixelCount> pixels = new ArrayList<>();
        for (int c = 0; c < source.classes().size(); c++) {
            pixels.add(new CheckReport.PixelCount(source.className(c), counts[c], counts[c] / all));
        }
        long ignored = counts[Target.LabelMap.IGNORED];
        pixels.add(new CheckReport.PixelCount("(no class)", ignored, ignored / all));
        return pixels;
    }

    /// Of images with several classes, each counts once for each of them.
    private static List<CheckReport.ClassCount> classes(ImageSource source) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        IntStream.range(0, source.classes().size()).forEach(c -> counts.put(c, 0));
        for (int i = 0; i < source.size(); i++) {
            if (source.target(i) instanceof Target.Classes several) {
                for (int c = 0; c < several.values().length; c++) {
                    counts.merge(c, several.values()[c] == Target.Classes.PRESENT ? 1 : 0, Integer::sum);
                }
            } else if (source.label(i) >= 0) {
                counts.merge(source.label(i), 1, Integer::sum);
            }
        }
        if (source.classes().isEmpty() && !counts.isEmpty()) {
            IntStream.range(0, counts.lastKey()).forEach(c -> counts.putIfAbsent(c, 0));
        }
        return counts.entrySet().stream()
                .map(e -> new CheckReport.ClassCount(
                        source.classes().isEmpty() ? String.valueOf(e.getKey()) : source.className(e.getKey()),
                        e.getValue()))
                .toList();
    }

    private static CheckReport.Sizes sizes(List<Looked> looked) {
        List<Looked> readable = looked.stream().filter(l -> l.pixels != null).toList();
        if (readable.isEmpty()) {
            return new CheckReport.Sizes(0, 0, 0);
        }
        int[] shorter =
                readable.stream().mapToInt(l -> Math.min(l.width, l.height)).toArray();
        Arrays.sort(shorter);
        int longest = readable.stream()
                .mapToInt(l -> Math.max(l.width, l.height))
                .max()
                .orElseThrow();
        return new CheckReport.Sizes(shorter[0], shorter[shorter.length / 2], longest);
    }
}
