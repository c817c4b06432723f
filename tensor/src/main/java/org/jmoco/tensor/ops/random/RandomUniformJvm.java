package org.jmoco.tensor.ops.random;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.random.Philox;

final class RandomUniformJvm implements JvmKernel<RandomUniform> {
    private static final int CHUNK = 4_096;

    @Override
    public void run(RandomUniform op, Args args, Workers workers) {
        RandomBlocks blocks = new RandomBlocks(args.in(0), op.stream());
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            int[] words = new int[RandomBlocks.WORDS];
            for (long block = from; block < to; block += RandomBlocks.WORDS) {
                blocks.draw(block, words);
                for (long i = block; i < Math.min(to, block + RandomBlocks.WORDS); i++) {
                    args.out().setAtIndex(ValueLayout.JAVA_FLOAT, i, Philox.toFloat(words[(int) (i - block)]));
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new RandomUniform(Shape.of(1 << 20), 0)).integers(9, 4);
    }
}
