package org.jmoco.nn.processes.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Keeps the JVM's signal handlers.
///
/// Libraries below MPI, UCX above all, take the handlers of SIGSEGV and others to print where a program crashed. In a
/// JVM these signals are part of the work: a null that is dereferenced in compiled code is one, and would end the
/// process. So handlers are saved before the library is loaded, put back after it has begun, and looked at again when
/// it has connected to others.
final class SignalGuard {
    private static final int LAST_SIGNAL = 64;

    /// `struct sigaction` of Linux's C libraries: the handler, a set of signals of which the first 64 bits count and
    /// the rest is left as it was, flags, and what belongs to the C library.
    private static final int ACTION_BYTES = 152;

    private static final int SET_OFFSET = 8;
    private static final int FLAGS_OFFSET = 136;

    /// `SA_RESTORER`, which the C library adds to whatever it sets.
    private static final int OWN_FLAG = 0x04000000;

    /// Those that the JVM works with: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGUSR2, SIGPIPE, SIGXFSZ. Of the
    /// others the program may set some itself later on, to be asked to stop or to start processes.
    private static final Set<Integer> OF_THE_JVM = Set.of(4, 5, 7, 8, 11, 12, 13, 25);

    private final MethodHandle sigaction;
    private final MemorySegment saved = Arena.ofAuto().allocate((long) ACTION_BYTES * (LAST_SIGNAL + 1), Long.BYTES);
    private final MemorySegment now = Arena.ofAuto().allocate(ACTION_BYTES, Long.BYTES);

    /// Saves the handlers as they are, and asks UCX to leave them alone.
    SignalGuard() {
        Linker linker = Linker.nativeLinker();
        sigaction = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sigaction"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        MethodHandle setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try {
            int ignored = (int) setenv.invokeExact(
                    Arena.ofAuto().allocateFrom("UCX_ERROR_SIGNALS"),
                    Arena.ofAuto().allocateFrom(""),
                    0);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv: the call failed", e);
        }
        for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
            call(signal, MemorySegment.NULL, action(signal));
        }
    }

    private MemorySegment action(int signal) {
        return saved.asSlice((long) ACTION_BYTES * signal, ACTION_BYTES);
    }

    /// Puts back what has changed since they were saved.
    ///
    /// @return numbers of the signals whose handlers were put back
    List<Integer> restore() {
        return restore(IntStream.rangeClosed(1, LAST_SIGNAL));
    }

    /// As [#restore], of the signals that the JVM works with.
    List<Integer> restoreAgain() {
        return restore(OF_THE_JVM.stream().mapToInt(Integer::intValue));
    }

    private List<Integer> restore(IntStream signals) {
        List<Integer> taken = new ArrayList<>();
        for (int signal : signals.toArray()) {
            if (call(signal, MemorySegment.NULL, now) != 0) {
                continue; // no signal has this number, or it belongs to the C library
            }
            MemorySegment before = action(signal);
            if (!same(before, now)) {
                call(signal, before, MemorySegment.NULL);
                taken.add(signal);
            }
        }
        return taken;
    }

    private static boolean same(MemorySegment a, MemorySegment b) {
        return a.get(JAVA_LONG, 0) == b.get(JAVA_LONG, 0)
                && a.get(JAVA_LONG, SET_OFFSET) == b.get(JAVA_LONG, SET_OFFSET)
                && (a.get(JAVA_INT, FLAGS_OFFSET) | OWN_FLAG) == (b.get(JAVA_INT, FLAGS_OFFSET) | OWN_FLAG);
    }

    private int call(int signal, MemorySegment action, MemorySegment before) {
        try {
            return (int) sigaction.invokeExact(signal, action, before);
        } catch (Throwable e) {
            throw new IllegalStateException("sigaction: the call failed", e);
        }
    }
}
