package org.jmoco.nn.data.loader;

import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// Which images make up which batch: every image once an epoch, but for those that fill the last batch up.
///
/// @param size images in the data set   @param batchSize images in a batch
/// @param shuffle whether each epoch has its own random order, a function of (seed, epoch); else the order is that
///     of the source
/// @param dropLast whether the images left over at the end of an epoch, fewer than a batch, are left out
/// @param ranks    an epoch's images are filled up to a multiple of it with the first ones of its order, as
///     PyTorch's distributed sampler does for as many processes; 1 to fill up nothing
public record Sampler(int size, int batchSize, boolean shuffle, boolean dropLast, long seed, int ranks) {
    public Sampler {
        if (size < 1 || batchSize < 1 || ranks < 1) {
            throw new DataException("a batch of " + batchSize + " from " + size + " images for " + ranks
                    + " ranks: all must be at least 1");
        }
        if (dropLast && batchSize > size) {
            throw new DataException("the batch of " + batchSize + " is larger than the data set of " + size
                    + " images: not one whole batch");
        }
    }

    /// Nothing is filled up.
    public Sampler(int size, int batchSize, boolean shuffle, boolean dropLast, long seed) {
        this(size, batchSize, shuffle, dropLast, seed, 1);
    }

    /// Places in an epoch's order.
    private int places() {
        return Math.multiplyExact(Math.ceilDiv(size, ranks), ranks);
    }

    public int batchesPerEpoch() {
        return dropLast ? places() / batchSize : Math.ceilDiv(places(), batchSize);
    }

    /// Images in a batch of an epoch: `batchSize`, or what is left at the end.
    int sizeOf(int batch) {
        return Math.min(batchSize, places() - batch * batchSize);
    }

    /// The image indices of an epoch in their order; batch b takes places `b·batchSize …`.
    public int[] order(int epoch) {
        int[] once = shuffle
                ? Streams.order(seed, epoch).permutation(size)
                : IntStream.range(0, size).toArray();
        return IntStream.range(0, places()).map(place -> once[place % size]).toArray();
    }
}
