package org.jmoco.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.plan.MemoryMode;

/// Where programs run: a backend with its memory, and the programs compiled for it.
///
/// One program runs at a time on a device. A second thread that compiles, feeds, runs, fetches or computes something
/// outside any program waits, first come, first served, and gets the numbers it would get alone; for threads that share
/// one program see [Compiled]. Threads that are to compute at the same time take a device each. Variables are read and
/// set on the host between the runs that write them.
public final class Device implements AutoCloseable {
    private static final Object LOCK = new Object();
    private static Device current;

    private final Backend backend;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Map<Program, Compiled> programs = new WeakHashMap<>();
    private final Map<Object, Executable> eager = new LinkedHashMap<>();

    /// A device on a backend of your own making.
    public Device(Backend backend) {
        this.backend = backend;
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

    /// Makes a program ready to run; the second call for the same program gives the same object.
    public Compiled compile(Program program) {
        return alone(() ->
                programs.computeIfAbsent(program, p -> new Compiled(this, p.graph(), backend.compile(p.graph()))));
    }

    /// Does something that only one thread may do at a time; others wait.
    ///
    /// @throws IllegalStateException if it is asked for out of the middle of a program, by one who watches kernels
    <T> T alone(Supplier<T> action) {
        turn.lock();
        try {
            if (turn.getHoldCount() > 1) {
                throw new IllegalStateException(
                        this + " is in the middle of a program; compute on another device, or when it has run");
            }
            return action.get();
        } finally {
            turn.unlock();
        }
    }

    /// Computes one value outside any program. Graphs of equal structure are compiled once.
    MemorySegment evaluate(Tensor tensor) {
        Eager graph = Eager.of(tensor);
        return alone(() -> evaluate(graph));
    }

    private MemorySegment evaluate(Eager graph) {
        Executable executable = eager.computeIfAbsent(graph.key(), k -> backend.compile(graph.graph()));
        for (int i = 0; i < graph.constants().size(); i++) {
            MemorySegment to = executable.input("constant" + i);
            MemorySegment.copy(graph.constants().get(i).segment(), 0, to, 0, to.byteSize());
        }
        executable.run();
        MemorySegment out = executable.output("value");
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, out.byteSize()), 64);
        MemorySegment.copy(out, 0, copy, 0, out.byteSize());
        return copy;
    }

    @Override
    public void close() {
        synchronized (LOCK) {
            if (current == this) {
                current = null;
            }
        }
        backend.close();
    }

    @Override
    public String toString() {
        return backend.description();
    }
}
