package org.jmoco.eval.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/// Brings together what many threads ask at the same time. One thread answers, each time all that has come since,
/// up to a largest number: nobody waits for a batch to fill, and the more is asked, the larger the batches become.
///
/// @param <Q> a question
/// @param <A> its answer
public final class MicroBatcher<Q, A> implements AutoCloseable {
    private final int most;
    private final Function<List<Q>, List<A>> answers;
    private final BlockingQueue<Asked<Q, A>> waiting = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean closed;

    private record Asked<Q, A>(Q question, CompletableFuture<A> answer) {}

    /// Starts the thread that answers; it does not keep the JVM from ending.
    ///
    /// @param name    of the thread
    /// @param most    questions answered at once, at least 1
    /// @param answers of 1 to `most` questions, in their order
    public MicroBatcher(String name, int most, Function<List<Q>, List<A>> answers) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one question is answered at once, got " + most);
        }
        this.most = most;
        this.answers = answers;
        worker = Thread.ofPlatform().name(name).daemon().start(this::work);
    }

    /// The answer to a question; any number of threads may ask. What the answering function throws is thrown to
    /// all whose questions it had.
    ///
    /// @throws IllegalStateException if this is closed before the answer is there
    public A ask(Q question) {
        Asked<Q, A> asked = new Asked<>(question, new CompletableFuture<>());
        waiting.add(asked);
        if (closed) {
            refuse();
        }
        try {
            return asked.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void work() {
        List<Asked<Q, A>> batch = new ArrayList<>(most);
        while (!closed) {
            try {
                batch.add(waiting.take());
            } catch (InterruptedException e) {
                break;
            }
            waiting.drainTo(batch, most - 1);
            answer(batch);
            batch.clear();
        }
        refuse();
    }

    private void answer(List<Asked<Q, A>> batch) {
        try {
            List<A> all = answers.apply(batch.stream().map(Asked::question).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(all.get(i));
            }
        } catch (RuntimeException e) {
            batch.forEach(asked -> asked.answer().completeExceptionally(e));
        }
    }

    private void refuse() {
        for (Asked<Q, A> asked = waiting.poll(); asked != null; asked = waiting.poll()) {
            asked.answer().completeExceptionally(new IllegalStateException("closed before it was answered"));
        }
    }

    /// Answers what is being answered, and nothing more: those who still wait get an exception.
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
