package org.jmoco.nn.processes.mpi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.nn.processes.ProcessesException;

/// Knows who is missing when a collective call does not end.
///
/// Before each call, and now and then while it waits, a process tells process 0 how many it has come to. MPI itself
/// says nothing: a process that sleeps or is cut off leaves the others waiting without an error.
///
/// For use by the thread that calls MPI.
final class RollCall {
    private static final int TAG = 1;

    /// A message: how many calls a process has come to.
    private static final int LONGS = 1;

    /// Messages under way at most; a call that finds all of them under way sends none.
    private static final int SLOTS = 16;

    /// What a process sends last.
    private static final long LEAVES = Long.MAX_VALUE;

    /// Messages while a process waits, until its time is out.
    private static final int SIGNS_OF_LIFE = 8;

    private static final int REMEMBERED = 256;

    /// Process 0 knows more, so it speaks first and ends the others, if it can.
    private static final Duration HEAD_START = Duration.ofSeconds(15);

    private final MpiCalls calls;
    private final long communicator;
    private final int number;
    private final List<String> hosts;
    private final Duration timeout;

    private final MemorySegment messages;
    private final MemorySegment[] requests;

    /// On process 0: calls each has come to, and when it has said so.
    private final long[] arrived;

    private final long[] heard;

    private final Map<Long, String> phases = new HashMap<>();
    private long call;
    private String phase = "the first call";
    private long nextSign;

    /// @param communicator whose messages nobody else receives
    RollCall(MpiCalls calls, long communicator, int number, List<String> hosts, Duration timeout) {
        this.calls = calls;
        this.communicator = communicator;
        this.number = number;
        this.hosts = List.copyOf(hosts);
        this.timeout = timeout;
        int slots = number == 0 ? hosts.size() : SLOTS;
        messages = Arena.ofAuto().allocate(JAVA_LONG, (long) slots * LONGS);
        requests = new MemorySegment[slots];
        arrived = new long[hosts.size()];
        heard = new long[hosts.size()];
        if (number == 0) {
            Arrays.fill(heard, System.nanoTime());
            IntStream.range(1, hosts.size()).forEach(this::listen);
        }
    }

    private MemorySegment message(int slot) {
        return messages.asSlice((long) slot * LONGS * Long.BYTES, (long) LONGS * Long.BYTES);
    }

    private void listen(int process) {
        requests[process] = MpiCalls.request();
        calls.receive(
                message(process),
                LONGS * Long.BYTES,
                calls.abi().bytes(),
                process,
                TAG,
                communicator,
                requests[process]);
    }

    /// What the calls that follow are for.
    void phase(String what) {
        phase = what;
    }

    /// This process has come to the next call.
    void arrive() {
        call++;
        if (number == 0) {
            phases.put(call, phase);
            phases.remove(call - REMEMBERED);
            hear();
        } else {
            say(call);
        }
        nextSign = signNanos();
    }

    /// Called again and again while it waits there.
    ///
    /// @param waited nanoseconds since [#arrive]
    /// @throws ProcessesException if the time is out; the message says who is missing
    void waits(long waited) {
        if (number == 0) {
            hear();
            if (waited > timeout.toNanos()) {
                throw new ProcessesException(missing());
            }
        } else {
            if (waited > nextSign) {
                say(call);
                nextSign += signNanos();
            }
            if (waited > timeout.toNanos() + HEAD_START.toNanos()) {
                throw new ProcessesException(
                        "process " + number + " on " + hosts.get(number) + " has waited " + seconds(waited) + " at "
                                + phase + ", and process 0 on " + hosts.getFirst()
                                + " has not said who is missing: it was killed, it stands still, or the network "
                                + "between the two hosts is down");
            }
        }
    }

    /// The last word of this process; process 0 waits for that of each other one.
    ///
    /// @return whether all is said
    boolean leave() {
        if (number == 0) {
            hear();
            return IntStream.range(1, hosts.size()).allMatch(p -> arrived[p] == LEAVES);
        }
        if (arrived[number] != LEAVES) {
            arrived[number] = say(LEAVES) ? LEAVES : 0;
        }
        return arrived[number] == LEAVES && IntStream.range(0, SLOTS).allMatch(this::free);
    }

    private long signNanos() {
        return timeout.toNanos() / SIGNS_OF_LIFE;
    }

    private boolean free(int slot) {
        if (requests[slot] != null && calls.test(requests[slot])) {
            requests[slot] = null;
        }
        return requests[slot] == null;
    }

    private boolean say(long calls) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (free(slot)) {
                message(slot).set(JAVA_LONG, 0, calls);
                requests[slot] = MpiCalls.request();
                this.calls.send(
                        message(slot),
                        LONGS * Long.BYTES,
                        this.calls.abi().bytes(),
                        0,
                        TAG,
                        communicator,
                        requests[slot]);
                return true;
            }
        }
        return false;
    }

    private void hear() {
        for (int p = 1; p < requests.length; p++) {
            while (arrived[p] != LEAVES && calls.test(requests[p])) {
                arrived[p] = message(p).get(JAVA_LONG, 0);
                heard[p] = System.nanoTime();
                if (arrived[p] != LEAVES) {
                    listen(p);
                }
            }
        }
    }

    private String missing() {
        List<String> late = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (int p = 1; p < arrived.length; p++) {
            String who = "process " + p + " on " + hosts.get(p);
            if (arrived[p] < call) {
                late.add(who + " (last seen at " + phases.getOrDefault(arrived[p], "its start") + ")");
            } else if (System.nanoTime() - heard[p] > 3 * signNanos()) {
                silent.add(who);
            }
        }
        String limit = " within " + seconds(timeout.toNanos());
        if (!late.isEmpty()) {
            return String.join(", ", late) + " did not come to " + phase + limit
                    + ": it was killed, it stands still, or the network to its host is down";
        }
        if (!silent.isEmpty()) {
            return String.join(", ", silent) + " came to " + phase
                    + " and has fallen silent: it was killed, or the network to its host is down";
        }
        return "all processes came to " + phase + ", but it did not end" + limit
                + ": the network between some of the hosts " + String.join(", ", hosts) + " is down or very slow";
    }

    private static String seconds(long nanos) {
        return (nanos + 500_000_000) / 1_000_000_000 + " s";
    }
}
