package org.jmoco.tensor.ops.matmul;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class MatMulReference implements OpReference<MatMul> {
    @Override
    public double[] run(MatMul op, Node call, double[]... in) {
        int m = call.shape().dim(0);
        int n = call.shape().dim(1);
        int k = call.input(0).shape().dim(op.transposeA() ? 0 : 1);
        double[] y = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[i * n + j] = in.length > 2 ? in[2][j] : 0;
                for (int t = 0; t < k; t++) {
                    double a = op.transposeA() ? in[0][t * m + i] : in[0][i * k + t];
                    double b = op.transposeB() ? in[1][j * k + t] : in[1][t * n + j];
                    y[i * n + j] += a * b;
                }
            }
        }
        return y;
    }
}
