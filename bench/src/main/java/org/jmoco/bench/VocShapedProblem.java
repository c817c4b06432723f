package org.jmoco.bench;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.linalg.RowProducts;
import org.jmoco.tensor.random.Philox;

/// Synthetic features and labels of the shape and class skew of Pascal VOC 2007: 5,011 training and 4,952 test
/// images, 20 classes from 96 (sheep) to 2,008 (person) training positives, some "difficult".
///
/// An image is a point of a latent space with a falling spectrum, moved by the classes it shows; every channel
/// sees it along a random direction. The last feature map of a ResNet is 7 × 7 and is pooled to 2 × 2 by windows
/// of 6 × 6, so the four cells of a channel have 25 of their 36 positions in common. The map is made of 3 × 3
/// blocks here, one, five and one positions wide; a block sees the image and something of its own, rectified
/// softly, as the mean of many rectified positions is. Features are hence nonnegative, hardly ever zero, nearly
/// the same four times over, and alike from image to image. All numbers follow from the seed alone.
///
/// @param train `[n, d]`, flattened in the order channel, row, column @param trainLabels `[n, 20]` @param test
///     `[m, d]` @param testLabels `[m, 20]`
record VocShapedProblem(DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels) {

    static final int TRAIN = 5_011;
    static final int TEST = 4_952;

    /// Positive trainval images of each class in VOC 2007.
    private static final int[] POSITIVES = {
        238, 243, 330, 181, 244, 186, 713, 337, 445, 141, 200, 421, 287, 245, 2008, 245, 96, 229, 261, 256
    };

    private static final double DIFFICULT = 0.02;
    private static final int LATENT = 400;
    private static final int CELLS = 4;

    /// Blocks of a side of the feature map and how many positions wide each is.
    private static final int[] BLOCKS = {1, 5, 1};

    private static final double CLASS_SHIFT = 0.25;
    private static final double OWN = 2;
    private static final double THRESHOLD = 0.5;
    private static final double GAIN = 1;

    /// @param scale share of the images and of the features, 1 for the full size
    static VocShapedProblem of(double scale, long seed) {
        int n = (int) Math.round(TRAIN * scale);
        int m = (int) Math.round(TEST * scale);
        int channels = (int) Math.round(2_048 * scale);
        double[] spread = IntStream.range(0, LATENT)
                .mapToDouble(k -> 1 / Math.sqrt(1 + k / 4.0))
                .toArray();
        double length = Math.sqrt(Arrays.stream(spread).map(s -> s * s).sum());
        DMatrixRMaj shifts = normal(POSITIVES.length, LATENT, seed, 1);
        DMatrixRMaj directions = normal(channels, LATENT, seed, 2);
        int[][] labels = labels(n, m, seed);
        DMatrixRMaj latent = normal(n + m, LATENT, seed, 3);
        for (int i = 0; i < n + m; i++) {
            for (int k = 0; k < LATENT; k++) {
                double z = latent.get(i, k);
                for (int c = 0; c < POSITIVES.length; c++) {
                    z += labels[i][c] != 0 ? CLASS_SHIFT * shifts.get(c, k) : 0;
                }
                latent.set(i, k, z * spread[k] / length);
            }
        }
        return new VocShapedProblem(
                features(latent, directions, 0, n, seed),
                LabelMatrix.of(Arrays.copyOfRange(labels, 0, n)),
                features(latent, directions, n, n + m, seed),
                LabelMatrix.of(Arrays.copyOfRange(labels, n, n + m)));
    }

    /// Pooled features of the images `from … to − 1`, rounded to float32 as an encoder gives them.
    private static DMatrixRMaj features(DMatrixRMaj latent, DMatrixRMaj directions, int from, int to, long seed) {
        DMatrixRMaj rows = new DMatrixRMaj(to - from, LATENT);
        System.arraycopy(latent.data, from * LATENT, rows.data, 0, rows.data.length);
        DMatrixRMaj seen = new DMatrixRMaj(1, 1);
        RowProducts.multiply(rows, directions, seen);
        int channels = directions.numRows;
        DMatrixRMaj x = new DMatrixRMaj(to - from, CELLS * channels);
        IntStream.range(0, x.numRows).parallel().forEach(i -> {
            Philox draws = new Philox(seed, from + i, 4, 0);
            for (int c = 0; c < channels; c++) {
                double[] cells = new double[CELLS];
                for (int b = 0; b < BLOCKS.length * BLOCKS.length; b++) {
                    int down = b / BLOCKS.length;
                    int across = b % BLOCKS.length;
                    double area = BLOCKS[down] * BLOCKS[across];
                    double response =
                            Math.log1p(Math.exp(GAIN * (seen.get(i, c) + OWN * draws.nextNormal() - THRESHOLD)));
                    for (int cell = 0; cell < CELLS; cell++) {
                        boolean inside = Math.abs(2 * (cell / 2) - down) < 2 && Math.abs(2 * (cell % 2) - across) < 2;
                        cells[cell] += inside ? area * response / 36 : 0;
                    }
                }
                for (int cell = 0; cell < CELLS; cell++) {
                    x.set(i, c * CELLS + cell, (float) cells[cell]);
                }
            }
        });
        return x;
    }

    /// The right number of positives of every class among the first `n` images, and in proportion among the other `m`.
    private static int[][] labels(int n, int m, long seed) {
        int[][] labels = new int[n + m][POSITIVES.length];
        for (int c = 0; c < POSITIVES.length; c++) {
            Philox draws = new Philox(seed, c, 5, 0);
            int[] train = draws.permutation(n);
            int[] test = draws.permutation(m);
            for (int i = 0; i < Math.max(3, Math.round((double) POSITIVES[c] * n / TRAIN)); i++) {
                labels[train[i]][c] = 1;
            }
            for (int i = 0; i < Math.max(3, Math.round((double) POSITIVES[c] * m / TRAIN)); i++) {
                labels[n + test[i]][c] = 1;
            }
            for (int[] row : labels) {
                row[c] = row[c] == 0 && draws.nextDouble() < DIFFICULT ? -1 : row[c];
            }
        }
        return labels;
    }

    private static DMatrixRMaj normal(int rows, int columns, long seed, int stream) {
        DMatrixRMaj out = new DMatrixRMaj(rows, columns);
        IntStream.range(0, rows).parallel().forEach(i -> {
            Philox draws = new Philox(seed, i, stream, 0);
            for (int k = 0; k < columns; k++) {
                out.set(i, k, draws.nextNormal());
            }
        });
        return out;
    }
}
