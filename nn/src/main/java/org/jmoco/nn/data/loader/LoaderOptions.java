package org.jmoco.nn.data.loader;

import java.math.BigDecimal;
import java.math.MathContext;
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
/// @param mostUnreadable the share of images that may be unreadable, in `[0, 1]`; unless it is 0, one image may be
///     in any case
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
        int ranks,
        double mostUnreadable) {

    /// The share of unreadable images above which a run ends, if nothing else is said.
    public static final double MOST_UNREADABLE = 0.01;

    /// More threads are a slip: a system may fall over them.
    public static final int MOST_THREADS = 1024;

    /// What takes the place of an unreadable image. Either way it is counted and listed, and too many of them end
    /// the run.
    public enum OnUnreadable {
        /// The next readable image in the epoch's order, augmented with the draws of the one it replaces: batches
        /// stay whole.
        REPLACE,
        /// Nothing: the batch is smaller. For evaluation, where no image may count twice.
        DROP
    }

    /// An epoch's images are not filled up, and one in a hundred may be unreadable.
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
        this(batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, prefetch, deadline, 1, MOST_UNREADABLE);
    }

    public LoaderOptions {
        if (batchSize < 1 || epochs < 0 || threads < 1 || prefetch < 1 || !deadline.isPositive()) {
            throw new DataException(
                    "loader: batch size, threads, prefetch and deadline must be above 0 and epochs at least 0, got "
                            + batchSize + ", " + threads + ", " + prefetch + ", " + deadline + " and " + epochs);
        }
        if (threads > MOST_THREADS) {
            throw new DataException("loader: at most " + MOST_THREADS + " threads, got " + threads);
        }
        if (!(mostUnreadable >= 0 && mostUnreadable <= 1)) {
            throw new DataException(
                    "loader: the share of unreadable images must lie between 0 and 1, got " + mostUnreadable);
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
                batchSize,
                epochs,
                shuffle,
                dropLast,
                seed,
                onUnreadable,
                count,
                prefetch,
                deadline,
                ranks,
                mostUnreadable);
    }

    public LoaderOptions withPrefetch(int batches) {
        return new LoaderOptions(
                batchSize,
                epochs,
                shuffle,
                dropLast,
                seed,
                onUnreadable,
                threads,
                batches,
                deadline,
                ranks,
                mostUnreadable);
    }

    public LoaderOptions withDropLast(boolean drop) {
        return new LoaderOptions(
                batchSize,
                epochs,
                shuffle,
                drop,
                seed,
                onUnreadable,
                threads,
                prefetch,
                deadline,
                ranks,
                mostUnreadable);
    }

    public LoaderOptions withDeadline(Duration perImage) {
        return new LoaderOptions(
                batchSize,
                epochs,
                shuffle,
                dropLast,
                seed,
                onUnreadable,
                threads,
                prefetch,
                perImage,
                ranks,
                mostUnreadable);
    }

    public LoaderOptions withRanks(int count) {
        return new LoaderOptions(
                batchSize,
                epochs,
                shuffle,
                dropLast,
                seed,
                onUnreadable,
                threads,
                prefetch,
                deadline,
                count,
                mostUnreadable);
    }

    public LoaderOptions withMostUnreadable(double share) {
        return new LoaderOptions(
                batchSize, epochs, shuffle, dropLast, seed, onUnreadable, threads, prefetch, deadline, ranks, share);
    }

    /// How many images of a data set may be unreadable.
    ///
    /// @param share of them, in `[0, 1]`
    public static int mayBeUnreadable(double share, int images) {
        return share == 0 ? 0 : Math.max(1, (int) Math.floor(share * images));
    }

    /// A share for a message, `1 % (data.unreadable says how many may be)`.
    public static String percent(double share) {
        return new BigDecimal(100 * share)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString() + " % (data.unreadable, or --unreadable, says how many may be)";
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
