package org.jmoco.nn.processes.mpi;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jmoco.nn.processes.Processes.Pending;

/// The one thread that calls MPI. What it is handed it does in order.
final class MpiThread {
    private final LinkedBlockingDeque<Runnable> work = new LinkedBlockingDeque<>();
    private final Thread thread;
    private volatile boolean stopped;

    MpiThread() {
        thread = Thread.ofPlatform().name("mpi").daemon().start(this::serve);
    }

    private void serve() {
        while (!stopped) {
            try {
                work.take().run();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Whether the caller is that thread.
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /// Does something there and waits for it; what it throws is thrown here.
    <T> T run(Supplier<T> something) {
        if (isCurrent()) {
            return something.get();
        }
        FutureTask<T> task = new FutureTask<>(something::get);
        work.add(task);
        return result(task);
    }

    void run(Runnable something) {
        Supplier<Void> asSupplier = () -> {
            something.run();
            return null;
        };
        run(asSupplier);
    }

    /// Does something there after what was handed over before.
    Pending start(Runnable something) {
        FutureTask<Void> task = new FutureTask<>(something, null);
        work.add(task);
        return () -> result(task);
    }

    /// Does something there before all that waits.
    void runFirst(Runnable something) {
        work.addFirst(something);
    }

    /// As [#run], for so long at most.
    <T> T run(Supplier<T> something, long seconds) throws TimeoutException {
        FutureTask<T> task = new FutureTask<>(something::get);
        work.add(task);
        try {
            return task.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        }
    }

    /// No work is taken after that which is there.
    void stop() {
        run(() -> {
            stopped = true;
        });
    }

    /// An interrupt does not end the wait: the others would wait for what this process leaves undone.
    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        }
    }
}
