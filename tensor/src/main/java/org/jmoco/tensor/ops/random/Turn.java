package org.jmoco.tensor.ops.random;

/// Sine and cosine of an angle given in whole turns, within 2⁻²², by exact reduction to an eighth of a turn and
/// Taylor's polynomials: correctly rounded operations only, so the bits are the same everywhere.
final class Turn {
    private static final float HALF_PI = (float) (Math.PI / 2);
    private static final float S3 = -1f / 6;
    private static final float S5 = 1f / 120;
    private static final float S7 = -1f / 5_040;
    private static final float S9 = 1f / 362_880;
    private static final float C2 = -1f / 2;
    private static final float C4 = 1f / 24;
    private static final float C6 = -1f / 720;
    private static final float C8 = 1f / 40_320;

    private Turn() {}

    /// sin 2πu for u in `[0, 1)`.
    static float sin(float u) {
        int quarter = Math.round(4 * u);
        return wave(4 * u - quarter, quarter);
    }

    /// cos 2πu for u in `[0, 1)`.
    static float cos(float u) {
        int quarter = Math.round(4 * u);
        return wave(4 * u - quarter, quarter + 1);
    }

    /// The sine of `rest` quarter turns, |rest| ≤ ½, and `quarters` whole ones.
    private static float wave(float rest, int quarters) {
        float x = rest * HALF_PI;
        float z = x * x;
        float y;
        if ((quarters & 1) == 0) {
            float p = Math.fma(z, S9, S7);
            p = Math.fma(p, z, S5);
            p = Math.fma(p, z, S3);
            y = Math.fma(p, z * x, x);
        } else {
            float p = Math.fma(z, C8, C6);
            p = Math.fma(p, z, C4);
            p = Math.fma(p, z, C2);
            y = Math.fma(p, z, 1);
        }
        return (quarters & 2) == 0 ? y : -y;
    }
}
