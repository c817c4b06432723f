package org.jmoco.nn.processes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/// The sum of vectors that lie on several processes, added in the order of ranks: the bits that one process gets which
/// has all of them. (`MPI_Allreduce` adds in an order of its own.)
///
/// Ranks lie on processes in turns. With `k` of them at once, process `p` of `P` holds in round `j` those from
/// `k·(jP + p)` on, so that a round's ranks are neighbours and follow those of the round before. Every process owns a
/// slice of the sum: in a round it receives that slice of all `P·k` vectors and adds them one after the other. After
/// the last round the slices are gathered. On the wire a process has `k·G·(P − 1)/P` floats a round and once
/// `G·(P − 1)/P`, where `G` is the length; the sum needs no memory but its own and that of one exchange.
///
/// ```java
/// OrderedSum sum = new OrderedSum(processes, gradients, 1);
/// for (int round = 0; round < rounds; round++) {
///     …                                  // compute the gradient of one's own rank
///     sum.add(List.of(gradient));
/// }
/// sum.share();                           // gradients holds the sum of all ranks, on every process
/// ```
///
/// Its calls are collective, see [Processes].
public final class OrderedSum {
    /// Floats of a slice exchanged at a time, so that what was received is still in the cache when it is added.
    private static final int EXCHANGED = 1 << 18;

    /// Floats added at a time: they stay in the first cache while the terms pass by.
    private static final int BLOCK = 2048;

    private final Processes processes;
    private final MemorySegment sum;
    private final Slices slices;
    private final int termsEach;
    private final int exchanged;
    private final MemorySegment[] received;
    private boolean empty = true;

    /// @param sum       where the sum comes to lie, of as many floats on every process; it holds nothing of use before
    ///     [#share] has come back
    /// @param termsEach k, the ranks that a process adds in a round
    public OrderedSum(Processes processes, MemorySegment sum, int termsEach) {
        this(processes, sum, termsEach, EXCHANGED);
    }

    /// @param exchanged floats of a slice exchanged at a time
    OrderedSum(Processes processes, MemorySegment sum, int termsEach, int exchanged) {
        this.processes = processes;
        this.sum = sum;
        this.termsEach = termsEach;
        long floats = sum.byteSize() / Float.BYTES;
        if (!sum.isNative() || termsEach < 1) {
            throw new IllegalArgumentException(
                    "ordered sum: memory outside the Java heap and at least 1 term are needed, got " + sum + " and "
                            + termsEach);
        }
        slices = Slices.even(processes.count(), floats, Float.BYTES);
        this.exchanged = (int) Math.min(exchanged, slices.largest());
        received = new MemorySegment[processes.count() == 1 ? 0 : termsEach];
        for (int term = 0; term < received.length; term++) {
            received[term] = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, (long) processes.count() * this.exchanged);
        }
    }

    /// Which part of the sum each process owns: it lies there after the last [#add].
    public Slices slices() {
        return slices;
    }

    /// Adds the vectors of a round, this process's in the order of their ranks.
    ///
    /// @param terms `k` vectors, each as long as the sum
    public void add(List<MemorySegment> terms) {
        if (terms.size() != termsEach) {
            throw new IllegalArgumentException(
                    "ordered sum: " + termsEach + " terms a round were announced, got " + terms.size());
        }
        for (MemorySegment term : terms) {
            if (!term.isNative() || term.byteSize() != sum.byteSize()) {
                throw new IllegalArgumentException("ordered sum: a term of " + sum.byteSize()
                        + " bytes outside the Java heap is needed, got " + term);
            }
        }
        // dozens of exchanges: to hand each over from thread to thread would take longer than a small one
        processes.inBackground(() -> addRound(terms)).await();
        empty = false;
    }

    private void addRound(List<MemorySegment> terms) {
        for (long from = 0; from < slices.largest(); from += exchanged) {
            Slices chunk = slices.part(from, exchanged);
            receive(terms, chunk);
            addInOrder(terms, chunk);
        }
    }

    /// Gives every process the whole sum. What is added after that begins a new one.
    public void share() {
        processes.gather(sum, slices);
        empty = true;
    }

    /// Ends a sum of which every process needs its own slice alone. What is added after that begins a new one.
    public void keep() {
        empty = true;
    }

    /// The others' terms of this process's chunk, each sender's `exchanged` floats apart.
    private void receive(List<MemorySegment> terms, Slices chunk) {
        if (processes.count() == 1) {
            return;
        }
        int own = processes.number();
        long[] sizes = new long[processes.count()];
        Arrays.fill(sizes, exchanged);
        Slices from =
                Slices.adjacent(Float.BYTES, sizes).part(0, chunk.size(own)).without(own);
        Slices to = chunk.without(own);
        for (int term = 0; term < termsEach; term++) {
            processes.exchange(terms.get(term), to, received[term], from);
        }
    }

    private void addInOrder(List<MemorySegment> terms, Slices chunk) {
        int own = processes.number();
        long at = chunk.start(own);
        long size = chunk.size(own);
        for (long block = 0; block < size; block += BLOCK) {
            int n = (int) Math.min(BLOCK, size - block);
            boolean first = empty;
            for (int p = 0; p < processes.count(); p++) {
                for (int term = 0; term < termsEach; term++) {
                    MemorySegment from = p == own ? terms.get(term) : received[term];
                    long fromAt = p == own ? at + block : (long) p * exchanged + block;
                    if (first) {
                        MemorySegment.copy(
                                from, fromAt * Float.BYTES, sum, (at + block) * Float.BYTES, (long) n * Float.BYTES);
                        first = false;
                    } else {
                        FloatRows.BEST.add(from, fromAt, sum, at + block, n);
                    }
                }
            }
        }
    }
}
