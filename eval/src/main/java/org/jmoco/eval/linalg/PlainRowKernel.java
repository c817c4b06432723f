package org.jmoco.eval.linalg;

/// The kernel in plain Java: four partial sums an entry, so that additions need not wait for each other.
final class PlainRowKernel implements RowKernel {

    @Override
    public void tile4x4(double[] a, int i, int sa, double[] b, int j, int sb, int length, double[] out, int o, int so) {
        for (int c = 0; c < TILE; c++) {
            tile4x1(a, i, sa, b, j + c * sb, length, out, o + c, so);
        }
    }

    @Override
    public void tile4x1(double[] a, int i, int sa, double[] b, int j, int length, double[] out, int o, int so) {
        for (int r = 0; r < TILE; r++) {
            out[o + r * so] += dot(a, i + r * sa, b, j, length);
        }
    }

    @Override
    public double dot(double[] a, int i, double[] b, int j, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 4 <= length; k += 4) {
            s0 += a[i + k] * b[j + k];
            s1 += a[i + k + 1] * b[j + k + 1];
            s2 += a[i + k + 2] * b[j + k + 2];
            s3 += a[i + k + 3] * b[j + k + 3];
        }
        double sum = (s0 + s1) + (s2 + s3);
        for (; k < length; k++) {
            sum += a[i + k] * b[j + k];
        }
        return sum;
    }
}
