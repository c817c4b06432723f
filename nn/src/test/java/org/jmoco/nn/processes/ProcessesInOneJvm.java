package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Threads that take themselves for processes: what runs over MPI runs here without it.
public final class ProcessesInOneJvm implements Processes {
    private static final long PATIENCE_SECONDS = 120;

    /// What all of them look at.
    private static final class Board {
        private final CyclicBarrier barrier;
        private final MemorySegment[] sent;
        private final Slices[] slices;
        private final List<Throwable> failures = new ArrayList<>();
        private final Map<Integer, Board> pairs = new ConcurrentHashMap<>();

        Board(int count) {
            barrier = new CyclicBarrier(count);
            sent = new MemorySegment[count];
            slices = new Slices[count];
        }

        synchronized void fail(Throwable failure) {
            failures.add(failure);
            barrier.reset();
            pairs.values().forEach(pair -> pair.barrier.reset());
        }

        synchronized boolean failed() {
            return !failures.isEmpty();
        }
    }

    private final Board board;
    private final int number;
    private final int count;

    private ProcessesInOneJvm(Board board, int number, int count) {
        this.board = board;
        this.number = number;
        this.count = count;
    }

    /// Runs a program on so many processes, and throws what the first of them threw.
    public static void run(int count, Consumer<Processes> program) {
        Board board = new Board(count);
        List<Thread> threads = IntStream.range(0, count)
                .mapToObj(number -> Thread.ofPlatform()
                        .name("process " + number)
                        .start(() -> {
                            try {
                                program.accept(new ProcessesInOneJvm(board, number, count));
                            } catch (RuntimeException | Error e) {
                                board.fail(e);
                            }
                        }))
                .toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (board.failed()) {
            switch (board.failures.getFirst()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private void meet() {
        meet(board);
    }

    private void meet(Board there) {
        if (board.failed()) {
            throw new ProcessesException("process " + number + ": another one has failed");
        }
        try {
            there.barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new ProcessesException("process " + number + ": another one has failed or does not come", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public List<String> hosts() {
        return IntStream.range(0, count).mapToObj(p -> "thread-" + p).toList();
    }

    @Override
    public String transport() {
        return "threads of one JVM";
    }

    @Override
    public void phase(String what) {
        // nobody names it
    }

    @Override
    public void exchange(MemorySegment sent, Slices to, MemorySegment received, Slices from) {
        Checks.exchange(this, sent, to, received, from);
        board.sent[number] = sent;
        board.slices[number] = to;
        meet();
        for (int p = 0; p < count; p++) {
            Slices theirs = board.slices[p];
            if (theirs.bytes(number) != from.bytes(p)) {
                throw new IllegalArgumentException("exchange: process " + p + " sends " + theirs.bytes(number)
                        + " bytes to process " + number + ", which expects " + from.bytes(p));
            }
            MemorySegment.copy(board.sent[p], theirs.startByte(number), received, from.startByte(p), from.bytes(p));
        }
        meet();
    }

    @Override
    public void gather(MemorySegment all, Slices slices) {
        Checks.gather(this, all, slices);
        board.sent[number] = all;
        board.slices[number] = slices;
        meet();
        for (int p = 0; p < count; p++) {
            if (!board.slices[p].toString().equals(slices.toString())) {
                throw new IllegalArgumentException("gather: processes " + p + " and " + number
                        + " have different slices, " + board.slices[p] + " and " + slices);
            }
            if (p != number) {
                long at = slices.startByte(p);
                MemorySegment.copy(board.sent[p], at, all, at, slices.bytes(p));
            }
        }
        meet();
    }

    @Override
    public void broadcast(MemorySegment all, int from) {
        Checks.broadcast(this, all, from);
        board.sent[number] = all;
        meet();
        if (number != from) {
            all.copyFrom(board.sent[from]);
        }
        meet();
    }

    @Override
    public void swap(int other, MemorySegment sent, MemorySegment received) {
        Checks.swap(this, other, sent, received);
        int lower = Math.min(number, other);
        Board pair = board.pairs.computeIfAbsent(lower * count + Math.max(number, other), key -> new Board(2));
        int place = number == lower ? 0 : 1;
        pair.sent[place] = sent;
        meet(pair);
        received.copyFrom(pair.sent[1 - place]);
        meet(pair);
    }

    @Override
    public Pending inBackground(Runnable calls) {
        calls.run();
        return () -> {};
    }

    @Override
    public void abort(int exitCode) {
        throw new ProcessesException("process " + number + " has ended all with exit code " + exitCode);
    }

    @Override
    public void leave() {
        // nothing is held
    }
}
