package org.jmoco.eval.result;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.MeanIou;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.MappedFile;
import org.jmoco.tensor.io.SafeTensors;

/// A result on disk: `result.json` for people and programs, `items.safetensors` with what every test item
/// contributed to the metrics that can be compared.
///
/// In `items.safetensors` metric `m` has either `m/correct`, BOOL `[n]`, with `m/labels`, I32 `[n]`, or
/// `m/scores`, F64 `[draws, classes, n]`, with `m/labels`, I8 `[n, classes]` of 1, 0, −1, or `m/hit`,
/// `m/predicted`, `m/labelled`, I64 `[n, classes]`, numbers of pixels, or the arrays of [DetectedItems].
public final class ResultFolder {
    /// The result itself.
    public static final String RESULT = "result.json";

    /// What the items contributed.
    public static final String ITEMS = "items.safetensors";

    /// Pictures that belong on its page, a folder of PNG files whose names are their captions.
    public static final String PICTURES = "pictures";

    private static final String CORRECT = "/correct";
    private static final String SCORES = "/scores";
    private static final String LABELS = "/labels";
    private static final String HIT = "/hit";
    private static final String PREDICTED = "/predicted";
    private static final String LABELLED = "/labelled";

    private ResultFolder() {}

    /// Writes a result, `result.json` last; each file replaces an old one as a whole. Equal results give equal
    /// bytes.
    ///
    /// @throws java.io.UncheckedIOException if the folder cannot be written
    public static void write(Path folder, EvaluationResult result) {
        Map<String, ArrayData> arrays = new TreeMap<>();
        for (Metric metric : result.metrics()) {
            metric.items().ifPresent(items -> put(arrays, metric.name(), items));
        }
        if (!arrays.isEmpty()) {
            SafeTensors.write(folder.resolve(ITEMS), arrays, Map.of());
        }
        byte[] json = Json.bytes(ResultJson.tree(result));
        AtomicFile.write(folder.resolve(RESULT), channel -> AtomicFile.append(channel, MemorySegment.ofArray(json)));
    }

    /// Looks whether a result can be written to a folder, before it is computed. Writes nothing.
    ///
    /// @throws java.io.UncheckedIOException if not
    public static void requirePlace(Path folder) {
        AtomicFile.requirePlace(folder.resolve(RESULT));
    }

