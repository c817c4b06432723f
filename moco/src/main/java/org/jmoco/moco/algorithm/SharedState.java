package org.jmoco.moco.algorithm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.tensor.Variable;

/// What not every process keeps, given to the others: batch norm's running statistics, which process 0 has, and the
/// momentum buffers, of which each has those of its slice of the parameters.
final class SharedState {
    private SharedState() {}

    /// Collective.
    static void share(Moco moco, Processes processes) {
        if (processes.count() == 1) {
            return;
        }
        for (MemorySegment momenta : moco.sgd().flatMomenta()) {
            processes.gather(momenta, Slices.even(processes.count(), momenta.byteSize() / Float.BYTES, Float.BYTES));
        }
        shareStatistics(moco, processes);
    }

    private static void shareStatistics(Moco moco, Processes processes) {
        List<Variable> statistics = new ArrayList<>();
        for (ResNet encoder : List.of(moco.query(), moco.key())) {
            Set<String> parameters = encoder.namedParameters().keySet();
            encoder.named().forEach((name, v) -> {
                if (!parameters.contains(name)) {
                    statistics.add(v);
                }
            });
        }
        long bytes = statistics.stream().mapToLong(v -> v.host().byteSize()).sum();
        MemorySegment all = Arena.ofAuto().allocate(Math.max(1, bytes));
        long at = 0;
        for (Variable v : statistics) {
            MemorySegment from = v.host();
            MemorySegment.copy(from, 0, all, at, from.byteSize());
            at += from.byteSize();
        }
        processes.broadcast(all, 0);
        if (processes.number() == 0) {
            return;
        }
        at = 0;
        for (Variable v : statistics) {
            MemorySegment to = v.hostForWriting();
            MemorySegment.copy(all, at, to, 0, to.byteSize());
            at += to.byteSize();
        }
    }
}
