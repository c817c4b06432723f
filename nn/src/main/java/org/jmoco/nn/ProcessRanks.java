package org.jmoco.nn;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.RankExchange;

/// The ranks of a batch whose batch norm is synchronised, shared out to processes: each has as many, neighbours,
/// and those of process 0 come first. No bit depends on how many processes there are.
///
/// ```java
/// ProcessRanks ranks = ProcessRanks.of(8, processes);
/// int n = batch / processes.count();                               // images that a program of this process sees
/// Tensor maps = network.forward(images, ranks.mode(true));         // [n, h, w, 3], from the batch's n·number on
/// List<List<Tensor>> gradients = Gradients.ofParts(losses.sum(), network.parameters(), ranks.here());
/// ```
/// Programs that are traced with it are collective: all processes run the same ones at the same time.
public final class ProcessRanks implements RankExchange {
    private final int count;
    private final Processes processes;
    private long waitedNanos;

    private ProcessRanks(int count, Processes processes) {
        this.count = count;
        this.processes = processes;
    }

    /// Shares ranks out.
    ///
    /// @throws IllegalArgumentException if that does not work out evenly
    public static ProcessRanks of(int ranks, Processes processes) {
        if (ranks % processes.count() != 0) {
            throw new IllegalArgumentException("ranks: " + ranks + " cannot be shared out to " + processes.count()
                    + " processes, each of which needs as many as the others");
        }
        return new ProcessRanks(ranks, processes);
    }

    /// Ranks of all processes.
    public int count() {
        return count;
    }

    /// Ranks of this process.
    public int here() {
        return count / processes.count();
    }

    @Override
    public int processes() {
        return processes.count();
    }

    @Override
    public int number() {
        return processes.number();
    }

    /// Training with the statistics of all ranks.
    ///
    /// @param keeps whether the running statistics follow them
    public Mode.Train mode(boolean keeps) {
        return new Mode.Train(
                BatchGroups.contiguous(here()), keeps, Optional.of(processes.count() == 1 ? RankExchange.HERE : this));
    }

    @Override
    public void gather(MemorySegment all, long bytes) {
        long start = System.nanoTime();
        processes.gather(all, Slices.even(processes.count(), processes.count(), bytes));
        waitedNanos += System.nanoTime() - start;
    }

    /// How long statistics have been under way since this was asked last.
    public long takeWaitedNanos() {
        long waited = waitedNanos;
        waitedNanos = 0;
        return waited;
    }
}
