package org.jmoco.moco.pretrain;

import java.util.function.LongFunction;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.ReplayViews;

/// Ready-made batches: an epoch is one pass through the file.
record ReplayBatches(ReplayViews file) implements BatchSource {
    @Override
    public Pixels pixels() {
        return file.pixels();
    }

    @Override
    public int size() {
        return file.steps();
    }

    @Override
    public int stepsPerEpoch() {
        return file.steps();
    }

    @Override
    public Batches from(long step, LongFunction<int[]> permutations) {
        return new Batches() {
            private long next = step;

            @Override
            public Views next() {
                int at = (int) (next++ % file.steps());
                return new Views(file.query(at), file.key(at), file.permutation(at));
            }
        };
    }
}
