package org.jmoco.nn.data.loader;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.LoaderOptions.OnUnreadable;
import org.jmoco.nn.data.loader.PendingBatch.Unreadable;
import org.jmoco.nn.data.source.ImageSource;

/// Batches of augmented views of a data set, made ahead by worker threads and handed out in order.
///
/// A batch is a function of source, pipelines, options and its [Position]: the number of threads, their timing and
/// a resume change nothing. (The deadline for an image is the one exception: what hangs is passed over.) At most
/// `prefetch` batches exist at once, besides those handed out. Who gives a batch back with [#recycle] lets its
/// memory be used again: views live too long to die young, and without that a long run fills the heap with dead
/// ones.
///
/// An unreadable image is replaced or dropped, see [OnUnreadable], and listed in [#unreadable]; more of them than
/// [LoaderOptions#mayBeUnreadable] end the run with a [DataException]. One thread may use a loader.
public final class Loader implements Iterator<Batch>, AutoCloseable {
    private static final int NO_CLASS = -1;
    private static final long DEADLINE_CHECK_MILLIS = 50;

    private final ImageSource source;
    private final LoaderOptions options;
    private final Sampler sampler;
    private final ViewMaker views;
    private final Workers workers;
    private final Share share;
    private final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final ArrayDeque<PendingBatch> underWay = new ArrayDeque<>();
    private final ArrayDeque<List<View>> spare;
    private final Map<Integer, String> unreadable = new LinkedHashMap<>();
    private Position next;
    private Position nextToSubmit;
    private int orderEpoch = -1;
    private int[] order = {};
    private long waitedNanos;

    /// The places of batches that a loader fills.
    @FunctionalInterface
    public interface Share {
        /// Every place.
        Share ALL = (batch, place) -> true;

        /// @param batch of the epoch, from 0   @param place in the batch, from 0
        boolean has(int batch, int place);
    }

    /// A loader at the start.
    ///
    /// @param pipelines one for each view
    /// @throws DataException if the batch does not fit the data set
    public Loader(ImageSource source, List<Pipeline> pipelines, LoaderOptions options) {
        this(source, pipelines, options, Position.START);
    }

    /// A loader that goes on where another stood.
    ///
    /// @throws DataException if there is no such batch
    public Loader(ImageSource source, List<Pipeline> pipelines, LoaderOptions options, Position from) {
        this(source, pipelines, options, from, Share.ALL);
    }

    /// The loader of one of several processes, which makes the views of its share alone: the other places of a
    /// batch hold anything, and have the class −1.
    ///
    /// @throws DataException if there is no such batch
    public Loader(ImageSource source, List<Pipeline> pipelines, LoaderOptions options, Position from, Share share) {
        this.source = source;
        this.options = options;
        this.share = share;
        sampler = new Sampler(
                source.size(),
                options.batchSize(),
                options.shuffle(),
                options.dropLast(),
                options.seed(),
                options.ranks());
        if (from.batch() >= sampler.batchesPerEpoch()) {
            throw new DataException(
                    "the saved position is batch " + from.batch() + " of an epoch, but the data set gives "
                            + sampler.batchesPerEpoch() + ": it, or the batch size, has changed");
        }
        views = new ViewMaker(source, pipelines, options.seed());
        spare = SpareViews.take(views.sizes(options.batchSize()));
        workers = new Workers(options.threads(), options.deadline(), e -> defect.compareAndSet(null, e));
        next = from;
        nextToSubmit = from;
        submit();
    }

    public int batchesPerEpoch() {
        return sampler.batchesPerEpoch();
    }

    /// The batch that [#next] will give: what to save with a checkpoint.
    public Position position() {
        return next;
    }

    /// The images found unreadable so far, one message each, in the order in which they came up.
    public List<String> unreadable() {
        return List.copyOf(unreadable.values());
    }

    /// How long [#next] has waited for workers in all: near 0 if loading keeps up.
    public long waitedMillis() {
        return waitedNanos / 1_000_000;
    }

    @Override
    public boolean hasNext() {
        return next.epoch() < options.epochs();
    }

