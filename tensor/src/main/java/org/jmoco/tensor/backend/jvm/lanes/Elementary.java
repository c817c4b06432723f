package org.jmoco.tensor.backend.jvm.lanes;

/// Exponential and logarithm of a float by range reduction and a polynomial of correctly rounded operations, so
/// that every JVM, compiler and vector width gives the same bits. [VectorLanes] performs the same operations lane
/// by lane.
final class Elementary {
    static final float LOG2_E = 0x1.715476p0f;
    /// ln 2 in two parts; the first has 9 trailing zero bits, so that n times it is exact for |n| ≤ 150.
    static final float LN2_HIGH = 0x1.62e4p-1f;
    static final float LN2_LOW = (float) (0x1.62e42fefa39efp-1 - 0x1.62e4p-1);
    /// 1.5·2²³: adding it rounds a small float to an integer, which then stands in the low bits.
    static final float ROUND = 0x1.8p23f;
    static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
    /// exp is 0 below and infinite above.
    static final float EXP_MIN = -104f;
    static final float EXP_MAX = 89f;
    /// exp r = 1 + r + r²·(E2 + r·(E3 + …)) for |r| ≤ ln(2)/2: Taylor's coefficients; the first one left out
    /// adds 2⁻²⁸.
    static final float E2 = 1f / 2;
    static final float E3 = 1f / 6;
    static final float E4 = 1f / 24;
    static final float E5 = 1f / 120;
    static final float E6 = 1f / 720;
    static final float E7 = 1f / 5040;

    /// The bits of √½: a mantissa is brought into [√½, √2).
    static final int SQRT_HALF_BITS = 0x3f3504f3;
    /// ln((1+s)/(1−s)) = 2s·(1 + s²/3 + s⁴/5 + …), |s| ≤ 0.172; the first term left out is below 2⁻³⁰ of the sum.
    static final float L3 = 2f / 3;
    static final float L5 = 2f / 5;
    static final float L7 = 2f / 7;
    static final float L9 = 2f / 9;

    private Elementary() {}

    static float exp(float x) {
        if (Float.isNaN(x)) {
            return x;
        }
        float clamped = x < EXP_MIN ? EXP_MIN : x > EXP_MAX ? EXP_MAX : x;
        float rounded = Math.fma(clamped, LOG2_E, ROUND);
        float n = rounded - ROUND;
        float r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, clamped));
        float p = Math.fma(r, E7, E6);
        p = Math.fma(p, r, E5);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        float y = Math.fma(p, r * r, r) + 1;
        // 2ⁿ in two factors: n reaches below the exponents of normal floats.
        int whole = Float.floatToRawIntBits(rounded) - ROUND_BITS;
        int half = whole >> 1;
        return y * powerOfTwo(half) * powerOfTwo(whole - half);
    }

    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + 127) << 23);
    }

    static float log(float x) {
        if (!(x > 0 && x < Float.POSITIVE_INFINITY)) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        boolean tiny = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? x * 0x1p23f : x);
        int exponent = (bits - SQRT_HALF_BITS) >> 23;
        float n = exponent - (tiny ? 23f : 0f);
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
        float s = f / (2 + f);
        float z = s * s;
        float tail = Math.fma(z, L9, L7);
        tail = Math.fma(tail, z, L5);
        tail = Math.fma(tail, z, L3);
        tail = tail * z;
        // 2s = f − f²/2 + s·f²/2 keeps the leading term f exact.
        float h = 0.5f * f * f;
        float low = Math.fma(s, h + tail, n * LN2_LOW);
        return Math.fma(n, LN2_HIGH, f - (h - low));
    }

    /// ln(1 + e) for e in [0, 1], precise for small e too: 1 + e is rounded to u, and e / (u − 1) makes up for it.
    static float logOnePlus(float e) {
        float u = 1 + e;
        float step = u - 1;
        return step == 0 ? e : log(u) * (e / step);
    }
}
