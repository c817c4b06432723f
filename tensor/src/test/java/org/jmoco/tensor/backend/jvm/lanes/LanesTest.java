package org.jmoco.tensor.backend.jvm.lanes;

import static org.jmoco.tensor.backend.jvm.Floats.AT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jmoco.tensor.backend.jvm.Floats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Both implementations against the definitions in float64, at lengths around and between multiples of the vector
/// width.
class LanesTest {
    private static final int[] LENGTHS = {0, 1, 3, 7, 8, 15, 16, 17, 33, 64, 67, 128, 1000};

    static Stream<Lanes> both() {
        return Stream.of(new VectorLanes(), new Lanes());
    }

    interface Unary {
        void run(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);
    }

    interface Binary {
        void run(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);
    }

    private static void unary(DoubleUnaryOperator definition, Unary method, double ulps) {
        for (int n : LENGTHS) {
            float[] x = Floats.normal(n, n);
            MemorySegment y = Floats.of(Floats.normal(1, n));
            method.run(Floats.of(x), AT, y, AT, n);
            for (int i = 0; i < n; i++) {
                check(definition.applyAsDouble(x[i]), Floats.values(y, n)[i], ulps);
            }
        }
    }

    private static void binary(DoubleBinaryOperator definition, Binary method, double ulps) {
        for (int n : LENGTHS) {
            float[] x = Floats.normal(n, n);
            float[] y = Floats.normal(n + 1, n);
            MemorySegment z = Floats.of(Floats.normal(1, n));
            method.run(Floats.of(x), AT, Floats.of(y), AT, z, AT, n);
            for (int i = 0; i < n; i++) {
                check(definition.applyAsDouble(x[i], y[i]), Floats.values(z, n)[i], ulps);
            }
        }
    }

