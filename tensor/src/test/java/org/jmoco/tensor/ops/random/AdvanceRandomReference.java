package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class AdvanceRandomReference implements OpReference<AdvanceRandom> {
    @Override
    public double[] run(AdvanceRandom op, Node call, double[]... in) {
        long step = ((long) in[0][2] & 0xFFFFFFFFL | (long) in[0][3] << 32) + 1;
        return new double[] {in[0][0], in[0][1], (int) step, (int) (step >> 32)};
    }
}
