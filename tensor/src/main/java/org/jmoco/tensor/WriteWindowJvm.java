package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class WriteWindowJvm implements JvmKernel<WriteWindow> {
    @Override
    public void run(WriteWindow op, Args args, Workers workers) {
        if (!args.inPlace()) {
            MemorySegment.copy(args.in(0), 0, args.out(), 0, args.out().byteSize());
        }
        MemorySegment value = args.in(1);
        MemorySegment.copy(
                value,
                0,
                args.out(),
                (long) op.variable().offset() * op.variable().dtype().bytes(),
                value.byteSize());
    }

    @Override
    public OpExample example() {
        return OpExample.of(new WriteWindow(Variable.zeros("weights", Shape.of(1 << 20))))
                .floats(1 << 20)
                .floats(1 << 20);
    }
}
