package org.jmoco.tensor.ops.random;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.random.Philox;

final class DropoutJvm implements JvmKernel<Dropout> {
    private static final int CHUNK = 4_096;

    @Override
    public void run(Dropout op, Args args, Workers workers) {
        RandomBlocks blocks = new RandomBlocks(args.in(1), op.stream());
        float scale = 1 / (1 - op.probability());
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            int[] words = new int[RandomBlocks.WORDS];
            for (long block = from; block < to; block += RandomBlocks.WORDS) {
                blocks.draw(block, words);
                for (long i = block; i < Math.min(to, block + RandomBlocks.WORDS); i++) {
                    boolean kept = Philox.toFloat(words[(int) (i - block)]) >= op.probability();
                    args.out()
                            .setAtIndex(
                                    ValueLayout.JAVA_FLOAT,
                                    i,
                                    kept ? args.in(0).getAtIndex(ValueLayout.JAVA_FLOAT, i) * scale : 0);
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Dropout(0.5f, 0)).floats(1 << 20).integers(9, 4);
    }
}
