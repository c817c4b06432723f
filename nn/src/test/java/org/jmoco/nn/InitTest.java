package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.tensor.Variable;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Distributions are checked by their first two moments: with n draws the mean of a sample lies within 4σ/√n
/// and its variance within 4σ²·√(κ/n) but for one seed in ten thousand.
class InitTest {
    @Test
    void aConvolutionBeginsKaimingNormalByItsFanOut() {
        Conv2d conv = new Conv2d(32, 48, 3, 1, 1);
        conv.initialize(3);
        assertMoments(conv.weight(), Math.sqrt(2.0 / (48 * 3 * 3)), 3);
    }

    @Test
    void theCifarStemBeginsUniformByItsFanIn() {
        Conv2d conv = new Conv2d(3, 512, Conv2d.Options.of(3).start(Start.UNIFORM));
        conv.initialize(3);
        double bound = 1 / Math.sqrt(27);
        assertMoments(conv.weight(), bound / Math.sqrt(3), 1.8);
        assertRange(conv.weight(), bound);
    }

    @Test
    void aLinearLayerBeginsUniformByItsFanInBiasToo() {
        Linear linear = new Linear(50, 300);
        linear.initialize(3);
        double bound = 1 / Math.sqrt(50);
        assertMoments(linear.weight(), bound / Math.sqrt(3), 1.8);
        assertMoments(linear.bias(), bound / Math.sqrt(3), 1.8);
        assertRange(linear.weight(), bound);
        assertRange(linear.bias(), bound);
    }

    @Test
    void otherStartsGoByTheirOwnFans() {
        Conv2d.Options biased = Conv2d.Options.of(3).bias(true);
        double fanIn = 20 * 3 * 3;
        double fanOut = 60 * 3 * 3;
        assertStart(biased.start(Start.KAIMING_UNIFORM), 1 / Math.sqrt(fanIn), 1.8);
        assertStart(biased.start(Start.XAVIER_UNIFORM), Math.sqrt(2 / (fanIn + fanOut)), 1.8);
        assertStart(biased.start(Start.normal(0.001)), 0.001, 3);
    }

    private static void assertStart(Conv2d.Options options, double deviation, double kurtosis) {
        Conv2d conv = new Conv2d(20, 60, options);
        conv.initialize(3);
        assertMoments(conv.weight(), deviation, kurtosis);
        assertArrayEquals(new float[60], conv.named().get("bias").toArray());
    }

    @Test
    void aClassifierBeginsSmallWithoutBias() {
        Linear linear = Linear.classifier(100, 100);
        linear.initialize(3);
        assertMoments(linear.weight(), 0.01, 3);
        assertArrayEquals(new float[100], linear.bias().toArray());
    }

    @Test
    void aParametersStreamIsKeyedBySeedAndTheHashOfItsName() {
        // printf weight | sha256sum
        Philox expected = new Philox(5, WEIGHT_HASH[0], WEIGHT_HASH[1], WEIGHT_HASH[2]);
        Conv2d conv = new Conv2d(2, 3, 1, 1, 0);
        conv.initialize(5);
        float[] values = conv.weight().toArray();
        for (float value : values) {
            assertEquals((float) (StrictMath.sqrt(2.0 / 3) * expected.nextNormal()), value);
        }
    }

    private static final int[] WEIGHT_HASH = {0x0844df8f, 0xee9eeada, 0xa344bc7e};

    private static void assertMoments(Variable v, double deviation, double kurtosis) {
        float[] x = v.toArray();
        double mean = 0;
        double square = 0;
        for (float f : x) {
            mean += f;
            square += (double) f * f;
        }
        mean /= x.length;
        double variance = square / x.length - mean * mean;
        assertTrue(Math.abs(mean) < 4 * deviation / Math.sqrt(x.length), v + ": mean " + mean);
        assertEquals(1, variance / (deviation * deviation), 4 * Math.sqrt((kurtosis - 1) / x.length), v + ": variance");
    }

    private static void assertRange(Variable v, double bound) {
        float largest = 0;
        for (float f : v.toArray()) {
            largest = Math.max(largest, Math.abs(f));
        }
        assertTrue(largest <= (float) bound && largest > 0.9 * bound, v + ": largest " + largest + ", bound " + bound);
    }
}
