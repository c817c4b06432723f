package org.jmoco.moco.pretrain;

import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.ReplayViews;
import org.jmoco.nn.train.RunIdentity;

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
    public String identity() {
        Stream<String> orders = IntStream.range(0, file.steps()).mapToObj(s -> Arrays.toString(file.permutation(s)));
        return file.steps() + " steps of views (permutations " + RunIdentity.digest(orders) + ")";
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
