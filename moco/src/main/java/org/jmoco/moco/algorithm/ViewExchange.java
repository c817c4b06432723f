package org.jmoco.moco.algorithm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;

/// Key views on their way to the processes that encode them: shuffling batch norm mixes the whole batch, and
/// each process has made the views of its own images alone.
///
/// Two rounds may be under way at once.
final class ViewExchange {
    private final Processes processes;
    private final Turns turns;
    private final long viewBytes;
    private final MemorySegment[] sent = new MemorySegment[2];
    private final MemorySegment[] received = new MemorySegment[2];

    /// @param viewBytes bytes of one view
    ViewExchange(Processes processes, Turns turns, long viewBytes) {
        this.processes = processes;
        this.turns = turns;
        this.viewBytes = viewBytes;
        int part = turns.ranks().partSize();
        for (int i = 0; i < 2; i++) {
            sent[i] = allocate((long) Math.min(turns.count(), turns.rounds()) * part);
            received[i] = allocate(part);
        }
    }

    private MemorySegment allocate(long views) {
        return Arena.ofAuto().allocate(views * viewBytes, Long.BYTES);
    }

    /// Collects this process's views for the slots of a round.
    ///
    /// @return the collective call that exchanges them
    Runnable prepare(Pass pass, int round) {
        MemorySegment out = sent[round % 2];
        MemorySegment in = received[round % 2];
        long[] to = new long[turns.count()];
        long[] from = new long[turns.count()];
        long rows = 0;
        for (int q = 0; q < turns.count(); q++) {
            int first = turns.first(round, q);
            for (int slot = first; slot < first + turns.ranks().partSize(); slot++) {
                int image = pass.permutation()[slot];
                int owner = turns.owner(image);
                if (owner == turns.number()) {
                    MemorySegment.copy(pass.keys(), image * viewBytes, out, rows++ * viewBytes, viewBytes);
                    to[q]++;
                }
                if (q == turns.number()) {
                    from[owner]++;
                }
            }
        }
        Slices toEach = Slices.adjacent(viewBytes, to);
        Slices fromEach = Slices.adjacent(viewBytes, from);
        return () -> processes.exchange(out, toEach, in, fromEach);
    }

    /// Puts what has come for this process's slots of a round in their order.
    void take(Pass pass, int round, MemorySegment to) {
        int first = turns.first(round, turns.number());
        int part = turns.ranks().partSize();
        long[] counts = new long[turns.count()];
        for (int j = 0; j < part; j++) {
            counts[turns.owner(pass.permutation()[first + j])]++;
        }
        Slices from = Slices.adjacent(viewBytes, counts);
        long[] taken = new long[turns.count()];
        for (int j = 0; j < part; j++) {
            int owner = turns.owner(pass.permutation()[first + j]);
            long row = from.start(owner) + taken[owner]++;
            MemorySegment.copy(received[round % 2], row * viewBytes, to, j * viewBytes, viewBytes);
        }
    }
}
