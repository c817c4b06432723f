package org.jmoco.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class StatsTest {
    /// The two-sided binomial tail, summed term by term.
    @Test
    void mcNemarIsTheBinomialTail() {
        for (int b = 0; b <= 12; b++) {
            for (int c = 0; c <= 12; c++) {
                boolean[] first = new boolean[b + c + 5];
                boolean[] second = new boolean[b + c + 5];
                for (int i = 0; i < b + c + 5; i++) {
                    first[i] = i < b || i >= b + c + 2; // the last three both get right, two neither
                    second[i] = (i >= b && i < b + c) || i >= b + c + 2;
                }
                McNemar test = McNemar.of(first, second);
                assertEquals(b, test.onlyFirst());
                assertEquals(c, test.onlySecond());
                double tail = 0;
                double term = Math.pow(0.5, b + c);
                for (int k = 0; k <= Math.min(b, c); k++) {
                    tail += term;
                    term = term * (b + c - k) / (k + 1);
                }
                assertEquals(Math.min(1, 2 * tail), test.pValue(), 1e-12, b + " and " + c);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> McNemar.of(new boolean[1], new boolean[2]));
    }

    @Test
    void aSummaryHasThePopulationDeviation() {
        Summary s = Summary.of(2, 4, 4, 4, 5, 5, 7, 9);
        assertEquals(new Summary(5, 2, 9, 2), s);
        assertThrows(IllegalArgumentException.class, Summary::of);
    }

    private static ToDoubleFunction<int[]> mean(double[] x) {
        return counts -> {
            double sum = 0;
            int n = 0;
            for (int i = 0; i < x.length; i++) {
                sum += counts[i] * x[i];
                n += counts[i];
            }
            return sum / n;
        };
    }

    /// For a mean the interval is the normal one, ±1.96 deviations over √n.
    @Test
    void theIntervalOfAMeanIsTheNormalOne() {
        for (int n : new int[] {400, 51}) {
            Philox draws = new Philox(1, 0, 0, 0);
            double[] x = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = draws.nextNormal();
            }
            Summary s = Summary.of(x);
            double half = 1.96 * s.std() / Math.sqrt(n - 1);
            HalfSamples samples = new HalfSamples(n, 4_000, 7);
            HalfSamples.Interval interval =
                    samples.compare(mean(x), counts -> 0, 0.95).difference();
            assertEquals(s.mean(), interval.value(), 1e-12);
            assertEquals(s.mean() - half, interval.low(), 0.1 * half);
            assertEquals(s.mean() + half, interval.high(), 0.1 * half);
            assertEquals(
                    interval,
                    samples.compare(mean(x), counts -> 0, 0.95).difference(),
                    "the same seed gives the same interval");
        }
    }

    @Test
    void aPairedComparisonTellsEqualFromBetter() {
        double[] x = new double[200];
        double[] better = new double[200];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 7;
            better[i] = x[i] + (i % 3 == 0 ? -0.1 : 0.4);
        }
        HalfSamples halves = new HalfSamples(x.length, 1_000, 3);
        assertEquals(1, halves.compare(mean(x), mean(x), 0.95).pValue());
        HalfSamples.Paired clear = halves.compare(mean(better), mean(x), 0.95);
        assertTrue(clear.pValue() < 0.01 && clear.difference().low() > 0, clear.toString());
    }

    @Test
    void scoresThatAreNoNumbersAreRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new HalfSamples(3, 10, 0).interval(counts -> Double.NaN, 0.95));
        assertThrows(IllegalArgumentException.class, () -> new HalfSamples(3, 10, 0).interval(counts -> 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HalfSamples(0, 10, 0));
    }

    /// Against SciPy's `ttest_rel`.
    @Test
    void pairsAreTestedAsSciPyDoes() {
        PairedT three = PairedT.of(new double[] {30.1, 29.5, 31.0}, new double[] {24.2, 25.0, 24.9});
        assertEquals(10.927391945786601, three.t(), 1e-9);
        assertEquals(0.008270900549078938, three.pValue(), 1e-12);
        PairedT four = PairedT.of(new double[] {1, 2, 4, 3.5}, new double[] {1.5, 1, 3, 3.25});
        assertEquals(0.3101009010817722, four.pValue(), 1e-12);
        assertEquals(0.4375, four.difference(), 1e-12);
        assertEquals(1, PairedT.of(new double[] {1, 2}, new double[] {1, 2}).pValue());
        assertEquals(0, PairedT.of(new double[] {1, 2}, new double[] {2, 3}).pValue());
        assertThrows(IllegalArgumentException.class, () -> PairedT.of(new double[] {1}, new double[] {2}));
    }
}
