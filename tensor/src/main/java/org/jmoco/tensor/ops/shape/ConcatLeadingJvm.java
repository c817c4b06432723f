package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.PackedParts;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class ConcatLeadingJvm implements JvmKernel<ConcatLeading> {
    @Override
    public void run(ConcatLeading op, Args args, Workers workers) {
        PackedParts.gather(op, args, workers);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ConcatLeading(0)).floats(256, 64).floats(256, 64);
    }
}
