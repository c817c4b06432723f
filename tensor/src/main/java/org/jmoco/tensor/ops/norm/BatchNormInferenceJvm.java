package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class BatchNormInferenceJvm implements JvmKernel<BatchNormInference> {
    @Override
    public void run(BatchNormInference op, Args args, Workers workers) {
        GroupChunksJvm chunks = new GroupChunksJvm(BatchGroups.WHOLE, args.shape(0));
        int c = chunks.columns();
        MemorySegment scale = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, 2L * c);
        for (int i = 0; i < c; i++) {
            double variance = args.in(4).getAtIndex(JAVA_FLOAT, i);
            float s = (float) (args.in(1).getAtIndex(JAVA_FLOAT, i) / Math.sqrt(variance + op.epsilon()));
            scale.setAtIndex(JAVA_FLOAT, i, s);
            scale.setAtIndex(JAVA_FLOAT, c + i, (float)
                    (args.in(2).getAtIndex(JAVA_FLOAT, i) - (double) args.in(3).getAtIndex(JAVA_FLOAT, i) * s));
        }
        AffineJvm.run(
                workers, chunks, op.relu(), args.in(0), scale, args.operands() > 5 ? args.in(5) : null, args.out());
    }

    @Override
    public OpExample example() {
        return OpExample.of(new BatchNormInference(1e-5f, true))
                .floats(4, 56, 56, 64)
                .floats(64)
                .floats(64)
                .floats(64)
                .floats(64);
    }
}
