package org.jmoco.tensor.backend.jvm.products;

import static org.jmoco.tensor.backend.jvm.Floats.AT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jmoco.tensor.backend.LargeMemory;
import org.jmoco.tensor.backend.jvm.Floats;
import org.jmoco.tensor.backend.jvm.lanes.Transpose;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every micro-kernel against plain float64 sums, within the bounds of the conformance suite.
class GemmTest {
    static Stream<MicroKernel> kernels() {
        return Stream.of(
                new PlainKernel(),
                new VectorKernel6x4(),
                new VectorKernel8x3(),
                new VectorKernel12x2(),
                new VectorKernel14x1(),
                new VectorKernel12x1(),
                new VectorKernel6x2());
    }

    /// One product with its inputs; A and B are stored transposed if the flags say so.
    private static final class Case {
        final int m;
        final int n;
        final int k;
        final float[] a;
        final float[] b;
        final Matrix left;
        final Matrix right;

        Case(int m, int n, int k, boolean transposeA, boolean transposeB) {
            this.m = m;
            this.n = n;
            this.k = k;
            a = Floats.normal(1, m * k);
            b = Floats.normal(2, k * n);
            left = new Matrix(Floats.of(stored(a, m, k, transposeA)), AT, transposeA ? m : k, transposeA);
            right = new Matrix(Floats.of(stored(b, k, n, transposeB)), AT, transposeB ? k : n, transposeB);
        }

