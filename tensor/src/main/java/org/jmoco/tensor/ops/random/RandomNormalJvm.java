package org.jmoco.tensor.ops.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.random.Philox;

/// Radii and turns of a chunk are drawn first, so that the logarithms and roots are vector arithmetic.
final class RandomNormalJvm implements JvmKernel<RandomNormal> {
    private static final int CHUNK = 4_096;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(RandomNormal op, Args args, Workers workers) {
        RandomBlocks blocks = new RandomBlocks(args.in(0), op.stream());
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            int n = (int) (to - from);
            MemorySegment radii = Scratch.floats(Scratch.Slot.KERNEL_1, CHUNK / 2);
            MemorySegment turns = Scratch.floats(Scratch.Slot.KERNEL_2, CHUNK / 2);
            int pairs = draw(blocks, from, n, radii, turns);
            lanes.log(radii, 0, radii, 0, pairs);
            lanes.scale(-2, radii, 0, radii, 0, pairs);
            lanes.sqrt(radii, 0, radii, 0, pairs);
            for (int i = 0; i < n; i++) {
                float turn = turns.getAtIndex(ValueLayout.JAVA_FLOAT, i / 2);
                float wave = i % 2 == 0 ? Turn.cos(turn) : Turn.sin(turn);
                args.out()
                        .setAtIndex(
                                ValueLayout.JAVA_FLOAT,
                                from + i,
                                radii.getAtIndex(ValueLayout.JAVA_FLOAT, i / 2) * wave);
            }
        });
    }

    /// @return how many pairs were drawn: enough for n elements, in whole blocks
    private static int draw(RandomBlocks blocks, long from, int n, MemorySegment radii, MemorySegment turns) {
        int[] words = new int[RandomBlocks.WORDS];
        int pairs = 0;
        for (int i = 0; i < n; i += RandomBlocks.WORDS) {
            blocks.draw(from + i, words);
            for (int w = 0; w < RandomBlocks.WORDS; w += 2, pairs++) {
                radii.setAtIndex(ValueLayout.JAVA_FLOAT, pairs, ((words[w] >>> 8) + 1) * 0x1p-24f);
                turns.setAtIndex(ValueLayout.JAVA_FLOAT, pairs, Philox.toFloat(words[w + 1]));
            }
        }
        return pairs;
    }

    @Override
    public OpExample example() {
        return OpExample.of(new RandomNormal(Shape.of(1 << 20), 0)).integers(9, 4);
    }
}
