package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// One pass: a scale and a shift a channel, made in double precision, then a multiply-add an element.
final class BatchNormJvm implements JvmKernel<BatchNorm> {
    @Override
    public void run(BatchNorm op, Args args, Workers workers) {
        GroupChunksJvm chunks = new GroupChunksJvm(op.groups(), args.shape(0));
        int c = chunks.columns();
        int all = chunks.groups() * c;
        MemorySegment scale = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, 2L * all);
        MemorySegment statistics = args.in(3);
        for (int i = 0; i < all; i++) {
            double mean = statistics.getAtIndex(JAVA_FLOAT, i);
            double variance = statistics.getAtIndex(JAVA_FLOAT, all + i);
            float s = (float) (args.in(1).getAtIndex(JAVA_FLOAT, i % c) / Math.sqrt(variance + op.epsilon()));
            scale.setAtIndex(JAVA_FLOAT, i, s);
            scale.setAtIndex(JAVA_FLOAT, all + i, (float) (args.in(2).getAtIndex(JAVA_FLOAT, i % c) - mean * s));
        }
        AffineJvm.run(
                workers, chunks, op.relu(), args.in(0), scale, args.operands() > 4 ? args.in(4) : null, args.out());
    }

    @Override
    public OpExample example() {
        return OpExample.of(new BatchNorm(BatchGroups.WHOLE, 1e-5f, true))
                .floats(4, 56, 56, 64)
                .floats(64)
                .floats(64)
                .floats(2, 1, 64);
    }
}
