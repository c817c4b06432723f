package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class ExpReference implements OpReference<Exp> {
    @Override
    public double[] run(Exp op, Node call, double[]... in) {
        return Arrays.stream(in[0]).map(StrictMath::exp).toArray();
    }
}
