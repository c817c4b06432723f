package org.jmoco.tensor.backend.jvm.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/// A fixed pool of threads that runs parallel loops. The calling thread takes part, so `threads` counts it.
///
/// A training step has about a thousand short parallel regions. A worker therefore watches for the next region for
/// some microseconds before it parks, and a region ends when its tasks are done, not when every worker has arrived: a
/// worker that wakes late finds nothing to do and delays nobody.
///
/// Each thread begins with a share of its own, neighbouring tasks, the same in every region, and goes on with what the
/// others have left. So most of what a thread reads is what it wrote itself in the region before: from another core's
/// cache it comes slowly, the more so where two cores have no cache in common.
///
/// Which thread runs which task is left to chance all the same. **Results must not depend on it**: cut the work by
/// its shape alone, never by [#threads()], and let two tasks never add into the same place.
///
/// One region runs at a time; a second caller waits. A loop started inside a loop runs inline on the thread that
/// starts it.
public final class Workers implements AutoCloseable {
    /// How long an idle thread watches before it parks: longer than the serial gap between two regions, far
    /// shorter than what anybody sees as a busy core.
    private static final long WATCH_NANOS = 40_000;

    /// The body of a loop over ranges.
    @FunctionalInterface
    public interface RangeBody {
        /// Handles the elements `from` (inclusive) to `to` (exclusive).
        void accept(long from, long to);
    }

    private final ReentrantLock oneRegion = new ReentrantLock();
    private final Worker[] workers;
    private final Blocking blocking;
    private volatile Region current;
    private volatile boolean closed;

    /// Starts the pool.
    ///
    /// @param threads how many threads work on a region, the caller included; at least 1
    public Workers(int threads) {
        this(threads, Blocking.ofThisMachine());
    }

    /// @param blocking how much each of them works on at a time
    public Workers(int threads, Blocking blocking) {
        if (threads < 1) {
            throw new IllegalArgumentException("workers: expected at least 1 thread, got " + threads);
        }
        this.blocking = blocking;
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    /// How many threads work on a region, the caller included.
    public int threads() {
        return workers.length + 1;
    }

    /// How much each thread works on at a time.
    public Blocking blocking() {
        return blocking;
    }

    /// Runs `body` once for every index in `[0, tasks)`, in any order, and returns when all are done.
    ///
    /// If a call of `body` throws, indices not yet begun are skipped and the first exception is thrown here.
    public void forEach(int tasks, IntConsumer body) {
        if (closed) {
            throw new IllegalStateException("workers: the pool is closed; use it before close()");
        }
        if (workers.length == 0 || tasks <= 1 || insideRegion()) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        oneRegion.lock();
        try {
            Region region = new Region(tasks, threads(), body);
            current = region;
            for (int i = 0; i < Math.min(workers.length, tasks - 1); i++) {
                workers[i].wake();
            }
            region.work(0);
            region.await();
        } finally {
            current = null;
            oneRegion.unlock();
        }
    }

    /// Cuts `[0, n)` into ranges of `chunk` elements (the last may be shorter) and runs `body` once for each.
    ///
    /// @param chunk elements of a range, above 0; chosen from the shape of the problem, so that sums over a range
    ///     have the same bits on every number of threads
    public void forRange(long n, long chunk, RangeBody body) {
        if (chunk < 1) {
            throw new IllegalArgumentException("workers: expected a chunk of at least 1 element, got " + chunk);
        }
        forEach(Math.toIntExact(Math.ceilDiv(n, chunk)), i -> body.accept(i * chunk, Math.min(n, (i + 1) * chunk)));
    }

    /// Ends the threads; a running region is finished first.
    @Override
    public void close() {
        oneRegion.lock();
        try {
            closed = true;
            for (Worker worker : workers) {
                LockSupport.unpark(worker);
            }
        } finally {
            oneRegion.unlock();
        }
    }

    private boolean insideRegion() {
        return oneRegion.isHeldByCurrentThread() || Thread.currentThread() instanceof Worker;
    }

    /// One parallel loop. Each has its own counters, so a late worker can never take a task of the next one.
    private static final class Region {
        /// Distance between two threads' counters, so that they lie in cache lines of their own.
        private static final int LINE = 32;

        final int tasks;
        final int threads;
        final IntConsumer body;
        final Thread caller = Thread.currentThread();
        final AtomicIntegerArray next; // task of each share
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<Throwable> failure = new AtomicReference<>();

        Region(int tasks, int threads, IntConsumer body) {
            this.tasks = tasks;
            this.threads = threads;
            this.body = body;
            next = new AtomicIntegerArray(threads * LINE);
            for (int thread = 1; thread < threads; thread++) {
                next.setPlain(thread * LINE, firstTask(thread));
            }
        }

        private int firstTask(int thread) {
            return (int) ((long) tasks * thread / threads);
        }

        boolean exhausted() {
            for (int thread = 0; thread < threads; thread++) {
                if (next.get(thread * LINE) < firstTask(thread + 1)) {
                    return false;
                }
            }
            return true;
        }

        /// Works on the share of a thread, then on those of the threads behind it.
        void work(int thread) {
            for (int i = 0; i < threads; i++) {
                share((thread + i) % threads);
            }
        }

        private void share(int thread) {
            int end = firstTask(thread + 1);
            while (next.get(thread * LINE) < end) {
                int i = next.getAndIncrement(thread * LINE);
                if (i >= end) {
                    return;
                }
                try {
                    if (failure.get() == null) {
                        body.accept(i);
                    }
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                } finally {
                    if (done.incrementAndGet() == tasks) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        void await() {
            long deadline = System.nanoTime() + WATCH_NANOS;
            while (done.get() < tasks) {
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException("workers: a task threw a checked exception", t);
            }
        }
    }

    private final class Worker extends Thread {
        private final int number;
        private volatile boolean parked;

        Worker(int number) {
            super("jmoco-worker-" + number);
            this.number = number;
            setDaemon(true);
        }

        /// Called after `current` was set. Either this sees `parked`, or the worker sees the region before it parks.
        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            while (!closed) {
                Region region = nextRegion();
                if (region != null) {
                    region.work(number);
                }
            }
        }

        private Region nextRegion() {
            long deadline = System.nanoTime() + WATCH_NANOS;
            while (System.nanoTime() < deadline) {
                Region region = available();
                if (region != null) {
                    return region;
                }
                Thread.onSpinWait();
            }
            parked = true;
            try {
                Region region = available();
                while (region == null && !closed) {
                    LockSupport.park(Workers.this);
                    region = available();
                }
                return region;
            } finally {
                parked = false;
            }
        }

        private Region available() {
            Region region = current;
            return region == null || region.exhausted() ? null : region;
        }
    }
}
