package org.jmoco.nn.processes.mpi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Checks;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.Slices;

/// Processes that `mpirun` or `srun` has started, over the MPI library of their machines.
///
/// One thread calls MPI. It starts every transfer, asks whether it is done, and sleeps in between, so that it can give
/// up when the time is out, and takes no core from the computation while it waits for a network.
public final class MpiProcesses implements Processes {
    /// How long a process waits for the others in one call, if nothing else is said: longer than a checkpoint takes to
    /// write or a validation set to classify.
    public static final Duration TIMEOUT = Duration.ofMinutes(10);

    /// What starting may take at least: a hundred programs read from one disk.
    private static final Duration START = Duration.ofMinutes(2);

    private static final Duration LAST_RESORT = Duration.ofSeconds(10);
    private static final Duration HEAD_START = Duration.ofSeconds(3);
    private static final long LOOK_NANOS = 1_000_000;
    private static final int SWAP_TAG = 2;
    private static final int GATHER_TAG = 3;

    /// The longest message of a gathering.
    private static final long PIECE_BYTES = 1 << 20;

    /// The processes that this one has joined and not left.
    private static final AtomicReference<MpiProcesses> JOINED = new AtomicReference<>();

    private final MpiThread thread;
    private final Duration timeout;

    // what follows is set and used on that thread
    private SignalGuard guard;
    private MpiCalls calls;
    private long communicator;
    private long messages;
    private RollCall rollCall;
    private MemorySegment[] ints;
    private final Map<Long, Long> types = new HashMap<>();
    private String phaseOfWork = "";
    private long transfers;

    private int number;
    private int count;
    private List<String> hosts = List.of();
    private String library = "";
    private volatile String phase = "the first call";
    private volatile int exitCode;

    private MpiProcesses(Duration timeout) {
        this.thread = new MpiThread();
        this.timeout = timeout;
    }

    /// How many processes a launcher has started this program in; 1 without a launcher.
    public static int launched() {
        return LauncherEnvironment.of(System.getenv())
                .map(LauncherEnvironment::count)
                .orElse(1);
    }

    /// Whether this is the first of the processes that a launcher has started, or the only one.
    public static boolean isFirst() {
        return LauncherEnvironment.of(System.getenv())
                .map(launcher -> launcher.number() == 0)
                .orElse(true);
    }

    /// The last call of a program: ends the other processes too if it has joined them and not left.
    ///
    /// @param exitCode of the program; 0 counts as 1 then
    public static void abortIfJoined(int exitCode) {
        MpiProcesses joined = JOINED.get();
        if (joined != null) {
            joined.abort(exitCode == 0 ? 1 : exitCode);
        }
    }

    /// Before a failure is told: most often all processes have the same one, so process 0 goes first and ends
    /// the others, while they wait a little.
    ///
    /// @return what a line of this process begins with: `[3 host] `; nothing on process 0
    public static String turnToSpeak(Throwable failure) {
        Optional<LauncherEnvironment> launcher = LauncherEnvironment.of(System.getenv());
        if (launcher.isEmpty() || launcher.get().number() == 0) {
            return "";
        }
        boolean hasWaited = JOINED.get() == null && failure instanceof ProcessesException;
        if (!hasWaited) {
            LockSupport.parkNanos(HEAD_START.toNanos());
        }
        return "[" + launcher.get().number() + " " + hostName() + "] ";
    }

    /// The processes that this one was started with; alone where no launcher has started several.
    ///
    /// @param timeout how long a process waits for the others in one call
    /// @throws ProcessesException if there is no library, or it is not the launcher's
    public static Processes join(Duration timeout) {
        Optional<LauncherEnvironment> launcher = LauncherEnvironment.of(System.getenv());
        if (launcher.isEmpty() || launcher.get().count() == 1) {
            return new Alone(hostName());
        }
        try {
            return join(launcher.get(), timeout);
        } catch (ProcessesException e) {
            throw forAll(e.getMessage(), e);
        }
    }

    /// A failure before the processes have joined, which most often is that of all: one process on each machine says
    /// so, process 0 first.
    ///
    /// @param cause what has happened, or null
    public static ProcessesException forAll(String message, Throwable cause) {
        Optional<LauncherEnvironment> launcher = LauncherEnvironment.of(System.getenv());
        if (launcher.isPresent() && launcher.get().number() != 0) {
            LockSupport.parkNanos(HEAD_START.toNanos()); // the launcher ends this process meanwhile
        }
        return new ProcessesException(
                message, cause, launcher.isPresent() && launcher.get().local() != 0);
    }