        private static float[] stored(float[] x, int rows, int columns, boolean transpose) {
            if (!transpose) {
                return x;
            }
            float[] y = new float[x.length];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    y[c * rows + r] = x[r * columns + c];
                }
            }
            return y;
        }

        float[] run(MicroKernel kernel, Workers workers) {
            MemorySegment c = Floats.of(Floats.normal(3, m * n));
            new Gemm(kernel).multiply(workers, m, n, k, left, right, Gemm.Output.to(c, AT, n));
            return Floats.values(c, m * n);
        }

        void check(float[] c, float[] bias) {
            double error = 0;
            double norm = 0;
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double expected = bias[j];
                    double size = Math.abs(bias[j]);
                    for (int kk = 0; kk < k; kk++) {
                        double term = (double) a[i * k + kk] * b[kk * n + j];
                        expected += term;
                        size += Math.abs(term);
                    }
                    double difference = c[i * n + j] - expected;
                    assertTrue(
                            Math.abs(difference) <= 16 * 0x1p-24 * size,
                            "element " + i + ", " + j + " is off by " + difference);
                    error += difference * difference;
                    norm += expected * expected;
                }
            }
            assertTrue(Math.sqrt(error) <= 3e-6 * Math.sqrt(norm), () -> m + "×" + n + "×" + k);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void productsOfOddSizesWithinTheBounds(MicroKernel kernel) {
        int[][] sizes = {
            {1, 1, 1}, {3, 7, 2}, {17, 33, 5}, {14, 32, 256}, {15, 31, 257}, {1, 70, 300}, {120, 3, 17}, {33, 65, 600}
        };
        try (Workers workers = new Workers(2)) {
            for (int[] size : sizes) {
                for (int transposes = 0; transposes < 4; transposes++) {
                    Case c = new Case(size[0], size[1], size[2], (transposes & 1) != 0, (transposes & 2) != 0);
                    c.check(c.run(kernel, workers), new float[c.n]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void addsTheBias(MicroKernel kernel) {
        for (int k : new int[] {0, 9, 300}) {
            Case c = new Case(19, 37, k, false, false);
            float[] bias = Floats.normal(8, 37);
            MemorySegment out = Floats.of(Floats.normal(7, 19 * 37));
            new Gemm(kernel)
                    .multiply(
                            new Workers(1),
                            19,
                            37,
                            k,
                            c.left,
                            c.right,
                            Gemm.Output.to(out, AT, 37).plusBias(Floats.of(bias), AT));
            c.check(Floats.values(out, 19 * 37), bias);
        }
    }

    /// Blocks for each thread must not be more than there are tiles.
    @ParameterizedTest
    @MethodSource("kernels")
    void anyNumberOfRowsOnAnyNumberOfThreads(MicroKernel kernel) {
        try (Workers one = new Workers(1)) {
            for (int threads = 2; threads <= 7; threads++) {
                try (Workers workers = new Workers(threads)) {
                    for (int m = 20; m <= 260; m += 7) {
                        Case c = new Case(m, 10, 5, false, false);
                        assertArrayEquals(c.run(kernel, one), c.run(kernel, workers), m + " rows, " + threads);
                    }
                }
            }
        }
    }

    /// Their places in one block would not fit into an `int`. Of the memory only what is touched exists.
    @ParameterizedTest
    @MethodSource("kernels")
    void rowsMayLieGigabytesApart(MicroKernel kernel) {
        Case c = new Case(2, 37, 9, false, false);
        int apart = (1 << 29) + 16;
        try (Arena arena = Arena.ofShared();
                Workers workers = new Workers(2)) {
            MemorySegment far = LargeMemory.allocate(arena, 4L * (apart + c.k));
            MemorySegment out = Floats.of(Floats.normal(7, c.m * c.n));
            for (int r = 0; r < c.m; r++) {
                MemorySegment.copy(c.a, r * c.k, far, ValueLayout.JAVA_FLOAT, 4L * r * apart, c.k);
            }
            Gemm.Output to = Gemm.Output.to(out, AT, c.n);
            new Gemm(kernel).multiply(workers, c.m, c.n, c.k, Matrix.of(far, 0, apart), c.right, to);
            assertArrayEquals(c.run(kernel, workers), Floats.values(out, c.m * c.n));
        }
    }

    @Test
    void anEmptySumIsZeroAndAnEmptyMatrixIsNothing() {
        MemorySegment out = Floats.of(5, 6);
        new Gemm()
                .multiply(
                        new Workers(1),
                        1,
                        2,
                        0,
                        Matrix.of(out, AT, 0),
                        Matrix.of(out, AT, 2),
                        Gemm.Output.to(out, AT, 2));
        assertArrayEquals(new float[] {0, 0}, Floats.values(out, 2));
        MemorySegment one = Floats.of(4);
        new Gemm()
                .multiply(
                        new Workers(1),
                        0,
                        1,
                        3,
                        Matrix.of(one, AT, 3),
                        Matrix.of(one, AT, 1),
                        Gemm.Output.to(out, AT, 1));
        assertArrayEquals(new float[] {0, 0}, Floats.values(out, 2));
    }

    /// Bits depend on the row, the column and k: not on the threads, on how many rows there are, or on which are
    /// together.
    @ParameterizedTest
    @MethodSource("kernels")
    void bitsDependOnNeitherThreadsNorRowsNorColumns(MicroKernel kernel) {
        Case c = new Case(131, 75, 515, false, false);
        float[] one = c.run(kernel, new Workers(1));
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                assertArrayEquals(one, c.run(kernel, workers));
            }
        }
        int firstRow = 5;
        int firstColumn = 3;
        int rows = 18;
        int columns = 35;
        MemorySegment part = Floats.zeros(rows * columns);
        new Gemm(kernel)
                .multiply(
                        new Workers(1),
                        rows,
                        columns,
                        c.k,
                        Matrix.of(c.left.data(), AT + (long) firstRow * c.k, c.k),
                        Matrix.of(c.right.data(), AT + firstColumn, c.n),
                        Gemm.Output.to(part, AT, columns));
        for (int r = 0; r < rows; r++) {
            int from = (firstRow + r) * c.n + firstColumn;
            assertArrayEquals(
                    Arrays.copyOfRange(one, from, from + columns),
                    Arrays.copyOfRange(Floats.values(part, rows * columns), r * columns, (r + 1) * columns));
        }
    }

    /// Few rows with many columns are multiplied panel by panel, many rows block by block, and the narrowest
    /// kernel that suits the rest of the columns does it.
    @ParameterizedTest
    @MethodSource("kernels")
    void allFormsAndKernelsGiveTheSameBits(MicroKernel kernel) {
        Case many = new Case(1100, 83, 520, false, false);
        float[] expected = many.run(kernel, new Workers(1));
        Case few = new Case(1100, 83, 520, false, false);
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                MemorySegment out = Floats.zeros(40 * 83);
                new Gemm().multiply(workers, 40, 83, 520, few.left, few.right, Gemm.Output.to(out, AT, 83));
                assertArrayEquals(Arrays.copyOf(expected, 40 * 83), Floats.values(out, 40 * 83));
            }
        }
    }

    @Test
    void aTransposeOfAnyShape() {
        for (int rows : new int[] {1, 4, 17, 40}) {
            for (int columns : new int[] {1, 3, 16, 35}) {
                float[] x = Floats.normal(1, rows * columns);
                MemorySegment y = Floats.zeros(rows * columns);
                Transpose.run(Floats.of(x), AT, columns, rows, columns, y, AT, rows);
                float[] values = Floats.values(y, rows * columns);
                for (int i = 0; i < x.length; i++) {
                    assertEquals(x[i], values[i % columns * rows + i / columns]);
                }
            }
        }
    }

    @Test
    void aProductDoesNotTakeAnArray() {
        MemorySegment array = MemorySegment.ofArray(new float[256 * 256]);
        MemorySegment memory = Arena.ofAuto().allocate(256 * 256 * 4L, 64);
        try (Workers workers = new Workers(1)) {
            Gemm gemm = new Gemm(new VectorKernel6x4());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> gemm.multiply(
                            workers,
                            256,
                            256,
                            256,
                            Matrix.of(array, 0, 256),
                            Matrix.of(memory, 0, 256),
                            Gemm.Output.to(memory, 0, 256)));
        }
    }
}