    /// Reads what [#write] wrote.
    ///
    /// @param path the folder, or the `result.json` in it
    /// @throws FormatException if a file is damaged @throws java.io.UncheckedIOException if one is missing
    public static EvaluationResult read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(RESULT) : path;
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (IOException e) {
            throw MappedFile.failed("read", file, e);
        }
        Path items = file.resolveSibling(ITEMS);
        Optional<SafeTensors> arrays = Files.exists(items) ? Optional.of(SafeTensors.read(items)) : Optional.empty();
        return ResultJson.result(
                file.toString(),
                Json.parse(file.toString(), json),
                metric -> arrays.flatMap(a -> items(items.toString(), a, metric)));
    }

    private static void put(Map<String, ArrayData> arrays, String metric, Items items) {
        switch (items) {
            case Items.Correct c -> {
                arrays.put(metric + CORRECT, booleans(c.correct()));
                arrays.put(metric + LABELS, ArrayData.ofInts(c.labels()));
            }
            case Items.Ranked r -> {
                arrays.put(metric + SCORES, scores(r.scores()));
                arrays.put(metric + LABELS, labels(r.labels()));
            }
            case Items.Segmented s -> {
                arrays.put(metric + HIT, rows(s.images(), MeanIou.Counts::hit));
                arrays.put(metric + PREDICTED, rows(s.images(), MeanIou.Counts::predicted));
                arrays.put(metric + LABELLED, rows(s.images(), MeanIou.Counts::labelled));
            }
            case Items.Detected d -> DetectedItems.put(arrays, metric, d);
        }
    }

    private static ArrayData booleans(boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return ArrayData.of(ElementType.BOOL, new long[] {bytes.length}, MemorySegment.ofArray(bytes));
    }

    private static ArrayData scores(double[][][] scores) {
        int classes = scores[0].length;
        int n = scores[0][0].length;
        double[] flat = new double[scores.length * classes * n];
        for (int p = 0; p < scores.length * classes; p++) {
            System.arraycopy(scores[p / classes][p % classes], 0, flat, p * n, n);
        }
        return ArrayData.ofDoubles(flat, scores.length, classes, n);
    }

    private static ArrayData labels(LabelMatrix labels) {
        byte[] cells = new byte[labels.items() * labels.classes()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (byte) labels.at(i / labels.classes(), i % labels.classes());
        }
        return ArrayData.of(
                ElementType.I8, new long[] {labels.items(), labels.classes()}, MemorySegment.ofArray(cells));
    }

    private static ArrayData rows(List<MeanIou.Counts> images, Function<MeanIou.Counts, long[]> row) {
        long[] flat = images.stream().map(row).flatMapToLong(Arrays::stream).toArray();
        return ArrayData.ofLongs(flat, images.size(), images.getFirst().classes());
    }

    private static Items segmented(String file, Map<String, ArrayData> all, String metric) {
        List<ArrayData> tables = Stream.of(HIT, PREDICTED, LABELLED)
                .map(name -> all.get(metric + name))
                .filter(Objects::nonNull)
                .toList();
        ArrayData first = tables.getFirst();
        if (tables.size() < 3
                || tables.stream().anyMatch(t -> t.rank() != 2 || !Arrays.equals(t.shape(), first.shape()))) {
            throw new FormatException(file, metric + ": three tables of pixels were expected, images by classes");
        }
        List<MeanIou.Counts> images = new ArrayList<>();
        for (int i = 0; i < first.dim(0); i++) {
            int image = i;
            List<long[]> rows = tables.stream().map(table -> row(table, image)).toList();
            images.add(new MeanIou.Counts(rows.get(0), rows.get(1), rows.get(2)));
        }
        return new Items.Segmented(images);
    }

    private static long[] row(ArrayData table, int i) {
        int width = (int) table.dim(1);
        return LongStream.range((long) i * width, (i + 1L) * width)
                .map(table::longAt)
                .toArray();
    }

    private static Optional<Items> items(String file, SafeTensors arrays, String metric) {
        Map<String, ArrayData> all = arrays.arrays();
        if (all.containsKey(metric + LABELLED)) {
            return Optional.of(segmented(file, all, metric));
        }
        if (DetectedItems.has(all, metric)) {
            return Optional.of(DetectedItems.read(file, all, metric));
        }
        if (!all.containsKey(metric + LABELS)) {
            return Optional.empty();
        }
        if (all.containsKey(metric + CORRECT)) {
            int[] values = all.get(metric + CORRECT).toIntArray();
            boolean[] correct = new boolean[values.length];
            for (int i = 0; i < correct.length; i++) {
                correct[i] = values[i] != 0;
            }
            int[] labels = all.get(metric + LABELS).toIntArray();
            if (labels.length != correct.length) {
                throw new FormatException(
                        file, metric + ": " + correct.length + " answers for " + labels.length + " labels");
            }
            return Optional.of(new Items.Correct(correct, labels));
        }
        if (!all.containsKey(metric + SCORES)) {
            return Optional.empty();
        }
        ArrayData scores = all.get(metric + SCORES);
        LabelMatrix labels = LabelMatrix.of(file + ", " + metric + LABELS, all.get(metric + LABELS));
        if (scores.rank() != 3 || scores.dim(1) != labels.classes() || scores.dim(2) != labels.items()) {
            throw new FormatException(
                    file,
                    metric + SCORES + " " + scores + " does not fit the labels of " + labels.items() + " items and "
                            + labels.classes() + " classes");
        }
        return Optional.of(new Items.Ranked(nested(scores), labels));
    }

    private static double[][][] nested(ArrayData scores) {
        double[] flat = scores.toDoubleArray();
        int classes = (int) scores.dim(1);
        int n = (int) scores.dim(2);
        double[][][] nested = new double[(int) scores.dim(0)][classes][n];
        for (int p = 0; p < nested.length * classes; p++) {
            System.arraycopy(flat, p * n, nested[p / classes][p % classes], 0, n);
        }
        return nested;
    }
}
