package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class NormalizeImageReference implements OpReference<NormalizeImage> {
    @Override
    public double[] run(NormalizeImage op, Node call, double[]... in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            int[] at = Elements.position(call.shape(), i);
            int c = at[3];
            double shift = in.length > 1 ? in[1][at[0] * op.mean().size() + c] : 0;
            y[i] = (in[0][i] / 255 + shift - op.mean().get(c)) / op.std().get(c);
        }
        return y;
    }
}
