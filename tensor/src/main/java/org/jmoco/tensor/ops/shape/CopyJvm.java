package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class CopyJvm implements JvmKernel<Copy> {
    @Override
    public void run(Copy op, Args args, Workers workers) {
        workers.forRange(
                args.out().byteSize(),
                1 << 20,
                (from, to) -> MemorySegment.copy(args.in(0), from, args.out(), from, to - from));
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Copy()).floats(1 << 20);
    }
}
