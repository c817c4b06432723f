package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AddModuloJvm implements JvmKernel<AddModulo> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(AddModulo op, Args args, Workers workers) {
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            for (long i = from; i < to; i++) {
                long sum = (long) args.in(0).getAtIndex(ValueLayout.JAVA_INT, i) + op.addend();
                args.out().setAtIndex(ValueLayout.JAVA_INT, i, Math.floorMod(sum, op.modulus()));
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AddModulo(64, 1_024)).integers(1_024, 1);
    }
}
