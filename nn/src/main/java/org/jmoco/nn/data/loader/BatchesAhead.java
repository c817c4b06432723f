package org.jmoco.nn.data.loader;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jmoco.nn.data.DataException;

/// Batches made ahead by worker threads and handed out in order, for sources whose images all have to be readable:
/// what cannot be made ends the stream. At most two are under way besides those handed out. What a batch holds is
/// up to its number alone, so threads change nothing. One thread may use it.
///
/// @param <B> a batch
public final class BatchesAhead<B> implements AutoCloseable {
    private static final int AHEAD = 2;

    private final LongFunction<Work<B>> plan;
    private final ExecutorService workers;
    private final ArrayDeque<Pending<B>> pending = new ArrayDeque<>();
    private long next;

    /// How a batch is made.
    ///
    /// @param places what worker threads do, in any order   @param whole the batch, once all is done
    public record Work<B>(List<Runnable> places, Supplier<B> whole) {
        public Work {
            places = List.copyOf(places);
        }
    }

    private record Pending<B>(List<? extends Future<?>> places, Supplier<B> whole) {}

    /// @param plan    of the batch of a number; called in order, by the thread that uses this
    /// @param first   number of the first batch   @param threads that make them   @param name of the threads
    public BatchesAhead(LongFunction<Work<B>> plan, long first, int threads, String name) {
        this.plan = plan;
        workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
        next = first;
        for (int i = 0; i < AHEAD; i++) {
            submit();
        }
    }

    /// The next batch.
    ///
    /// @throws DataException if an image, or what is known of it, cannot be read, naming it
    public B next() {
        Pending<B> head = pending.removeFirst();
        head.places.forEach(this::await);
        submit();
        return head.whole.get();
    }

    private void submit() {
        Work<B> work = plan.apply(next++);
        pending.add(new Pending<>(work.places.stream().map(workers::submit).toList(), work.whole));
    }

    private void await(Future<?> place) {
        try {
            place.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof DataException known
                    ? known
                    : new IllegalStateException("a thread that makes batches failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("interrupted while waiting for images", e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
