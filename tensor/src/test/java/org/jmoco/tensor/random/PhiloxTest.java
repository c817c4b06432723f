package org.jmoco.tensor.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {

    /// The known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
    @Test
    void givesTheKnownAnswers() {
        assertBlock("6627e8d5 e169c58d bc57ac4c 9b00dbd8", 0L, 0, 0, 0, 0);
        assertBlock("408f276d 41c83b0e a20bc7c6 6d5451fd", -1L, -1, -1, -1, -1);
        assertBlock(
                "d16cfe09 94fdcceb 5001e420 24126ea1",
                0x299f31d0_a4093822L,
                0x243f6a88,
                0x85a308d3,
                0x13198a2e,
                0x03707344);
    }

    @Test
    void aStreamIsTheBlocksOfItsCounter() {
        Philox stream = new Philox(7, 1, 2, 3);
        int[] expected = new int[12];
        for (int b = 0; b < 3; b++) {
            Philox.block(7, b, 1, 2, 3, expected, 4 * b);
        }
        assertArrayEquals(
                expected, IntStream.range(0, 12).map(i -> stream.nextInt()).toArray());
    }

    @Test
    void streamsWithDifferentCoordinatesDiffer() {
        int first = new Philox(7, 1, 2, 3).nextInt();
        assertNotEquals(first, new Philox(8, 1, 2, 3).nextInt());
        assertNotEquals(first, new Philox(7, 2, 2, 3).nextInt());
        assertNotEquals(first, new Philox(7, 1, 3, 3).nextInt());
        assertNotEquals(first, new Philox(7, 1, 2, 4).nextInt());
    }

    @Test
    void uniformsFillTheirInterval() {
        Philox draws = new Philox(1, 0, 0, 0);
        int n = 200_000;
        int[] tenths = new int[10];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double u = i % 2 == 0 ? draws.nextDouble() : draws.nextFloat();
            assertTrue(u >= 0 && u < 1);
            tenths[(int) (u * 10)]++;
            sum += u;
        }
        assertEquals(0.5, sum / n, 5 * Math.sqrt(1 / 12.0 / n));
        assertTrue(chiSquare(tenths, n) < 27.9, "chi-square with 9 degrees, 0.1 %: " + Arrays.toString(tenths));
    }

    @Test
    void belowIsUniformAlsoForBoundsThatDoNotDivideTheRange() {
        Philox draws = new Philox(2, 0, 0, 0);
        int n = 100_000;
        int[] counts = new int[7];
        for (int i = 0; i < n; i++) {
            counts[draws.below(7)]++;
        }
        assertTrue(chiSquare(counts, n) < 22.5, "chi-square with 6 degrees, 0.1 %: " + Arrays.toString(counts));
        // 2³² / bound = 8/3: without rejection the residues 0, 1, 2 would come in the proportion 3 : 3 : 2.
        int bound = 0x60000000;
        int[] residues = new int[3];
        for (int i = 0; i < n; i++) {
            residues[draws.below(bound) % 3]++;
        }
        assertTrue(chiSquare(residues, n) < 13.8, "chi-square with 2 degrees, 0.1 %: " + Arrays.toString(residues));
        assertThrows(IllegalArgumentException.class, () -> draws.below(0));
    }

    @Test
    void normalsHaveTheMomentsOfTheNormal() {
        Philox draws = new Philox(3, 0, 0, 0);
        int n = 200_000;
        double m1 = 0;
        double m2 = 0;
        double m4 = 0;
        for (int i = 0; i < n; i++) {
            double x = draws.nextNormal();
            m1 += x;
            m2 += x * x;
            m4 += x * x * x * x;
        }
        double bound = 5 / Math.sqrt(n);
        assertEquals(0, m1 / n, bound);
        assertEquals(1, m2 / n, bound * Math.sqrt(2));
        assertEquals(3, m4 / n, bound * Math.sqrt(96));
    }

    @Test
    void permutationsAreCompleteAndUniform() {
        assertArrayEquals(
                IntStream.range(0, 1000).toArray(),
                Arrays.stream(new Philox(4, 0, 0, 0).permutation(1000)).sorted().toArray());
        int[] counts = new int[27];
        int n = 60_000;
        for (int i = 0; i < n; i++) {
            int[] p = new Philox(5, i, 0, 0).permutation(3);
            counts[p[0] * 9 + p[1] * 3 + p[2]]++;
        }
        int[] seen = Arrays.stream(counts).filter(c -> c > 0).toArray();
        assertEquals(6, seen.length);
        assertTrue(chiSquare(seen, n) < 20.5, "chi-square with 5 degrees, 0.1 %: " + Arrays.toString(seen));
        assertEquals(0, new Philox(6, 0, 0, 0).permutation(0).length);
    }

    private static void assertBlock(String words, long key, int c0, int c1, int c2, int c3) {
        int[] out = new int[4];
        Philox.block(key, c0, c1, c2, c3, out, 0);
        assertEquals(words, String.format("%08x %08x %08x %08x", out[0], out[1], out[2], out[3]));
    }

    private static double chiSquare(int[] counts, int n) {
        double expected = n / (double) counts.length;
        return Arrays.stream(counts)
                .mapToDouble(c -> (c - expected) * (c - expected) / expected)
                .sum();
    }
}
