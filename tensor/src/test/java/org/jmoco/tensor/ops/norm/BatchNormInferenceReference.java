package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class BatchNormInferenceReference implements OpReference<BatchNormInference> {
    @Override
    public double[] run(BatchNormInference op, Node call, double[]... in) {
        int c = call.shape().dim(-1);
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double normal = (in[0][i] - in[3][i % c]) / Math.sqrt(in[4][i % c] + op.epsilon());
            y[i] = normal * in[1][i % c] + in[2][i % c] + (in.length > 5 ? in[5][i] : 0);
            y[i] = op.relu() ? Math.max(y[i], 0) : y[i];
        }
        return y;
    }
}
