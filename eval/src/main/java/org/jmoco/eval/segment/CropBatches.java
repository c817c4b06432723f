package org.jmoco.eval.segment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jmoco.nn.data.dense.SegmentationCrops;
import org.jmoco.nn.data.loader.BatchesAhead;
import org.jmoco.nn.data.loader.Sampler;
import org.jmoco.nn.data.source.ImageSource;

/// Batches of crops, made ahead by worker threads and handed out in order: an endless stream of permutations of
/// the images, cut into batches. A batch is a function of source, recipe, seed and step.
///
/// An image that cannot be read ends the stream: unlike in pre-training, no other one takes its place. One thread
/// may use it.
final class CropBatches implements AutoCloseable {
    private final ImageSource source;
    private final SegmentationCrops crops;
    private final int size;
    private final IntPredicate own;
    private final long seed;
    private final Sampler sampler;
    private final ArrayDeque<Batch> spare = new ArrayDeque<>();
    private final BatchesAhead<Batch> ahead;
    private long orderOf = -1;
    private int[] order = {};

    /// Images with their label maps.
    ///
    /// @param images  bytes, `[n, h, w, 3]`   @param extents `[n, 2]`: height and width without padding
    /// @param labels  bytes, `[n, h, w]`
    @SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
    record Batch(byte[] images, int[] extents, byte[] labels) {}

    /// @param size    of a batch   @param own which of its places are filled; the others stay as they are
    /// @param done    steps done already   @param threads that read and crop
    CropBatches(
            ImageSource source,
            SegmentationCrops crops,
            int size,
            IntPredicate own,
            long seed,
            long done,
            int threads) {
        this.own = own;
        this.source = source;
        this.crops = crops;
        this.size = size;
        this.seed = seed;
        sampler = new Sampler(source.size(), 1, true, false, seed);
        ahead = new BatchesAhead<>(this::plan, done, threads, "crops");
    }

    /// The next batch; the one before may be overwritten from now on.
    ///
    /// @throws org.jmoco.nn.data.DataException if an image or its label map cannot be read, naming it
    Batch next() {
        Batch batch = ahead.next();
        spare.add(batch);
        return batch;
    }

    private BatchesAhead.Work<Batch> plan(long step) {
        // The last one that was handed out is still looked at.
        Batch batch = spare.size() > 1 ? spare.removeFirst() : blank();
        List<Runnable> places = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int slot = i;
            int image = image(step * size + i);
            if (!own.test(i)) {
                continue;
            }
            places.add(() -> fill(batch, slot, image, step));
        }
        return new BatchesAhead.Work<>(places, () -> batch);
    }

    private int image(long place) {
        long epoch = place / source.size();
        if (epoch != orderOf) {
            order = sampler.order(Math.toIntExact(epoch));
            orderOf = epoch;
        }
        return order[(int) (place % source.size())];
    }

    private Batch blank() {
        int pixels = size * crops.crop().height() * crops.crop().width();
        return new Batch(new byte[pixels * 3], new int[size * 2], new byte[pixels]);
    }

    private void fill(Batch batch, int slot, int image, long step) {
        SegmentationCrops.Crop made = crops.of(source, image, seed, Math.toIntExact(step));
        byte[] rgb = made.scene().image().rgb();
        byte[] classes = made.scene().labels().classes();
        System.arraycopy(rgb, 0, batch.images, slot * rgb.length, rgb.length);
        System.arraycopy(classes, 0, batch.labels, slot * classes.length, classes.length);
        batch.extents[2 * slot] = made.height();
        batch.extents[2 * slot + 1] = made.width();
    }

    @Override
    public void close() {
        ahead.close();
    }
}
