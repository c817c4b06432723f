package org.jmoco.tensor;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.plan.Plan;

/// What was compiled for computations outside programs, by structure, as long as it is small and in use: what has not
/// been asked for the longest goes first, and its memory at once. Every new shape, slice or chain of ops is a structure
/// of its own, and each holds its operands.
final class EagerPrograms {
    static final int MOST = 256;
    static final long MOST_BYTES = 64L << 20;

    private static final int TABLE = 16;
    private static final float LOAD = 0.75f;

    private final int most;
    private final long mostBytes;
    private final Map<Object, Executable> byKey = new LinkedHashMap<>(TABLE, LOAD, true);
    private long bytes;

    /// @param most      programs that are kept
    /// @param mostBytes of inputs, outputs and activations that they may have together
    EagerPrograms(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /// The program of this structure.
    Executable get(Object key, Supplier<Executable> compiler) {
        Executable known = byKey.get(key);
        if (known != null) {
            return known;
        }
        Executable fresh = compiler.get();
        byKey.put(key, fresh);
        bytes += bytes(fresh);
        return fresh;
    }

    /// Lets go what is too much; one that is too much by itself, too.
    void trim() {
        for (Iterator<Executable> eldest = byKey.values().iterator();
                eldest.hasNext() && (byKey.size() > most || bytes > mostBytes); ) {
            Executable gone = eldest.next();
            eldest.remove();
            bytes -= bytes(gone);
            gone.close();
        }
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    void clear() {
        byKey.values().forEach(Executable::close);
        byKey.clear();
        bytes = 0;
    }

    private static long bytes(Executable program) {
        Plan plan = program.plan();
        return plan.inputOutputBytes() + plan.activationBytes();
    }
}
