package org.jmoco.moco.parity;

import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.BatchSource;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.random.Philox;

/// Views that no image was needed for: a coarse pattern of colours an image, and on it noise that differs between
/// its two views.
record NoiseBatches(int batch, int side, long seed) implements BatchSource {
    private static final int STREAM = 0x4e4f4953;
    /// Pixels of one colour of the pattern.
    private static final int PATCH = 4;
    private static final int NOISE = 64;

    NoiseBatches(MocoConfig config, int side) {
        this(config.batch(), side, config.seed());
    }

    @Override
    public Pixels pixels() {
        return Pixels.bytes(side, side, Normalize.IMAGENET);
    }

    @Override
    public int size() {
        return batch;
    }

    @Override
    public int stepsPerEpoch() {
        return 1;
    }

    @Override
    public Batches from(long step, LongFunction<int[]> permutations) {
        return new Batches() {
            private long next = step;

            @Override
            public Views next() {
                int at = Math.toIntExact(next++);
                return new Views(views(at, 1), views(at, 2), permutations.apply(at));
            }
        };
    }

    private MemorySegment views(int step, int which) {
        byte[] pixels = new byte[batch * side * side * 3];
        Philox noise = new Philox(seed, STREAM, which, step);
        int patches = Math.ceilDiv(side, PATCH);
        for (int image = 0; image < batch; image++) {
            byte[] colours = new byte[patches * patches * 3];
            Philox pattern = new Philox(seed, STREAM, 0, step * batch + image);
            for (int i = 0; i < colours.length; i++) {
                colours[i] = (byte) pattern.below(256 - NOISE);
            }
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    for (int c = 0; c < 3; c++) {
                        int colour = colours[((y / PATCH) * patches + x / PATCH) * 3 + c] & 255;
                        pixels[((image * side + y) * side + x) * 3 + c] = (byte) (colour + noise.below(NOISE));
                    }
                }
            }
        }
        return MemorySegment.ofArray(pixels);
    }
}
