package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class LogReference implements OpReference<Log> {
    @Override
    public double[] run(Log op, Node call, double[]... in) {
        return Arrays.stream(in[0]).map(StrictMath::log).toArray();
    }
}
