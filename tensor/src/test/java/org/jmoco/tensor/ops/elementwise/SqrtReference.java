package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class SqrtReference implements OpReference<Sqrt> {
    @Override
    public double[] run(Sqrt op, Node call, double[]... in) {
        return Arrays.stream(in[0]).map(Math::sqrt).toArray();
    }
}
