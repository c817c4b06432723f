package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;

/// What every implementation of [Processes] asks of its arguments.
public final class Checks {
    private Checks() {}

    public static void exchange(
            Processes processes, MemorySegment sent, Slices to, MemorySegment received, Slices from) {
        slices(processes, "exchange, sent", sent, to);
        slices(processes, "exchange, received", received, from);
        if (to.rowBytes() != from.rowBytes()) {
            throw new IllegalArgumentException("exchange: rows of " + to.rowBytes() + " bytes are sent and rows of "
                    + from.rowBytes() + " bytes received");
        }
        int own = processes.number();
        if (to.size(own) != from.size(own)) {
            throw new IllegalArgumentException("exchange: process " + own + " sends itself " + to.size(own)
                    + " rows and receives " + from.size(own));
        }
    }

    public static void gather(Processes processes, MemorySegment all, Slices slices) {
        slices(processes, "gather", all, slices);
    }

    public static void broadcast(Processes processes, MemorySegment all, int from) {
        memory("broadcast", all);
        process(processes, "broadcast", from);
        if (all.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("broadcast: at most 2 GiB at a time, got " + all.byteSize() + " bytes");
        }
    }

    public static void swap(Processes processes, int other, MemorySegment sent, MemorySegment received) {
        memory("swap, sent", sent);
        memory("swap, received", received);
        process(processes, "swap", other);
        if (other == processes.number() || sent.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("swap: another process and at most 2 GiB, got process " + other + " and "
                    + sent.byteSize() + " bytes");
        }
        if (sent.byteSize() != received.byteSize()) {
            throw new IllegalArgumentException(
                    "swap: as many bytes are sent as received, got " + sent.byteSize() + " and " + received.byteSize());
        }
    }

    private static void slices(Processes processes, String what, MemorySegment memory, Slices slices) {
        memory(what, memory);
        if (slices.count() != processes.count()) {
            throw new IllegalArgumentException(
                    what + ": " + slices.count() + " slices for " + processes.count() + " processes");
        }
        if (slices.extent() > memory.byteSize()) {
            throw new IllegalArgumentException(
                    what + ": slices up to byte " + slices.extent() + " of memory of " + memory.byteSize() + " bytes");
        }
        if (slices.rowBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + ": rows of at most 2 GiB, got " + slices.rowBytes() + " bytes");
        }
        for (int p = 0; p < slices.count(); p++) {
            if (slices.start(p) > Integer.MAX_VALUE || slices.size(p) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(what + ": at most " + Integer.MAX_VALUE + " rows, got " + slices);
            }
        }
    }

    private static void memory(String what, MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException(what + ": memory outside the Java heap is needed, got " + memory);
        }
    }

    private static void process(Processes processes, String what, int process) {
        if (process < 0 || process >= processes.count()) {
            throw new IllegalArgumentException(
                    what + ": process " + process + " of " + processes.count() + " does not exist");
        }
    }
}
