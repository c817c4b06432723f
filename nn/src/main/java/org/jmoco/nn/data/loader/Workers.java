package org.jmoco.nn.data.loader;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jmoco.nn.data.DataException;

/// Threads that run jobs in the order of their submission. A job that runs over the deadline is taken from its
/// thread, which is left to itself and replaced: Java cannot end a thread that hangs in a read or in a native
/// decoder.
final class Workers implements AutoCloseable {
    /// One unit of work with the right to settle its result, which exactly one of the worker and the deadline gets.
    abstract static class Job {
        private final AtomicBoolean settled = new AtomicBoolean();
        private volatile long startedNanos = Long.MAX_VALUE;

        abstract void run();

        /// What to do in place of a run that the deadline ended.
        abstract void overran();

        /// Starts the clock, again for every image tried.
        final void startClock() {
            startedNanos = System.nanoTime();
        }

        final boolean isSettled() {
            return settled.get();
        }

        /// True for the first to ask: only then may the job's result be written.
        final boolean settle() {
            return settled.compareAndSet(false, true);
        }
    }

    /// So many hanging threads mean that the storage hangs, not an image.
    private static final int MOST_ABANDONED = 16;

    private final LinkedBlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final long deadlineNanos;
    private final Consumer<Throwable> onError;
    private int abandoned;
    private int started;

    /// @param onError told of errors that jobs let through: defects, not bad data
    Workers(int threads, Duration deadline, Consumer<Throwable> onError) {
        deadlineNanos = deadline.toNanos();
        this.onError = onError;
        for (int i = 0; i < threads; i++) {
            start();
        }
    }

    void submit(Job job) {
        queue.add(job);
    }

    /// Takes jobs from threads that ran over the deadline. To be called by the one who waits for results.
    ///
    /// @throws DataException if too many threads hang
    void enforceDeadline() {
        long now = System.nanoTime();
        for (Worker worker : workers) {
            Job job = worker.current;
            if (job != null
                    && job.startedNanos != Long.MAX_VALUE
                    && now - job.startedNanos > deadlineNanos
                    && job.settle()) {
                workers.remove(worker);
                worker.interrupt();
                if (++abandoned > MOST_ABANDONED) {
                    throw new DataException(abandoned + " images hung for more than " + deadlineNanos / 1_000_000_000
                            + " s: is the storage there?");
                }
                start();
                job.overran();
            }
        }
    }

    @Override
    public void close() {
        queue.clear();
        for (Worker worker : workers) {
            worker.interrupt();
        }
        workers.clear();
    }

    private void start() {
        Worker worker = new Worker("image-loader-" + ++started);
        workers.add(worker);
        worker.start();
    }

    private final class Worker extends Thread {
        private volatile Job current;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (workers.contains(this)) {
                    Job job = queue.take();
                    job.startClock();
                    current = job;
                    job.run();
                    current = null;
                }
            } catch (InterruptedException e) {
                return; // closed
            } catch (RuntimeException | Error e) {
                onError.accept(e);
            }
        }
    }
}
