package org.jmoco.tensor.ops.random;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AdvanceRandomJvm implements JvmKernel<AdvanceRandom> {
    @Override
    public void run(AdvanceRandom op, Args args, Workers workers) {
        int[] state = args.in(0).toArray(ValueLayout.JAVA_INT);
        state[2]++;
        if (state[2] == 0) {
            state[3]++;
        }
        for (int i = 0; i < state.length; i++) {
            args.out().setAtIndex(ValueLayout.JAVA_INT, i, state[i]);
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AdvanceRandom()).integers(9, 4);
    }
}
