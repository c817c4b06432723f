package org.jmoco.moco.forecast;

import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.BatchSource;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.random.Philox;

/// Views of the right size that show nothing, as many as a data set that is not here would give: what a step takes
/// does not depend on what its images show.
final class MadeUpBatches implements BatchSource {
    private final Pixels pixels;
    private final int images;
    private final int batch;
    private final long seed;

    /// @throws DataException if the batch is larger than the data set
    MadeUpBatches(Pixels pixels, int images, MocoConfig config) {
        if (images < config.batch()) {
            throw new DataException(
                    "the batch of " + config.batch() + " is larger than a data set of " + images + " images");
        }
        this.pixels = pixels;
        this.images = images;
        batch = config.batch();
        seed = config.seed();
    }

    @Override
    public Pixels pixels() {
        return pixels;
    }

    @Override
    public int size() {
        return images;
    }

    @Override
    public int stepsPerEpoch() {
        return images / batch;
    }

    @Override
    public Batches from(long step, LongFunction<int[]> permutations) {
        MemorySegment query = views(0);
        MemorySegment key = views(1);
        return new Batches() {
            private long next = step;

            @Override
            public Views next() {
                return new Views(query, key, permutations.apply(next++));
            }
        };
    }

    private MemorySegment views(int which) {
        byte[] bytes = new byte[Math.multiplyExact(3 * batch, pixels.height() * pixels.width())];
        Philox draws = new Philox(seed, 0, 0, which);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) draws.below(256);
        }
        return MemorySegment.ofArray(bytes);
    }
}
