package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class RoiAlignGradientReference implements OpReference<RoiAlignGradient> {
    @Override
    public double[] run(RoiAlignGradient op, Node call, double[]... in) {
        double[] dx = new double[Math.toIntExact(call.shape().size())];
        Samples.visit(
                op.align(),
                op.level(),
                in[1],
                in[2],
                in[3],
                op.map(),
                s -> dx[s.element()] += s.weight() * in[0][s.feature()]);
        return dx;
    }
}
