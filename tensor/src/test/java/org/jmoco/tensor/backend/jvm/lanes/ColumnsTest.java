package org.jmoco.tensor.backend.jvm.lanes;

import static org.jmoco.tensor.backend.jvm.Floats.AT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.jmoco.tensor.backend.jvm.Floats;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plain columns against float64 definitions; vector columns give the same bits as plain ones.
class ColumnsTest {
    /// What a method of [Columns] computes for one element: `m` are the matrices, `v` the vectors' values there.
    interface Definition {
        double at(float[] m, float[] v);
    }

    interface Call {
        void run(Columns columns, MemorySegment[] m, MemorySegment[] v, MemorySegment out);
    }

    private int rows;
    private int columns;
    private float[][] matrices;
    private float[][] vectors;

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "7, 16", "9, 17", "4, 64", "3, 67", "33, 130", "0, 20"})
    void everyMethodFollowsItsDefinition(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        matrices = values(1, rows * columns);
        vectors = values(50, columns);
        summed((m, v) -> m[0], (k, m, v, s) -> k.sums(m[0], AT, s, AT, rows, columns));
        summed(
                (m, v) -> sq(m[0] - v[0]),
                (k, m, v, s) -> k.squaredDeviations(m[0], AT, v[0], AT, s, AT, rows, columns));
        MemorySegment rest = Floats.zeros(columns);
        summed(
                (m, v) -> m[0],
                (k, m, v, s) -> k.gradientSums(m[0], AT, m[1], AT, v[0], AT, s, AT, rest, AT, rows, columns));
        summed(
                (m, v) -> (double) m[0] * (m[1] - v[0]),
                (k, m, v, s) -> k.gradientSums(m[0], AT, m[1], AT, v[0], AT, rest, AT, s, AT, rows, columns));
        summed(
                (m, v) -> m[2] > 0 ? m[0] : 0,
                (k, m, v, s) ->
                        k.reluGradientSums(m[0], AT, m[2], AT, m[1], AT, v[0], AT, s, AT, rest, AT, rows, columns));
        summed(
                (m, v) -> m[2] > 0 ? (double) m[0] * (m[1] - v[0]) : 0,
                (k, m, v, s) ->
                        k.reluGradientSums(m[0], AT, m[2], AT, m[1], AT, v[0], AT, rest, AT, s, AT, rows, columns));
        mapped((m, v) -> m[0] + v[0], (k, m, v, y) -> k.addVector(m[0], AT, v[0], AT, y, AT, rows, columns));
        mapped((m, v) -> m[0] * v[0], (k, m, v, y) -> k.scale(m[0], AT, v[0], AT, y, AT, rows, columns));
        for (boolean relu : new boolean[] {false, true}) {
            mapped(
                    (m, v) -> clip(relu, (double) m[0] * v[0] + v[1]),
                    (k, m, v, y) -> k.affine(relu, m[0], AT, v[0], AT, v[1], AT, y, AT, rows, columns));
            mapped(
                    (m, v) -> clip(relu, (double) m[0] * v[0] + v[1] + m[1]),
                    (k, m, v, y) -> k.affineAdd(relu, m[0], AT, v[0], AT, v[1], AT, m[1], AT, y, AT, rows, columns));
        }
        mapped(
                (m, v) -> (double) m[0] * v[0] + (double) m[1] * v[1] + v[2],
                (k, m, v, y) -> k.gradient(m[0], AT, v[0], AT, m[1], AT, v[1], AT, v[2], AT, y, AT, rows, columns));
        mapped(
                (m, v) -> (m[2] > 0 ? (double) m[0] * v[0] : 0) + (double) m[1] * v[1] + v[2],
                (k, m, v, y) -> k.reluGradient(
                        m[0], AT, m[2], AT, v[0], AT, m[1], AT, v[1], AT, v[2], AT, y, AT, rows, columns));
    }

    private static double sq(double x) {
        return x * x;
    }

    private static double clip(boolean relu, double x) {
        return relu ? Math.max(x, 0) : x;
    }

    private static float[][] values(int seed, int n) {
        return new float[][] {Floats.normal(seed, n), Floats.normal(seed + 1, n), Floats.normal(seed + 2, n)};
    }

    private static MemorySegment[] segments(float[][] values) {
        return Stream.of(values).map(Floats::of).toArray(MemorySegment[]::new);
    }

    private static float[] at(float[][] values, int i) {
        return new float[] {values[0][i], values[1][i], values[2][i]};
    }

    private void summed(Definition definition, Call call) {
        float[] start = Floats.normal(99, columns);
        float[] plain = run(new Columns(), call, start);
        for (int c = 0; c < columns; c++) {
            double expected = start[c];
            for (int r = 0; r < rows; r++) {
                expected += definition.at(at(matrices, r * columns + c), at(vectors, c));
            }
            assertEquals(expected, plain[c], 1e-6 * (rows + 1) * 10);
        }
        assertArrayEquals(plain, run(new VectorColumns(), call, start));
    }

    private void mapped(Definition definition, Call call) {
        float[] plain = run(new Columns(), call, new float[rows * columns]);
        for (int i = 0; i < rows * columns; i++) {
            assertEquals(definition.at(at(matrices, i), at(vectors, i % columns)), plain[i], 1e-5);
        }
        assertArrayEquals(plain, run(new VectorColumns(), call, new float[rows * columns]));
    }

    private float[] run(Columns implementation, Call call, float[] start) {
        MemorySegment out = Floats.of(start);
        call.run(implementation, segments(matrices), segments(vectors), out);
        return Floats.values(out, start.length);
    }
}
