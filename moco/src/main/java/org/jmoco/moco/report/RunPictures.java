package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.embed.TSne;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.SafeTensors;

/// What a run's report shows of its features, kept as files below `pictures/` so that the report can be written
/// again: a grid of nearest neighbours, and a map of the test images.
public final class RunPictures {
    private static final int ROWS = 12;
    private static final int NEAREST = 7;
    /// Test images that the map shows.
    public static final int MOST_POINTS = 1_000;
    private static final String NEIGHBOURS = "pictures/neighbours.png";
    private static final String NEIGHBOUR_LABELS = "pictures/neighbours.safetensors";
    private static final String MAP = "pictures/map.safetensors";
    private static final String CLASSES = "classes";
    private static final String LABELS = "labels";

    private RunPictures() {}

    /// @param positions `[n, 2]` @param labels `[n]` @param classes their names
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    record FeatureMap(float[][] positions, int[] labels, List<String> classes) {}

    /// @param sheet a PNG file   @param labels `[rows][1 + nearest]`   @param classes their names
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    record Neighbours(byte[] sheet, int[][] labels, List<String> classes) {}

    /// Draws both pictures.
    ///
    /// @param bank    features of the training images
    /// @param queries features of the test images
    public static void write(
            Path run,
            FeatureTable bank,
            ImageSource bankImages,
            FeatureTable queries,
            ImageSource queryImages,
            long seed) {
        DMatrixRMaj bankRows = Features.unitRows(Features.of("training features", bank.values()));
        DMatrixRMaj queryRows = Features.unitRows(Features.of("test features", queries.values()));
        NeighbourGrid grid = NeighbourGrid.of(
                Math.min(ROWS, queries.size()),
                Math.min(NEAREST, bank.size()),
                bank,
                bankRows,
                bankImages,
                queries,
                queryRows,
                queryImages);
        byte[] png = PngWriter.encode(grid.sheet());
        AtomicFile.write(run.resolve(NEIGHBOURS), c -> AtomicFile.append(c, MemorySegment.ofArray(png)));
        int[] labels = Arrays.stream(grid.labels()).flatMapToInt(Arrays::stream).toArray();
        SafeTensors.write(
                run.resolve(NEIGHBOUR_LABELS),
                Map.of(LABELS, ArrayData.ofInts(labels, grid.labels().length, grid.labels()[0].length)),
                Map.of(CLASSES, String.join("\n", queryImages.classes())));
        writeMap(run.resolve(MAP), queries, queryRows, queryImages.classes(), seed);
    }

    private static void writeMap(Path file, FeatureTable queries, DMatrixRMaj rows, List<String> classes, long seed) {
        int n = Math.min(MOST_POINTS, rows.numRows);
        DMatrixRMaj shown = new DMatrixRMaj(n, rows.numCols);
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            int row = (int)
                    ((long) i * rows.numRows / n); // evenly over the data set, which may be in the order of its classes
            System.arraycopy(rows.data, row * rows.numCols, shown.data, i * rows.numCols, rows.numCols);
            labels[i] = queries.labels()[row];
        }
        float[][] positions = TSne.USUAL.map(shown, seed);
        float[] flat = new float[2 * n];
        for (int i = 0; i < n; i++) {
            flat[2 * i] = positions[i][0];
            flat[2 * i + 1] = positions[i][1];
        }
        SafeTensors.write(
                file,
                Map.of("positions", ArrayData.ofFloats(flat, n, 2), LABELS, ArrayData.ofInts(labels, n)),
                Map.of(CLASSES, String.join("\n", classes)));
    }

    static Optional<Neighbours> neighbours(Path run) {
        Path file = run.resolve(NEIGHBOURS);
        Path about = run.resolve(NEIGHBOUR_LABELS);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(about)) {
            return Optional.empty();
        }
        SafeTensors saved = SafeTensors.read(about);
        ArrayData table = saved.get(LABELS);
        int[] flat = table.toIntArray();
        int[][] labels = new int[(int) table.dim(0)][];
        for (int r = 0; r < labels.length; r++) {
            labels[r] =
                    Arrays.copyOfRange(flat, r * flat.length / labels.length, (r + 1) * flat.length / labels.length);
        }
        try {
            return Optional.of(new Neighbours(Files.readAllBytes(file), labels, classes(saved)));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static List<String> classes(SafeTensors saved) {
        return List.of(saved.metadata().getOrDefault(CLASSES, "").split("\n", -1));
    }

    static Optional<FeatureMap> map(Path run) {
        Path file = run.resolve(MAP);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        SafeTensors saved = SafeTensors.read(file);
        float[] flat = saved.get("positions").toFloatArray();
        float[][] positions = new float[flat.length / 2][];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = new float[] {flat[2 * i], flat[2 * i + 1]};
        }
        return Optional.of(new FeatureMap(positions, saved.get(LABELS).toIntArray(), classes(saved)));
    }
}