    private static Processes join(LauncherEnvironment launcher, Duration timeout) {
        MpiProcesses processes = new MpiProcesses(timeout);
        if (!JOINED.compareAndSet(null, processes)) {
            throw new IllegalStateException("a program joins its processes once");
        }
        long seconds = Math.max(START.toSeconds(), timeout.toSeconds());
        try {
            processes.thread.run(
                    () -> {
                        processes.start(launcher);
                        return null;
                    },
                    seconds);
        } catch (TimeoutException e) {
            throw new ProcessesException(
                    "process " + launcher.number() + " on " + hostName() + " has waited " + seconds
                            + " s for the others to start: one of them was not started, or the network between the "
                            + "hosts is down",
                    e);
        }
        return processes;
    }

    private void start(LauncherEnvironment launcher) {
        guard = new SignalGuard();
        MpiLibrary found = MpiLibrary.find(launcher);
        calls = new MpiCalls(found);
        calls.init();
        guard.restore();
        long world = calls.abi().world();
        number = calls.rank(world);
        count = calls.size(world);
        library = calls.version().replaceAll(",.*", "").replaceAll("[:\\s]+", " ") + " (" + found.file() + ")";
        if (count != launcher.count()) {
            throw new ProcessesException(launcher.launcher() + " has started " + launcher.count()
                    + " processes, but " + library + " sees " + count + ": library and launcher do not belong "
                    + "together. " + remedy(launcher));
        }
        communicator = calls.duplicate(world);
        calls.returnErrors(communicator);
        ints = new MemorySegment[4];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = Arena.ofAuto().allocate(JAVA_INT, count);
        }
        hosts = gather(calls.processorName().getBytes(StandardCharsets.UTF_8)).stream()
                .map(name -> new String(name, StandardCharsets.UTF_8))
                .toList();
        messages = calls.duplicate(communicator);
        rollCall = new RollCall(calls, messages, number, hosts, timeout);
    }

    private static String remedy(LauncherEnvironment launcher) {
        return launcher.launcher().equals("srun")
                ? "Start with srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH); srun --mpi=list tells what Slurm has"
                : "Start with the library's own launcher (Debian: mpirun.openmpi, mpirun.mpich), or name the "
                        + "launcher's library: JMOCO_JAVA_OPTS=-D" + MpiLibrary.PROPERTY + "=FILE";
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "this machine";
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
        return hosts;
    }

    @Override
    public String transport() {
        return library;
    }

    @Override
    public void phase(String what) {
        phase = what;
    }

    @Override
    public void exchange(MemorySegment sent, Slices to, MemorySegment received, Slices from) {
        Checks.exchange(this, sent, to, received, from);
        collectively(requests -> {
            fill(ints[0], ints[1], to);
            fill(ints[2], ints[3], from);
            calls.allToAll(
                    sent,
                    ints[0],
                    ints[1],
                    received,
                    ints[2],
                    ints[3],
                    type(to.rowBytes()),
                    communicator,
                    requests.get());
        });
    }

    @Override
    public void gather(MemorySegment all, Slices slices) {
        Checks.gather(this, all, slices);
        // Not `MPI_Iallgatherv`: over TCP a long message waits behind the one that comes the other way, because its
        // receiver has to say that it may come, so that both directions take twice as long. Of many messages in flight
        // most have been let come already.
        long rows = Math.max(1, PIECE_BYTES / slices.rowBytes());
        collectively(requests -> {
            for (long from = 0; from < slices.largest(); from += rows) {
                gatherPiece(all, slices.part(from, rows), requests);
            }
        });
    }

    private void gatherPiece(MemorySegment all, Slices piece, Supplier<MemorySegment> requests) {
        long type = type(piece.rowBytes());
        MemorySegment own = piece.of(all, number);
        for (int other = 0; other < count; other++) {
            MemorySegment others = piece.of(all, other);
            if (other != number && others.byteSize() > 0) {
                calls.receive(others, (int) piece.size(other), type, other, GATHER_TAG, communicator, requests.get());
            }
            if (other != number && own.byteSize() > 0) {
                calls.send(own, (int) piece.size(number), type, other, GATHER_TAG, communicator, requests.get());
            }
        }
    }

    @Override
    public void broadcast(MemorySegment all, int from) {
        Checks.broadcast(this, all, from);
        collectively(
                requests -> calls.broadcast(all, (int) all.byteSize(), type(1), from, communicator, requests.get()));
    }

    @Override
    public void swap(int other, MemorySegment sent, MemorySegment received) {
        Checks.swap(this, other, sent, received);
        thread.run(() -> {
            int bytes = (int) sent.byteSize();
            MemorySegment incoming = MpiCalls.request();
            MemorySegment outgoing = MpiCalls.request();
            calls.receive(received, bytes, type(1), other, SWAP_TAG, communicator, incoming);
            calls.send(sent, bytes, type(1), other, SWAP_TAG, communicator, outgoing);
            complete(incoming, false);
            complete(outgoing, false);
        });
    }

    /// The library's own sum of floats, left in `sum` everywhere. Its order of additions is not that of the ranks; it
    /// is here to be compared with. It spins until all have come.
    public void librarySum(MemorySegment sum) {
        thread.run(() -> calls.allReduce(sum, (int) (sum.byteSize() / Float.BYTES), communicator));
    }

    @Override
    public Pending inBackground(Runnable work) {
        if (thread.isCurrent()) {
            work.run();
            return () -> {};
        }
        String then = phase;
        return thread.start(() -> {
            phaseOfWork = then;
            work.run();
        });
    }

    /// Starts a collective transfer and waits until this process's part of it is done.
    ///
    /// @param transfer starts it, with a request of its own for each call that comes back before it is done
    private void collectively(Consumer<Supplier<MemorySegment>> transfer) {
        String then = phase;
        boolean inWork = thread.isCurrent();
        thread.run(() -> {
            if (rollCall != null) {
                rollCall.phase(inWork ? phaseOfWork : then);
                rollCall.arrive();
            }
            List<MemorySegment> started = new ArrayList<>();
            transfer.accept(() -> {
                started.add(MpiCalls.request());
                return started.getLast();
            });
            started.forEach(request -> complete(request, true));
            transfers++;
            if (Long.bitCount(transfers) == 1) {
                // libraries connect when they first have something to send, and load more code then
                guard.restoreAgain();
            }
        });
    }

    private void complete(MemorySegment request, boolean collective) {
        Patience patience = new Patience();
        long look = LOOK_NANOS;
        while (!calls.test(request)) {
            if (exitCode != 0) {
                calls.abort(exitCode);
            }
            patience.pause();
            long waited = patience.nanos();
            if (waited > look) {
                look = waited + LOOK_NANOS;
                if (collective && rollCall != null) {
                    rollCall.waits(waited);
                } else if (waited > timeout.toNanos()) {
                    throw new ProcessesException("process " + number + " on " + hostName() + " has waited "
                            + timeout.toSeconds() + " s for an answer");
                }
            }
        }
    }

    private static void fill(MemorySegment counts, MemorySegment starts, Slices slices) {
        for (int p = 0; p < slices.count(); p++) {
            counts.setAtIndex(JAVA_INT, p, (int) slices.size(p));
            starts.setAtIndex(JAVA_INT, p, (int) slices.start(p));
        }
    }

    /// MPI counts in ints, so rows are a type of their own: what they hold may be larger than 2 GiB.
    private long type(long rowBytes) {
        if (rowBytes == JAVA_BYTE.byteSize()) {
            return calls.abi().bytes();
        }
        if (rowBytes == JAVA_FLOAT.byteSize()) {
            return calls.abi().floats();
        }
        return types.computeIfAbsent(rowBytes, bytes -> calls.bytesType(Math.toIntExact(bytes)));
    }

    @Override
    public void abort(int code) {
        exitCode = code;
        Thread.ofPlatform().daemon().name("last resort").start(() -> {
            LockSupport.parkNanos(LAST_RESORT.toNanos());
            Runtime.getRuntime().halt(code);
        });
        thread.runFirst(() -> {
            if (communicator == 0) {
                Runtime.getRuntime().halt(code); // it has not come to know the others
            }
            calls.abort(code);
        });
        while (true) {
            LockSupport.park(this);
        }
    }

    @Override
    public void leave() {
        // Whoever has more to do is waited for here: a library's own end has no patience, and no message.
        phase = "the end";
        gather(new byte[1]);
        thread.run(() -> {
            Patience patience = new Patience();
            while (!rollCall.leave() && patience.nanos() < timeout.toNanos()) {
                patience.pause();
            }
            types.values().forEach(calls::freeType);
            calls.free(messages);
            calls.free(communicator);
        });
        JOINED.set(null);
        try {
            thread.run(
                    () -> {
                        calls.finish();
                        return null;
                    },
                    LAST_RESORT.toSeconds());
            thread.stop();
        } catch (TimeoutException e) {
            // all is done, and the thread does not keep the program: UCX over TCP can wait here for one that
            // has left
            System.getLogger(MpiProcesses.class.getName()).log(System.Logger.Level.DEBUG, "MPI_Finalize hangs", e);
        }
    }
}
