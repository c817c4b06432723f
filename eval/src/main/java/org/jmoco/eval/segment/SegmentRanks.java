package org.jmoco.eval.segment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.ProcessRanks;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.processes.OrderedSum;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.tensor.Variable;

/// The gradients and losses of ranks that several processes compute: batch norm is synchronised, see
/// [ProcessRanks], each rank's gradients are of the mean loss of its own images, and all are added in the order
/// of parts and ranks. One process adds them in its programs, several of them in between.
///
/// Its calls are collective.
final class SegmentRanks {
    private final Processes processes;
    private final ProcessRanks ranks;
    private final RankSums sums;
    private final List<OrderedSum> folds;
    private final MemorySegment losses;
    private long waitedNanos;

    /// @param losses of a rank
    SegmentRanks(int count, Processes processes, Sgd sgd, int losses) {
        this.processes = processes;
        ranks = ProcessRanks.of(count, processes);
        sums = RankSums.of(sgd, processes.count(), ranks.here());
        folds = sums.terms().isEmpty()
                ? List.of()
                : sums.whole().variables().stream()
                        .map(v -> new OrderedSum(processes, v.hostForWriting(), ranks.here()))
                        .toList();
        this.losses = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, (long) losses * count);
    }

    ProcessRanks ranks() {
        return ranks;
    }

    RankSums sums() {
        return sums;
    }

    /// After the program of a part: adds what all processes have.
    void add() {
        if (sums.terms().isEmpty()) {
            return;
        }
        timed(() -> {
            for (int i = 0; i < folds.size(); i++) {
                int group = i;
                sums.whole().variables().get(i).hostForWriting();
                List<MemorySegment> own = sums.terms().stream()
                        .map(t -> t.variables().get(group).host())
                        .toList();
                folds.get(i).add(own);
            }
        });
    }

    /// After the last part: every process has the whole sum.
    void share() {
        if (!sums.terms().isEmpty()) {
            timed(() -> folds.forEach(OrderedSum::share));
            sums.whole().variables().forEach(Variable::hostForWriting);
        }
    }

    /// What each rank of all processes has, one list a loss, in the order of ranks.
    ///
    /// @param own one array a loss, each of this process's ranks
    List<float[]> ofAll(List<float[]> own) {
        if (processes.count() == 1) {
            return own;
        }
        int here = ranks.here();
        int kinds = own.size();
        long first = (long) processes.number() * kinds * here;
        for (int kind = 0; kind < kinds; kind++) {
            for (int rank = 0; rank < here; rank++) {
                losses.setAtIndex(ValueLayout.JAVA_FLOAT, first + (long) kind * here + rank, own.get(kind)[rank]);
            }
        }
        timed(() -> processes.gather(
                losses, Slices.even(processes.count(), processes.count(), (long) kinds * here * Float.BYTES)));
        List<float[]> all = new ArrayList<>();
        for (int kind = 0; kind < kinds; kind++) {
            float[] ofKind = new float[ranks.count()];
            for (int rank = 0; rank < ofKind.length; rank++) {
                long at = ((long) rank / here * kinds + kind) * here + rank % here;
                ofKind[rank] = losses.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            }
            all.add(ofKind);
        }
        return all;
    }

    /// How long this process stood still for the others since it was asked last.
    double takeWaitedMillis() {
        long waited = waitedNanos + ranks.takeWaitedNanos();
        waitedNanos = 0;
        return waited / 1e6;
    }

    private void timed(Runnable calls) {
        long start = System.nanoTime();
        calls.run();
        waitedNanos += System.nanoTime() - start;
    }
}
