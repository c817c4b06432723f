package org.jmoco.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.special.Erf;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.Items;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether intervals hold what they are about as often as they say: many test sets are drawn from a population whose
/// score is known by integration.
class CoverageTest {
    private static final int ITEMS = 300;
    private static final int CLASSES = 3;
    private static final int SETS = 120;

    /// Scores of items outside a class are normal around 0, of those in it around `d`.
    @ParameterizedTest
    @CsvSource({"5, 0.046, 0.1", "17, 0.105, 0.5", "54, 0.3, 0.87"})
    void intervalsOfMeanAveragePrecisionCover(int percent, double prevalence, double d) {
        double truth = populationPrecision(prevalence, d);
        assertEquals(percent, 100 * truth, 0.6, "the population's, %");
        HalfSamples.Interval[] intervals = IntStream.range(0, SETS)
                .mapToObj(s -> new HalfSamples(ITEMS, 300, s).interval(testSet(s, prevalence, d)::score, 0.95))
                .toArray(HalfSamples.Interval[]::new);
        double mean = IntStream.range(0, SETS)
                .mapToDouble(s -> intervals[s].value())
                .average()
                .orElseThrow();
        int population = 0;
        int likeSets = 0;
        for (HalfSamples.Interval i : intervals) {
            assertTrue(0 <= i.low() && i.low() < i.value() && i.value() < i.high() && i.high() <= 1, i.toString());
            population += i.low() <= truth && truth <= i.high() ? 1 : 0;
            likeSets += i.low() <= mean && mean <= i.high() ? 1 : 0;
        }
        String seen = population + " hold the population's " + truth + ", " + likeSets + " the mean " + mean;
        assertTrue(population >= 0.86 * SETS && likeSets >= 0.86 * SETS, seen);
    }

    private static Items testSet(int set, double prevalence, double d) {
        Philox draws = new Philox(91, set, 0, 0);
        double[][] scores = new double[CLASSES][ITEMS];
        int[][] labels = new int[ITEMS][CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            labels[c][c] = 1; // so that no class is empty
            for (int i = 0; i < ITEMS; i++) {
                labels[i][c] |= draws.nextDouble() < prevalence ? 1 : 0;
                scores[c][i] = draws.nextNormal() + d * labels[i][c];
            }
        }
        return new Items.Ranked(new double[][][] {scores}, LabelMatrix.of(labels));
    }

    /// Precision falls with recall here, so the interpolated curve is the curve.
    private static double populationPrecision(double prevalence, double d) {
        double area = 0;
        double before = 0;
        for (double threshold = 10; threshold > -10; threshold -= 1e-3) {
            double in = prevalence * above(threshold - d);
            double out = (1 - prevalence) * above(threshold);
            double recall = above(threshold - d);
            area += (recall - before) * in / Math.max(in + out, 1e-300);
            before = recall;
        }
        return area;
    }

    private static double above(double x) {
        return Erf.erfc(x / Math.sqrt(2)) / 2;
    }

    /// Exactly, over all numbers of items that may be right.
    @Test
    void intervalsOfAccuracyCover() {
        for (double truth : new double[] {0.02, 0.3, 0.9, 0.99}) {
            double coverage = 0;
            BinomialDistribution right = new BinomialDistribution(null, 200, truth);
            for (int k = 0; k <= 200; k++) {
                HalfSamples.Interval i = Wilson.interval(k, 200, 0.95);
                assertTrue(i.low() <= i.value() && i.value() <= i.high() && i.low() < i.high(), i.toString());
                coverage += i.low() <= truth && truth <= i.high() ? right.probability(k) : 0;
            }
            assertTrue(coverage > 0.92 && coverage < 0.99, truth + ": " + coverage);
        }
        // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263.
        HalfSamples.Interval published = Wilson.interval(81, 263, 0.95);
        assertEquals(0.2553, published.low(), 5e-5);
        assertEquals(0.3662, published.high(), 5e-5);
    }
}
