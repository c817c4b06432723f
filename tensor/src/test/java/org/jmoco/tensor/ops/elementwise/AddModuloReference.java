package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class AddModuloReference implements OpReference<AddModulo> {
    @Override
    public double[] run(AddModulo op, Node call, double[]... in) {
        return Arrays.stream(in[0])
                .map(x -> x + op.addend() - op.modulus() * Math.floor((x + op.addend()) / op.modulus()))
                .toArray();
    }
}
