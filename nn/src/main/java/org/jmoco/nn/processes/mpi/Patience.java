package org.jmoco.nn.processes.mpi;

import java.util.concurrent.locks.LockSupport;

/// How the thread that waits for a request waits: it asks again at once for a short while, because a message through
/// shared memory takes a microsecond, then sleeps between questions, because one over a network takes long and the
/// core has other work.
final class Patience {
    private static final long SPIN_NANOS = 50_000;

    /// A pause is this part of the time waited so far, within bounds: a wait gets longer by at most as much, and one of
    /// seconds costs next to no CPU time.
    private static final long PART = 100;

    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 2_000_000;

    /// A question that takes longer has moved data; more may be there.
    private static final long WORK_NANOS = 3_000;

    private final long start = System.nanoTime();
    private long spinUntil = start + SPIN_NANOS;
    private long asked = start;

    /// Between a question that was answered with no and the next one.
    void pause() {
        long now = System.nanoTime();
        if (now - asked > WORK_NANOS) {
            spinUntil = now + SPIN_NANOS;
        }
        if (now < spinUntil) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.clamp((now - start) / PART, SHORTEST_NANOS, LONGEST_NANOS));
        }
        asked = System.nanoTime();
    }

    /// How long this wait has lasted.
    long nanos() {
        return System.nanoTime() - start;
    }
}
