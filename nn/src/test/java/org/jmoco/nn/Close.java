package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Comparison of whole tensors.
public final class Close {
    private Close() {}

    /// Fails unless `‖actual − expected‖ ≤ bound · ‖expected‖`.
    ///
    /// @return the relative distance
    public static double assertClose(double[] expected, double[] actual, double bound, String what) {
        double distance = relativeL2(expected, actual);
        assertTrue(distance <= bound, what + ": relative L2 distance " + distance + ", allowed " + bound);
        return distance;
    }

    public static double assertClose(double[] expected, float[] actual, double bound, String what) {
        return assertClose(expected, doubles(actual), bound, what);
    }

    /// `‖actual − expected‖ / ‖expected‖`; NaN counts as infinitely far.
    public static double relativeL2(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length, "number of values");
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            double e = actual[i] - expected[i];
            error += e * e;
            norm += expected[i] * expected[i];
        }
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error == 0 ? 0 : Math.sqrt(error / norm);
    }

    public static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
