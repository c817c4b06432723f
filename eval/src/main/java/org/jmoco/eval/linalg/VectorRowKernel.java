package org.jmoco.eval.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The kernel on the Vector API: one vector of partial sums an entry, sixteen entries at a time.
///
/// Lanes are added in a fixed order from memory, not by `reduceLanes`, whose order of additions changes when the
/// JIT compiler takes over.
final class VectorRowKernel implements RowKernel {

    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    @Override
    public void tile4x4(double[] a, int i, int sa, double[] b, int j, int sb, int length, double[] out, int o, int so) {
        int i1 = i + sa;
        int i2 = i1 + sa;
        int i3 = i2 + sa;
        int j1 = j + sb;
        int j2 = j1 + sb;
        int j3 = j2 + sb;
        DoubleVector s00 = DoubleVector.zero(S);
        DoubleVector s01 = s00;
        DoubleVector s02 = s00;
        DoubleVector s03 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s12 = s00;
        DoubleVector s13 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s22 = s00;
        DoubleVector s23 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        DoubleVector s32 = s00;
        DoubleVector s33 = s00;
        int whole = S.loopBound(length);
        for (int k = 0; k < whole; k += LANES) {
            DoubleVector a0 = DoubleVector.fromArray(S, a, i + k);
            DoubleVector a1 = DoubleVector.fromArray(S, a, i1 + k);
            DoubleVector a2 = DoubleVector.fromArray(S, a, i2 + k);
            DoubleVector a3 = DoubleVector.fromArray(S, a, i3 + k);
            DoubleVector v = DoubleVector.fromArray(S, b, j + k);
            s00 = a0.fma(v, s00);
            s10 = a1.fma(v, s10);
            s20 = a2.fma(v, s20);
            s30 = a3.fma(v, s30);
            v = DoubleVector.fromArray(S, b, j1 + k);
            s01 = a0.fma(v, s01);
            s11 = a1.fma(v, s11);
            s21 = a2.fma(v, s21);
            s31 = a3.fma(v, s31);
            v = DoubleVector.fromArray(S, b, j2 + k);
            s02 = a0.fma(v, s02);
            s12 = a1.fma(v, s12);
            s22 = a2.fma(v, s22);
            s32 = a3.fma(v, s32);
            v = DoubleVector.fromArray(S, b, j3 + k);
            s03 = a0.fma(v, s03);
            s13 = a1.fma(v, s13);
            s23 = a2.fma(v, s23);
            s33 = a3.fma(v, s33);
        }
        double[] lanes = new double[LANES];
        int rest = length - whole;
        int p = i + whole;
        int q = j + whole;
        int o1 = o + so;
        int o2 = o1 + so;
        int o3 = o2 + so;
        out[o] += sum(s00, lanes, a, p, b, q, rest);
        out[o + 1] += sum(s01, lanes, a, p, b, q + sb, rest);
        out[o + 2] += sum(s02, lanes, a, p, b, q + 2 * sb, rest);
        out[o + 3] += sum(s03, lanes, a, p, b, q + 3 * sb, rest);
        p += sa;
        out[o1] += sum(s10, lanes, a, p, b, q, rest);
        out[o1 + 1] += sum(s11, lanes, a, p, b, q + sb, rest);
        out[o1 + 2] += sum(s12, lanes, a, p, b, q + 2 * sb, rest);
        out[o1 + 3] += sum(s13, lanes, a, p, b, q + 3 * sb, rest);
        p += sa;
        out[o2] += sum(s20, lanes, a, p, b, q, rest);
        out[o2 + 1] += sum(s21, lanes, a, p, b, q + sb, rest);
        out[o2 + 2] += sum(s22, lanes, a, p, b, q + 2 * sb, rest);
        out[o2 + 3] += sum(s23, lanes, a, p, b, q + 3 * sb, rest);
        p += sa;
        out[o3] += sum(s30, lanes, a, p, b, q, rest);
        out[o3 + 1] += sum(s31, lanes, a, p, b, q + sb, rest);
        out[o3 + 2] += sum(s32, lanes, a, p, b, q + 2 * sb, rest);
        out[o3 + 3] += sum(s33, lanes, a, p, b, q + 3 * sb, rest);
    }

    @Override
    public void tile4x1(double[] a, int i, int sa, double[] b, int j, int length, double[] out, int o, int so) {
        int i1 = i + sa;
        int i2 = i1 + sa;
        int i3 = i2 + sa;
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int whole = S.loopBound(length);
        for (int k = 0; k < whole; k += LANES) {
            DoubleVector v = DoubleVector.fromArray(S, b, j + k);
            s0 = DoubleVector.fromArray(S, a, i + k).fma(v, s0);
            s1 = DoubleVector.fromArray(S, a, i1 + k).fma(v, s1);
            s2 = DoubleVector.fromArray(S, a, i2 + k).fma(v, s2);
            s3 = DoubleVector.fromArray(S, a, i3 + k).fma(v, s3);
        }
        double[] lanes = new double[LANES];
        int rest = length - whole;
        int q = j + whole;
        out[o] += sum(s0, lanes, a, i + whole, b, q, rest);
        out[o + so] += sum(s1, lanes, a, i1 + whole, b, q, rest);
        out[o + 2 * so] += sum(s2, lanes, a, i2 + whole, b, q, rest);
        out[o + 3 * so] += sum(s3, lanes, a, i3 + whole, b, q, rest);
    }

    @Override
    public double dot(double[] a, int i, double[] b, int j, int length) {
        DoubleVector s = DoubleVector.zero(S);
        int whole = S.loopBound(length);
        for (int k = 0; k < whole; k += LANES) {
            s = DoubleVector.fromArray(S, a, i + k).fma(DoubleVector.fromArray(S, b, j + k), s);
        }
        return sum(s, new double[LANES], a, i + whole, b, j + whole, length - whole);
    }

    /// The lanes of `s` from first to last, then the products of the `rest` elements that fill no vector.
    private static double sum(DoubleVector s, double[] lanes, double[] a, int i, double[] b, int j, int rest) {
        s.intoArray(lanes, 0);
        double sum = 0;
        for (int l = 0; l < LANES; l++) {
            sum += lanes[l];
        }
        for (int k = 0; k < rest; k++) {
            sum = Math.fma(a[i + k], b[j + k], sum);
        }
        return sum;
    }
}
