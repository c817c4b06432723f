package org.jmoco.tensor.backend.jvm.lanes;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The functions of [Elementary], the same operations in the same order on every lane.
final class VectorElementary {
    private VectorElementary() {}

    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(Elementary.EXP_MIN, x.compare(LT, Elementary.EXP_MIN))
                .blend(Elementary.EXP_MAX, x.compare(GT, Elementary.EXP_MAX));
        FloatVector rounded = clamped.fma(all(Elementary.LOG2_E), all(Elementary.ROUND));
        FloatVector n = rounded.sub(Elementary.ROUND);
        FloatVector minusN = n.neg();
        FloatVector r = minusN.fma(all(Elementary.LN2_LOW), minusN.fma(all(Elementary.LN2_HIGH), clamped));
        FloatVector p = r.fma(all(Elementary.E7), all(Elementary.E6));
        p = p.fma(r, all(Elementary.E5));
        p = p.fma(r, all(Elementary.E4));
        p = p.fma(r, all(Elementary.E3));
        p = p.fma(r, all(Elementary.E2));
        FloatVector y = p.fma(r.mul(r), r).add(1f);
        IntVector whole = rounded.reinterpretAsInts().sub(Elementary.ROUND_BITS);
        IntVector half = whole.lanewise(ASHR, 1);
        return y.mul(powerOfTwo(half)).mul(powerOfTwo(whole.sub(half))).blend(x, x.test(IS_NAN));
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts();
        IntVector exponent = bits.sub(Elementary.SQRT_HALF_BITS).lanewise(ASHR, 23);
        FloatVector wholeExponent = (FloatVector) exponent.convert(I2F, 0);
        FloatVector n = wholeExponent.sub(all(0f).blend(23f, tiny));
        FloatVector f =
                bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
        FloatVector s = f.div(f.add(2f));
        FloatVector z = s.mul(s);
        FloatVector tail = z.fma(all(Elementary.L9), all(Elementary.L7));
        tail = tail.fma(z, all(Elementary.L5));
        tail = tail.fma(z, all(Elementary.L3));
        tail = tail.mul(z);
        FloatVector h = f.mul(0.5f).mul(f);
        FloatVector low = s.fma(h.add(tail), n.mul(Elementary.LN2_LOW));
        FloatVector y = n.fma(all(Elementary.LN2_HIGH), f.sub(h.sub(low)));
        return y.blend(Float.NaN, x.compare(LT, 0f).or(x.test(IS_NAN)))
                .blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f))
                .blend(Float.POSITIVE_INFINITY, x.compare(EQ, Float.POSITIVE_INFINITY));
    }

    static FloatVector logOnePlus(FloatVector e) {
        FloatVector u = e.add(1f);
        FloatVector step = u.sub(1f);
        return log(u).mul(e.div(step)).blend(e, step.compare(EQ, 0f));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Vectors.SPECIES, value);
    }
}
