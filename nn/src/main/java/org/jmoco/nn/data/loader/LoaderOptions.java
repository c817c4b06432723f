package org.jmoco.nn.data.loader;

import java.time.Duration;
import org.jmoco.nn.data.DataException;

/// How a [Loader] runs. `threads`, `prefetch` and `deadline` never change a batch.
///
/// @param batchSize images in a batch   @param epochs how many times the data set is gone through
/// @param shuffle,dropLast see [Sampler]   @param seed of the order and of all augmentation
/// @param onUnreadable what takes the place of an image that cannot be read
/// @param threads workers that decode and augment   @param prefetch batches under way at once: the bound on memory
/// @param deadline time for decoding and augmenting one image; one that takes longer counts as unreadable, and its
///     thread is given up
/// @param ranks see [Sampler]
public record LoaderOptions(
        int batchSize,
        int epochs,
        boolean shuffle,
        boolean dropLast,
        long seed,
        OnUnreadable onUnreadable,
        int threads,
        int prefetch,
        Duration deadline,
        int ranks) {

    /// The share of unreadable images above which a run ends.
    public static final double MOST_UNREADABLE = 0.01;

    /// What takes the place of an unreadable image. Either way it is counted and listed, and over 1 % of them end
    /// the run.
    public enum OnUnreadable {
        /// The next readable image in the epoch's order, augmented with the draws of the one it replaces: batches
        /// stay whole.
        REPLACE,
        /// Nothing: the batch is smaller. For evaluation, where no image may count twice.
        DROP
    }

    /// An epoch's images are not filled up.
    public LoaderOptions(
            int batchSize,
            int epochs,
            boolean shuffle,
            boolean dropLast,
            long seed,
            OnUnreadable onUnreadable,
            int threads,
            int prefetch,
            Duration deadline) {
        this(batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, prefetch, deadline, 1);
    }

    public LoaderOptions {
        if (batchSize < 1 || epochs < 0 || threads < 1 || prefetch < 1 || !deadline.isPositive()) {
            throw new DataException(
                    "loader: batch size, threads, prefetch and deadline must be above 0 and epochs at least 0, got "
                            + batchSize + ", " + threads + ", " + prefetch + ", " + deadline + " and " + epochs);
        }
    }

    /// Shuffled whole batches, unreadable images replaced; as many threads as processors, three batches under way,
    /// a minute an image.
    public static LoaderOptions training(int batchSize, int epochs, long seed) {
        return new LoaderOptions(
                batchSize, epochs, true, true, seed, OnUnreadable.REPLACE, processors(), 3, Duration.ofMinutes(1));
    }

    /// Every image once, in order, unreadable ones left out.
    public static LoaderOptions evaluation(int batchSize) {
        return new LoaderOptions(
                batchSize, 1, false, false, 0, OnUnreadable.DROP, processors(), 3, Duration.ofMinutes(1));
    }

    public LoaderOptions withThreads(int count) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, dropLast, seed, onUnreadable, count, prefetch, deadline, ranks);
    }

    public LoaderOptions withPrefetch(int batches) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, batches, deadline, ranks);
    }

    public LoaderOptions withDropLast(boolean drop) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, drop, seed, onUnreadable, threads, prefetch, deadline, ranks);
    }

    public LoaderOptions withDeadline(Duration perImage) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, prefetch, perImage, ranks);
    }

    public LoaderOptions withRanks(int count) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, prefetch, deadline, count);
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