    /// The next batch.
    ///
    /// @throws DataException if an image cannot be augmented or too many are unreadable
    /// @throws NoSuchElementException after the last epoch
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + options.epochs() + " epochs are over");
        }
        PendingBatch head = underWay.getFirst();
        await(head);
        count(head.unreadable());
        Batch batch = head.finish();
        underWay.removeFirst();
        next = after(next);
        submit();
        return batch;
    }

    /// Takes back a batch of this loader, whose views then hold those of a later one, of this loader or of the next. It
    /// need not be called.
    public void recycle(Batch batch) {
        if (batch.size() == options.batchSize() && spare.size() < options.prefetch()) {
            spare.add(batch.views());
        }
    }

    private List<View> buffers(int size) {
        List<View> used = size == options.batchSize() ? spare.poll() : null;
        return used == null ? views.buffers(size) : used;
    }

    @Override
    public void close() {
        workers.close();
        underWay.clear();
        SpareViews.leave(views.sizes(options.batchSize()), new ArrayDeque<>(spare));
        spare.clear();
    }

    private void await(PendingBatch batch) {
        long start = System.nanoTime();
        try {
            while (!batch.open().await(DEADLINE_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (defect.get() != null) {
                    throw new IllegalStateException("an image loader thread failed: " + defect.get(), defect.get());
                }
                workers.enforceDeadline();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("interrupted while waiting for images", e);
        }
        waitedNanos += System.nanoTime() - start;
    }

    private void count(List<Unreadable> found) {
        for (Unreadable one : found) {
            unreadable.putIfAbsent(one.image(), one.message());
        }
        requireReadable(unreadable.values(), source, options);
    }

    /// Whether a run may go on with what was found unreadable so far.
    ///
    /// @param unreadable a message an image
    /// @throws DataException if it may not
    public static void requireReadable(Collection<String> unreadable, ImageSource source, LoaderOptions options) {
        int most = LoaderOptions.mayBeUnreadable(options.mostUnreadable(), source.size());
        if (unreadable.size() > most || unreadable.size() == source.size()) {
            throw new DataException(unreadable.size() + " of " + source.size() + " images are unreadable, "
                    + (unreadable.size() > most
                            ? "more than " + LoaderOptions.percent(options.mostUnreadable())
                            : "so there is none to go on with")
                    + "; the first: " + unreadable.iterator().next());
        }
    }

    private Position after(Position p) {
        return p.batch() + 1 < sampler.batchesPerEpoch()
                ? new Position(p.epoch(), p.batch() + 1)
                : new Position(p.epoch() + 1, 0);
    }

    /// Fills the window of batches under way.
    private void submit() {
        while (underWay.size() < options.prefetch() && nextToSubmit.epoch() < options.epochs()) {
            Position p = nextToSubmit;
            if (p.epoch() != orderEpoch) {
                orderEpoch = p.epoch();
                order = sampler.order(orderEpoch);
            }
            int size = sampler.sizeOf(p.batch());
            PendingBatch batch = new PendingBatch(p, order, p.batch() * options.batchSize(), size, buffers(size));
            underWay.addLast(batch);
            for (int slot = 0; slot < size; slot++) {
                if (share.has(p.batch(), slot)) {
                    workers.submit(new Place(batch, slot, 0));
                } else {
                    batch.fill(slot, batch.image(slot, 0), NO_CLASS);
                }
            }
            nextToSubmit = after(p);
        }
    }

    /// The work on one place of a batch, from a given try on.
    private final class Place extends Workers.Job {
        private final PendingBatch batch;
        private final int slot;
        private volatile int attempt;

        Place(PendingBatch batch, int slot, int attempt) {
            this.batch = batch;
            this.slot = slot;
            this.attempt = attempt;
        }

        @Override
        void run() {
            int meant = batch.image(slot, 0);
            while (batch.hasImage(attempt) && !isSettled()) {
                int image = batch.image(slot, attempt);
                startClock();
                try {
                    ViewMaker.Made made = views.make(image, meant, batch.position.epoch());
                    // All that can fail comes before the place is settled: after it, nothing else would open
                    // the batch.
                    int label = source.label(image);
                    if (settle()) {
                        ViewMaker.write(made, batch, slot);
                        batch.fill(slot, image, label);
                    }
                    return;
                } catch (UnreadableImageException e) {
                    batch.unreadable(slot, image, e.getMessage());
                } catch (DataException e) {
                    fail(e);
                    return;
                } catch (RuntimeException e) {
                    fail(new DataException(source.name(image) + ": " + e, e));
                    return;
                } catch (OutOfMemoryError e) {
                    fail(new DataException(
                            source.name(image) + ": out of memory (" + e.getMessage()
                                    + "); fewer workers that load need less, -Xmx… allows Java more",
                            e));
                    return;
                }
                if (options.onUnreadable() == OnUnreadable.DROP) {
                    break;
                }
                attempt++;
            }
            if (settle()) {
                batch.drop();
            }
        }

        /// The image under work hangs: another worker goes on with the next one.
        @Override
        void overran() {
            int image = batch.image(slot, attempt);
            String reason = source.name(image) + ": took more than "
                    + options.deadline().toMillis() / 1000.0 + " s to load";
            batch.unreadable(slot, image, reason);
            if (options.onUnreadable() == OnUnreadable.DROP || !batch.hasImage(attempt + 1)) {
                batch.drop();
            } else {
                workers.submit(new Place(batch, slot, attempt + 1));
            }
        }

        private void fail(DataException cause) {
            if (settle()) {
                batch.fail(slot, cause);
            }
        }
    }
}
