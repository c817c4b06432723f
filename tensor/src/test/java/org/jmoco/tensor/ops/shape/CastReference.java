package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class CastReference implements OpReference<Cast> {
    @Override
    public double[] run(Cast op, Node call, double[]... in) {
        return Arrays.stream(in[0])
                .map(x -> switch (op.to()) {
                    case F32 -> (float) x;
                    case I32 -> (int) x;
                    case U8 -> Math.max(0, Math.min(255, (int) x));
                })
                .toArray();
    }
}
