package org.jmoco.tensor.ops.loss;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SoftmaxCrossEntropyJvm implements JvmKernel<SoftmaxCrossEntropy> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(SoftmaxCrossEntropy op, Args args, Workers workers) {
        int c = args.shape(0).dim(1);
        workers.forEach(args.shape(0).dim(0), i -> {
            long at = (long) i * c;
            int label = label(args.in(1), i, c);
            MemorySegment row = Scratch.floats(Scratch.Slot.KERNEL_1, c);
            float max = lanes.max(args.in(0), at, c);
            lanes.exp(max, args.in(0), at, row, 0, c);
            double logSum = StrictMath.log(lanes.sum(row, 0, c));
            float right = args.in(0).getAtIndex(ValueLayout.JAVA_FLOAT, at + label);
            args.out().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (logSum + ((double) max - right)));
        });
    }

    /// @throws IllegalArgumentException for a label that is not a class
    static int label(MemorySegment labels, int row, int classes) {
        int label = labels.getAtIndex(ValueLayout.JAVA_INT, row);
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException("softmaxCrossEntropy: the label of row " + row + " is " + label
                    + ", there are " + classes + " classes (0 to " + (classes - 1) + ")");
        }
        return label;
    }

    @Override
    public OpExample example() {
        return OpExample.of(new SoftmaxCrossEntropy()).floats(64, 1_000).integers(2, 64);
    }
}
