package org.jmoco.eval.knn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.OwnedMemory;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Search and vote against a reference that sorts all float64 cosines.
class KnnClassifierTest {
    private static final Device DEVICE = Device.jvm(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static float[][] random(int n, int d, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, n)
                .mapToObj(i -> {
                    float[] row = new float[d];
                    for (int c = 0; c < d; c++) {
                        row[c] = (float) random.nextGaussian() * 3;
                    }
                    return row;
                })
                .toArray(float[][]::new);
    }

    private static ArrayData data(float[][] rows) {
        int d = rows[0].length;
        float[] flat = new float[rows.length * d];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * d, d);
        }
        return ArrayData.ofFloats(flat, rows.length, d);
    }

    private record Near(int row, double similarity) {}

    private static double length(float[] x) {
        double squares = 0;
        for (float v : x) {
            squares += (double) v * v;
        }
        return Math.sqrt(squares);
    }

    private static List<Near> referenceOrder(float[][] bank, float[] query) {
        List<Near> all = new ArrayList<>();
        for (int i = 0; i < bank.length; i++) {
            double dot = 0;
            for (int c = 0; c < query.length; c++) {
                dot += (double) query[c] * bank[i][c];
            }
            double lengths = length(query) * length(bank[i]);
            all.add(new Near(i, lengths == 0 ? 0 : dot / lengths));
        }
        all.sort(Comparator.comparingDouble(Near::similarity).reversed().thenComparingInt(Near::row));
        return all;
    }

    private static int referenceVote(List<Near> order, int[] labels, int k, double temperature) {
        double[] score = new double[IntStream.of(labels).max().orElseThrow() + 1];
        for (Near n : order.subList(0, k)) {
            score[labels[n.row()]] += Math.exp(n.similarity() / temperature);
        }
        int best = 0;
        for (int c = 1; c < score.length; c++) {
            if (score[c] > score[best]) {
                best = c;
            }
        }
        return best;
    }

    @Test
    void findsWhatFloat64FindsAlsoWhereFloat32CannotTell() {
        float[][] bank = random(900, 37, 1);
        // Pairs closer than float32's rounding: the same direction but for the last bits of one element.
        for (int i = 0; i < 300; i++) {
            bank[600 + i] = bank[i].clone();
            bank[600 + i][i % 37] = Math.nextUp(Math.nextUp(bank[i][i % 37]));
        }
        float[][] queries = random(300, 37, 2);
        for (int i = 0; i < 100; i++) {
            queries[i] = bank[i].clone();
        }
        Neighbours found = new NearestNeighbours(DEVICE, data(bank)).of(data(queries), 21);
        for (int q = 0; q < queries.length; q++) {
            List<Near> expected = referenceOrder(bank, queries[q]);
            for (int r = 0; r < 21; r++) {
                assertEquals(
                        expected.get(r).similarity(),
                        found.similarity(q, r),
                        4e-16 * 37,
                        "query " + q + ", neighbour " + r);
                assertEquals(
                        expected.get(r).similarity(),
                        referenceOf(expected, found.row(q, r)),
                        4e-16,
                        "query " + q + ", neighbour " + r);
            }
        }
    }

    private static double referenceOf(List<Near> order, int row) {
        return order.stream()
                .filter(n -> n.row() == row)
                .findFirst()
                .orElseThrow()
                .similarity();
    }

    @Test
    void aBankOfSeveralChunksGivesWhatOneSortGives() {
        float[][] bank = random(40_000, 5, 3);
        float[][] queries = random(7, 5, 4);
        Neighbours found = new NearestNeighbours(DEVICE, data(bank)).of(data(queries), 50);
        for (int q = 0; q < queries.length; q++) {
            int[] expected = referenceOrder(bank, queries[q]).stream()
                    .limit(50)
                    .mapToInt(Near::row)
                    .toArray();
            assertArrayEquals(expected, java.util.Arrays.copyOfRange(found.rows(), q * 50, q * 50 + 50));
        }
    }

    @Test
    void ofEqualRowsTheLowerNumbersComeFirst() {
        float[][] bank = new float[700][];
        java.util.Arrays.setAll(bank, i -> new float[] {1, 2, 3});
        bank[650] = new float[] {1, 2, 2.9f};
        Neighbours found = new NearestNeighbours(DEVICE, data(bank)).of(data(new float[][] {{2, 4, 6}}), 5);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, found.rows());
    }

    @Test
    void votesAsTheReferenceVotes() {
        float[][] bank = random(500, 16, 5);
        float[][] queries = random(200, 16, 6);
        int[] labels = IntStream.range(0, 500).map(i -> i * 7 % 10).toArray();
        int[] truth = IntStream.range(0, 200).map(i -> i % 10).toArray();
        List<Vote> votes = List.of(new Vote(1, 0.07), new Vote(20, 0.07), new Vote(200, 0.1), new Vote(500, 0.001));
        List<Double> found = new KnnClassifier(DEVICE, data(bank), labels).accuracies(data(queries), truth, votes);
        for (int v = 0; v < votes.size(); v++) {
            int right = 0;
            for (int q = 0; q < queries.length; q++) {
                right += referenceVote(
                                        referenceOrder(bank, queries[q]),
                                        labels,
                                        votes.get(v).k(),
                                        votes.get(v).temperature())
                                == truth[q]
                        ? 1
                        : 0;
            }
            assertEquals(100.0 * right / 200, found.get(v), 0, votes.get(v).toString());
        }
    }

    @Test
    void ofEqualScoresTheLowestClassWins() {
        Neighbours two = new Neighbours(2, new int[] {0, 1}, new double[] {0.5, 0.5});
        assertArrayEquals(new int[] {3}, new Vote(2, 0.1).predict(two, new int[] {7, 3}, 8));
    }

    @Test
    void aRowOfZerosIsSimilarToNothing() {
        Neighbours found = new NearestNeighbours(DEVICE, data(new float[][] {{0, 0}, {-1, 0}, {1, 1}}))
                .of(data(new float[][] {{1, 0}}), 3);
        assertArrayEquals(new int[] {2, 0, 1}, found.rows());
        assertEquals(0, found.similarity(0, 1));
    }

    @Test
    void mistakesAreNamed() {
        ArrayData bank = data(random(4, 3, 7));
        assertEquals(
                "knn: k must lie between 1 and the bank's 4 rows, got 5",
                message(() -> new NearestNeighbours(DEVICE, bank).of(bank, 5)));
        assertEquals(
                "knn: queries have 2 columns, the bank has 3",
                message(() -> new NearestNeighbours(DEVICE, bank).of(data(random(1, 2, 8)), 1)));
        assertEquals(
                "knn: row 1 of the bank holds a value that is not finite",
                message(() -> new NearestNeighbours(DEVICE, data(new float[][] {{1}, {Float.NaN}}))));
        assertEquals(
                "knn: row 2 of the bank has no class",
                message(() -> new KnnClassifier(DEVICE, bank, new int[] {0, 1, -1, 0})));
        assertTrue(
                message(() -> new KnnClassifier(DEVICE, bank, new int[] {0})).startsWith("knn: 1 labels for the bank"));
    }

    private static String message(org.junit.jupiter.api.function.Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    /// A training looks after every epoch.
    @Test
    void aClosedOneKeepsNothing() {
        long before = OwnedMemory.held();
        ArrayData bank = data(random(400, 64, 1));
        try (NearestNeighbours search = new NearestNeighbours(DEVICE, bank)) {
            search.of(bank, 1);
        }
        assertTrue(OwnedMemory.held() <= before, OwnedMemory.held() - before + " bytes are kept");
    }
}
