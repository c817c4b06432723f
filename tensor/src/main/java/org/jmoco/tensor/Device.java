package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.plan.MemoryMode;

/// Where programs run: a backend with its memory, and the programs compiled for it.
///
/// One program runs at a time on a device. A second thread that compiles, feeds, runs, fetches or computes something
/// outside any program waits, first come, first served, and gets the numbers it would get alone; for threads that share
/// one program see [Compiled]. Threads that are to compute at the same time take a device each. Variables are read and
/// set on the host between the runs that write them.
///
/// What computations outside programs were compiled to is kept while it is small and in use.
public final class Device implements AutoCloseable {
    private static final Object LOCK = new Object();
    private static Device current;

    private final Backend backend;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Map<Program, Compiled> programs = new WeakHashMap<>();
    private final Set<Compiled> open = Collections.newSetFromMap(new WeakHashMap<>());
    private final EagerPrograms eager;
    private Compiled pausing; // the program that lets the host do something; null if none does
    private boolean closed;

    /// A device on a backend of your own making.
    public Device(Backend backend) {
        this(backend, new EagerPrograms(EagerPrograms.MOST, EagerPrograms.MOST_BYTES));
    }

    Device(Backend backend, EagerPrograms eager) {
        this.backend = backend;
        this.eager = eager;
    }

    /// The JVM backend.
    ///
    /// @param threads how many cores to use; results do not depend on it
    public static Device jvm(int threads) {
        return new Device(new JvmBackend(threads));
    }

    /// The device that small computations run on: the one last given to [#use], else the JVM on all cores.
    public static Device current() {
        synchronized (LOCK) {
            if (current == null) {
                current = jvm(Runtime.getRuntime().availableProcessors());
            }
            return current;
        }
    }

    /// Makes this the current device.
    public Device use() {
        synchronized (LOCK) {
            current = this;
        }
        return this;
    }

    /// How programs trade work for memory that are compiled from now on.
    public Device memoryMode(MemoryMode mode) {
        backend.memoryMode(mode);
        return this;
    }

    public Backend backend() {
        return backend;
    }

    /// Makes a program ready to run; the second call for the same program gives the same object, unless that was
    /// closed.
    ///
    /// @throws IllegalStateException if the device was closed
    /// @throws DeviceMemoryException if the program does not fit
    public Compiled compile(Program program) {
        return alone(() -> {
            Compiled compiled = programs.get(program);
            if (compiled == null) {
                compiled = new Compiled(this, program.graph(), fit(program.graph()));
                programs.put(program, compiled);
                open.add(compiled);
            }
            return compiled;
        });
    }

    /// What was kept of computations outside programs gives way.
    private Executable fit(Graph graph) {
        try {
            return backend.compile(graph);
        } catch (DeviceMemoryException e) {
            if (eager.isEmpty()) {
                throw e;
            }
            eager.clear();
            return backend.compile(graph);
        }
    }

    /// Does something that only one thread may do at a time; others wait.
    ///
    /// @throws IllegalStateException if the device was closed, or if this is asked for in the middle of a
    ///     program, by one who watches kernels
    <T> T alone(Supplier<T> action) {
        return alone(null, action);
    }

    /// The same for a program, which may go on while it pauses.
    ///
    /// @param program null for none
    <T> T alone(Compiled program, Supplier<T> action) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException(this + " was closed; open a device and compile the program there");
            }
            requireIdle(program);
            return action.get();
        } finally {
            turn.unlock();
        }
    }

    /// Lets the host do something while a program pauses: it may feed that program and fetch from it, and nothing
    /// else.
    boolean pause(Compiled program, BooleanSupplier action) {
        pausing = program;
        try {
            return action.getAsBoolean();
        } finally {
            pausing = null;
        }
    }

    private void requireIdle() {
        requireIdle(null);
    }

    private void requireIdle(Compiled program) {
        if (turn.getHoldCount() > 1 && (program == null || program != pausing)) {
            throw new IllegalStateException(
                    this + " is in the middle of a program; compute on another device, or when it has run");
        }
    }

    /// Computes one value outside any program. Graphs of equal structure are compiled once.
    ///
    /// @param read takes what it wants of the value's memory, which is another's afterwards
    <T> T evaluate(Tensor tensor, Function<MemorySegment, T> read) {
        Eager graph = Eager.of(tensor);
        return alone(() -> {
            try {
                return evaluate(graph, read);
            } finally {
                eager.trim();
            }
        });
    }

    private <T> T evaluate(Eager graph, Function<MemorySegment, T> read) {
        Executable executable = eager.get(graph.key(), () -> fit(graph.graph()));
        for (int i = 0; i < graph.constants().size(); i++) {
            MemorySegment to = executable.input("constant" + i);
            MemorySegment.copy(graph.constants().get(i).segment(), 0, to, 0, to.byteSize());
        }
        executable.run();
        return read.apply(executable.output("value"));
    }

    /// Gives back what a program holds, if the device has not done so.
    void release(Compiled compiled) {
        turn.lock();
        try {
            requireIdle();
            if (open.remove(compiled)) {
                programs.values().remove(compiled);
                compiled.closeExecutable();
            }
        } finally {
            turn.unlock();
        }
    }

    /// Gives back all memory and ends all threads. Whatever was compiled here cannot be used any more; variables keep
    /// their values.
    @Override
    public void close() {
        synchronized (LOCK) {
            if (current == this) {
                current = null;
            }
        }
        turn.lock();
        try {
            requireIdle();
            if (!closed) {
                closed = true;
                List.copyOf(open).forEach(Compiled::closeExecutable);
                open.clear();
                programs.clear();
                eager.clear();
                backend.close();
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String toString() {
        return backend.description();
    }
}
