package org.jmoco.nn.data.loader;

import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// Which images make up which batch: every image once an epoch.
///
/// @param size images in the data set   @param batchSize images in a batch
/// @param shuffle whether each epoch has its own random order, a function of (seed, epoch); else the order is that of the source
/// @param dropLast whether the images left over at the end of an epoch, fewer than a batch, are left out
public record Sampler(int size, int batchSize, boolean shuffle, boolean dropLast, long seed) {
    public Sampler {
        if (size < 1 || batchSize < 1) {
            throw new DataException("a batch of " + batchSize + " from " + size + " images: both must be at least 1");
        }
        if (dropLast && batchSize > size) {
            throw new DataException(
                    "the batch of " + batchSize + " is larger than the data set of " + size + " images: not one whole batch");
        }
    }

    public int batchesPerEpoch() {
        return dropLast ? size / batchSize : (size + batchSize - 1) / batchSize;
    }

    /// Images in a batch of an epoch: `batchSize`, or what is left at the end.
    int sizeOf(int batch) {
        return Math.min(batchSize, size - batch * batchSize);
    }

    /// The image indices of an epoch in their order; batch b takes places `b·batchSize …`.
    public int[] order(int epoch) {
        return shuffle ? Streams.order(seed, epoch).permutation(size) : IntStream.range(0, size).toArray();
    }
}