    private static void check(double expected, float actual, double ulps) {
        if (Double.isNaN(expected)) {
            assertTrue(Float.isNaN(actual), () -> "expected NaN, got " + actual);
        } else {
            assertEquals(expected, actual, ulps * Math.ulp((float) expected));
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void oneRowInOneRowOut(Lanes lanes) {
        unary(x -> 2.5, (x, xAt, y, yAt, n) -> lanes.fill(2.5f, y, yAt, n), 0);
        unary(x -> x, lanes::copy, 0);
        unary(x -> 3 * x, (x, xAt, y, yAt, n) -> lanes.scale(3, x, xAt, y, yAt, n), 0.5);
        unary(x -> 3 * x - 0.5, (x, xAt, y, yAt, n) -> lanes.affine(3, -0.5f, x, xAt, y, yAt, n), 0.5);
        unary(x -> Math.max(x, 0), lanes::relu, 0);
        unary(Math::sqrt, lanes::sqrt, 0.5);
        unary(
                x -> Math.rint(x * 0x1p7 / Math.scalb(1.0, Math.getExponent(x)))
                        * Math.scalb(1.0, Math.getExponent(x) - 7),
                lanes::roundBf16,
                0);
        unary(x -> StrictMath.exp((float) x - 0.25f), (x, xAt, y, yAt, n) -> lanes.exp(0.25f, x, xAt, y, yAt, n), 2);
        unary(StrictMath::log, lanes::log, 2);
    }

    @ParameterizedTest
    @MethodSource("both")
    void twoRowsInOneRowOut(Lanes lanes) {
        binary(Double::sum, lanes::add, 0.5);
        binary((x, y) -> x - y, lanes::sub, 0.5);
        binary((x, y) -> x * y, lanes::mul, 0.5);
        binary((x, y) -> x / y, lanes::div, 0.5);
        binary(Math::max, lanes::max, 0);
        binary((x, y) -> Math.max(x + y, 0), lanes::addRelu, 0.5);
        binary((x, y) -> y > 0 ? x : 0, lanes::reluGradient, 0);
        binary(
                (x, y) -> 2 * x + (float) (0.3f * y),
                (x, xAt, y, yAt, z, zAt, n) -> lanes.scaledAdd(2, x, xAt, 0.3f, y, yAt, z, zAt, n),
                0.5);
        binary(
                (x, y) -> y + 0.7f * x,
                (x, xAt, y, yAt, z, zAt, n) -> {
                    lanes.copy(y, yAt, z, zAt, n);
                    lanes.axpy(0.7f, x, xAt, z, zAt, n);
                },
                0.5);
        binary(
                (x, y) -> 1 + x * y,
                (x, xAt, y, yAt, z, zAt, n) -> {
                    lanes.fill(1, z, zAt, n);
                    lanes.multiplyAdd(x, xAt, y, yAt, z, zAt, n);
                },
                0.5);
    }

    @ParameterizedTest
    @MethodSource("both")
    void reductions(Lanes lanes) {
        for (int n : LENGTHS) {
            float[] x = Floats.normal(n, n);
            float[] y = Floats.normal(n + 1, n);
            double dot = 0;
            double dotBound = 0;
            double sum = 0;
            double sumBound = 0;
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                dot += (double) x[i] * y[i];
                dotBound += Math.abs((double) x[i] * y[i]);
                sum += x[i];
                sumBound += Math.abs(x[i]);
                max = Math.max(max, x[i]);
            }
            assertEquals(dot, lanes.dot(Floats.of(x), AT, Floats.of(y), AT, n), 16 * 0x1p-24 * dotBound);
            assertEquals(sum, lanes.sum(Floats.of(x), AT, n), 16 * 0x1p-24 * sumBound);
            assertEquals(max, lanes.max(Floats.of(x), AT, n));
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void rowsAreCombined(Lanes lanes) {
        float[] weights = {9, 0.5f, -2, 0.25f, 9};
        int[] rows = {0, 2, 0, 3, 1};
        for (int n : LENGTHS) {
            float[] x = Floats.normal(n, 4 * n + 8);
            float[] old = Floats.normal(n + 1, n);
            MemorySegment combined = Floats.of(Floats.normal(2, n));
            MemorySegment added = Floats.of(old);
            lanes.combineRows(weights, rows, 1, 4, Floats.of(x), AT + 1, n + 2, combined, AT, n);
            lanes.addRows(weights, rows, 1, 4, Floats.of(x), AT + 1, n + 2, added, AT, n);
            for (int i = 0; i < n; i++) {
                float sum = 0;
                float all = old[i];
                for (int k = 1; k < 4; k++) {
                    float element = x[1 + rows[k] * (n + 2) + i];
                    sum = Math.fma(weights[k], element, sum);
                    all = Math.fma(weights[k], element, all);
                }
                assertEquals(sum, Floats.values(combined, n)[i]);
                assertEquals(all, Floats.values(added, n)[i]);
            }
            lanes.combineRows(weights, rows, 2, 2, Floats.of(x), AT, n, combined, AT, n);
            assertArrayEquals(new float[n], Floats.values(combined, n));
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void binaryCrossEntropyIsPreciseFarFromTheBorder(Lanes lanes) {
        int n = 2_003;
        float[] x = new float[n];
        float[] t = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) * 0.11f;
            t[i] = i % 2;
        }
        MemorySegment loss = Floats.zeros(n);
        MemorySegment difference = Floats.zeros(n);
        lanes.sigmoidCrossEntropy(Floats.of(x), AT, Floats.of(t), AT, loss, AT, n);
        lanes.sigmoidMinus(Floats.of(x), AT, Floats.of(new float[n]), AT, difference, AT, n);
        for (int i = 0; i < n; i++) {
            double expected = Math.max(x[i], 0) - (double) x[i] * t[i] + StrictMath.log1p(Math.exp(-Math.abs(x[i])));
            assertEquals(expected, Floats.values(loss, n)[i], 6 * Math.ulp((float) expected), "at " + x[i]);
            double sigmoid = 1 / (1 + StrictMath.exp(-x[i]));
            assertEquals(sigmoid, Floats.values(difference, n)[i], 4 * Math.ulp((float) sigmoid), "at " + x[i]);
        }
    }

    /// All special values, and a dense sweep of the exponential's and logarithm's range.
    @ParameterizedTest
    @MethodSource("both")
    void exponentialAndLogarithmAreWithinTwoUlpEverywhere(Lanes lanes) {
        float[] special = {
            0,
            -0f,
            1,
            -1,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            88.7f,
            88.73f,
            89.5f,
            -87.4f,
            -103.9f,
            -104.5f,
            0x1.000002p0f
        };
        int n = 100_000;
        float[] exponents = new float[n + special.length];
        float[] numbers = new float[n + special.length];
        for (int i = 0; i < n; i++) {
            exponents[i] = -105 + 195f * i / n;
            numbers[i] = Float.intBitsToFloat((int) (0x7f800000L * i / n));
        }
        System.arraycopy(special, 0, exponents, n, special.length);
        System.arraycopy(special, 0, numbers, n, special.length);
        int all = n + special.length;
        MemorySegment y = Floats.zeros(all);
        lanes.exp(0, Floats.of(exponents), AT, y, AT, all);
        float[] exp = Floats.values(y, all);
        for (int i = 0; i < all; i++) {
            check((float) StrictMath.exp(exponents[i]), exp[i], exponents, i);
        }
        lanes.log(Floats.of(numbers), AT, y, AT, all);
        float[] log = Floats.values(y, all);
        for (int i = 0; i < all; i++) {
            check((float) StrictMath.log(numbers[i]), log[i], numbers, i);
        }
    }

    private static void check(float expected, float actual, float[] input, int i) {
        if (Float.isInfinite(expected) || Float.isNaN(expected)) {
            assertEquals(expected, actual, () -> "at " + input[i]);
        } else {
            assertEquals(expected, actual, 2 * Math.ulp(expected), () -> "at " + input[i]);
        }
    }

    /// An element's bits do not depend on its place in the row, nor on the path.
    @Test
    void vectorAndPlainGiveTheSameBits() {
        float[] values = Floats.normal(5, 333);
        values[7] = Float.NaN;
        values[40] = Float.POSITIVE_INFINITY;
        values[90] = -0f;
        MemorySegment x = Floats.of(values);
        MemorySegment other = Floats.of(Floats.normal(6, 333));
        Lanes vector = new VectorLanes();
        Lanes plain = new Lanes();
        sameBits(vector::relu, plain::relu, x);
        sameBits(vector::sqrt, plain::sqrt, x);
        sameBits(vector::log, plain::log, x);
        sameBits(
                (a, aAt, b, bAt, n) -> vector.exp(1, a, aAt, b, bAt, n),
                (a, aAt, b, bAt, n) -> plain.exp(1, a, aAt, b, bAt, n),
                x);
        sameBits(
                (a, aAt, b, bAt, n) -> vector.max(a, aAt, other, AT, b, bAt, n),
                (a, aAt, b, bAt, n) -> plain.max(a, aAt, other, AT, b, bAt, n),
                x);
        sameBits(
                (a, aAt, b, bAt, n) -> vector.scaledAdd(0.9f, a, aAt, 0.2f, other, AT, b, bAt, n),
                (a, aAt, b, bAt, n) -> plain.scaledAdd(0.9f, a, aAt, 0.2f, other, AT, b, bAt, n),
                x);
        sameBits(
                (a, aAt, b, bAt, n) -> vector.sigmoidCrossEntropy(a, aAt, other, AT, b, bAt, n),
                (a, aAt, b, bAt, n) -> plain.sigmoidCrossEntropy(a, aAt, other, AT, b, bAt, n),
                x);
        sameBits(
                (a, aAt, b, bAt, n) -> vector.sigmoidMinus(a, aAt, other, AT, b, bAt, n),
                (a, aAt, b, bAt, n) -> plain.sigmoidMinus(a, aAt, other, AT, b, bAt, n),
                x);
        assertTrue(Float.isNaN(vector.max(x, AT, 333)) && Float.isNaN(plain.max(x, AT, 333)));
    }

    private static void sameBits(Unary vector, Unary plain, MemorySegment x) {
        MemorySegment a = Floats.zeros(333);
        MemorySegment b = Floats.zeros(333);
        vector.run(x, AT, a, AT, 333);
        plain.run(x, AT, b, AT, 333);
        assertArrayEquals(Floats.values(b, 333), Floats.values(a, 333)); // NaN equals NaN, -0 differs from 0
    }

    @ParameterizedTest
    @MethodSource("both")
    void maxPoolingRemembersTheFirstWinner(Lanes lanes) {
        for (int n : LENGTHS) {
            MemorySegment best = Floats.zeros(n);
            MemorySegment winner = Floats.zeros(n);
            lanes.fill(Float.NEGATIVE_INFINITY, best, AT, n);
            float[][] candidates = {Floats.normal(1, n), Floats.normal(2, n), Floats.normal(3, n)};
            candidates[2] = n == 0 ? candidates[2] : candidates[0].clone(); // ties with the first
            for (int tag = 0; tag < 3; tag++) {
                lanes.maxAndWinner(tag + 1, Floats.of(candidates[tag]), AT, best, AT, winner, AT, n);
            }
            MemorySegment dx = Floats.of(Floats.normal(9, n));
            lanes.addWhereWinner(2, winner, AT, Floats.of(Floats.normal(8, n)), AT, dx, AT, n);
            for (int i = 0; i < n; i++) {
                boolean second = candidates[1][i] > candidates[0][i];
                assertEquals(second ? candidates[1][i] : candidates[0][i], Floats.values(best, n)[i]);
                assertEquals(second ? 2 : 1, Float.floatToRawIntBits(Floats.values(winner, n)[i]));
                float before = Floats.normal(9, n)[i];
                assertEquals(second ? before + Floats.normal(8, n)[i] : before, Floats.values(dx, n)[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void sgdFollowsTheDefinition(Lanes lanes) {
        for (boolean nesterov : new boolean[] {false, true}) {
            for (int n : LENGTHS) {
                float[] p = Floats.normal(1, n);
                float[] v = Floats.normal(2, n);
                float[] g = Floats.normal(3, n);
                MemorySegment newP = Floats.of(p);
                MemorySegment newV = Floats.of(v);
                lanes.sgd(0.1f, 0.9f, 0.01f, nesterov, 3, Floats.of(g), AT, newV, AT, newP, AT, n);
                for (int i = 0; i < n; i++) {
                    double gradient = g[i] / 3.0 + 0.01 * p[i];
                    double velocity = 0.9 * v[i] + gradient;
                    double step = nesterov ? gradient + 0.9 * velocity : velocity;
                    assertEquals(velocity, Floats.values(newV, n)[i], 1e-6);
                    assertEquals(p[i] - 0.1 * step, Floats.values(newP, n)[i], 1e-6);
                }
            }
        }
    }
}
