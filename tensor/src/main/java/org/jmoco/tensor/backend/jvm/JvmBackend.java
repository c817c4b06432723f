package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.OwnedMemory;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.plan.MemoryMode;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Recompute;
import org.jmoco.tensor.plan.Step;
import org.jmoco.tensor.plan.rewrite.Rewrites;

/// Runs programs on the JVM itself: kernels in the Vector API over off-heap memory, on a fixed pool of workers.
public final class JvmBackend implements Backend {
    /// Packed blocks of one thread.
    private static final long BLOCKS = 2L << 20;

    private final Workers workers;
    private final boolean inPlace;
    private final boolean rewrites;
    private final boolean thrifty;
    private final LongSupplier memory;
    private final Set<JvmExecutable> programs = Collections.newSetFromMap(new WeakHashMap<>());
    private final Map<DType, OwnedMemory> activations = new EnumMap<>(DType.class);
    private int generation;
    private KernelObserver observer;
    private MemoryMode mode = MemoryMode.AUTO;

    /// @param threads how many cores to use, at least 1; the numbers do not depend on it
    public JvmBackend(int threads) {
        this(threads, true, true, false);
    }

    /// @param memory bytes that the process may come to; by default what the machine or the container has left for it
    public JvmBackend(int threads, long memory) {
        this(threads, true, true, false, () -> memory);
    }

    /// For tests, which compare the bits with and without.
    ///
    /// @param inPlace  whether results may be written over operands; otherwise on
    /// @param rewrites whether programs are rewritten; otherwise on
    /// @param thrifty  whether all is computed again that lowers the need for memory, however dear; otherwise off
    public JvmBackend(int threads, boolean inPlace, boolean rewrites, boolean thrifty) {
        this(threads, inPlace, rewrites, thrifty, JvmFootprint::room);
    }

    private JvmBackend(int threads, boolean inPlace, boolean rewrites, boolean thrifty, LongSupplier memory) {
        this.workers = new Workers(threads);
        this.inPlace = inPlace;
        this.rewrites = rewrites;
        this.thrifty = thrifty;
        this.memory = memory;
    }

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public String description() {
        return "jvm, " + workers.threads() + (workers.threads() == 1 ? " thread; " : " threads; ")
                + VectorSupport.describe();
    }

    public Workers workers() {
        return workers;
    }

    @Override
    public void observe(KernelObserver watcher) {
        observer = watcher;
    }

    KernelObserver observer() {
        return observer;
    }

    @Override
    public void memoryMode(MemoryMode wanted) {
        mode = wanted;
    }

    @Override
    public Plan plan(Graph graph) {
        return plan(graph, p -> thrifty ? p.activationBytes() : memory(p).total() - memory.getAsLong());
    }

    @Override
    public Plan plan(Graph graph, long activationBytes) {
        return plan(graph, p -> p.activationBytes() - activationBytes);
    }

    private Plan plan(Graph graph, ToLongFunction<Plan> lacking) {
        return Recompute.plan(
                rewrites ? Rewrites.apply(graph) : graph, inPlace, n -> scratch(n.op(), n), mode, lacking);
    }

    @Override
    public MemoryUse memory(Plan plan) {
        return MemoryUse.of(plan, workspace(plan), JvmFootprint.bytes());
    }

    /// What the most demanding call leaves with the threads; every thread packs a block of a left-hand operand.
    private long workspace(Plan plan) {
        long largest = plan.steps().stream()
                .map(Step::node)
                .mapToLong(n -> workspace(n.op(), n))
                .max()
                .orElse(0);
        return largest + largest / 2 + workers.threads() * BLOCKS;
    }

    private static <O extends Op> long workspace(O op, Node call) {
        return JvmKernels.of(op).workspace(op, call);
    }

    @Override
    public Executable compile(Graph graph) {
        Plan plan = plan(graph);
        requireRoom(plan);
        JvmExecutable executable = new JvmExecutable(this, plan);
        programs.add(executable);
        fitActivations();
        plan.activations().keySet().forEach(this::activations);
        return executable;
    }

    /// A program has given its memory back.
    void closed(JvmExecutable executable) {
        programs.remove(executable);
        fitActivations();
    }

    @Override
    public void requireRoom(Graph graph) {
        requireRoom(plan(graph));
    }

    /// Most systems promise memory that they do not have, and end the process when it is used.
    private void requireRoom(Plan plan) {
        MemoryUse needed = memory(plan);
        long room = memory.getAsLong();
        if (needed.total() > room) {
            throw new DeviceMemoryException("program " + plan.graph().name() + " needs " + mebibytes(needed.state())
                    + " for variables, " + mebibytes(needed.inputsOutputs()) + " for inputs and outputs, "
                    + mebibytes(needed.activations()) + " for what is between, " + mebibytes(needed.workspace())
                    + " for kernels and " + mebibytes(needed.runtime()) + " for the JVM; there are " + mebibytes(room));
        }
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, 1 << 20));
    }

    private static <O extends Op> long scratch(O op, Node n) {
        return JvmKernels.of(op).scratch(op, n);
    }

    /// All programs share one activation arena of each type, as large as the largest of them needs: one that is too
    /// small or too large goes, and a fitting one comes when it is wanted.
    private void fitActivations() {
        boolean gone = activations.entrySet().removeIf(e -> {
            boolean fits = e.getValue().segment().byteSize() == wanted(e.getKey());
            if (!fits) {
                e.getValue().close();
            }
            return !fits;
        });
        generation += gone ? 1 : 0;
    }

    private long wanted(DType dtype) {
        return programs.stream()
                .mapToLong(
                        p -> Math.multiplyExact(p.plan().activations().getOrDefault(dtype, 0L), (long) dtype.bytes()))
                .max()
                .orElse(0);
    }

    MemorySegment activations(DType dtype) {
        return activations
                .computeIfAbsent(dtype, d -> new OwnedMemory(wanted(d)))
                .segment();
    }

    /// Changes when an arena has moved and executables must bind again.
    int generation() {
        return generation;
    }

    @Override
    public void close() {
        workers.close();
        activations.values().forEach(OwnedMemory::close);
        activations.clear();
    }
}
