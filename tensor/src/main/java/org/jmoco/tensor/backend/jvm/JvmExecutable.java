package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.OwnedMemory;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.jfr.FlightRecorder;
import org.jmoco.tensor.jfr.KernelEvent;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Place;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Step;

/// A plan bound to memory: one kernel call after another.
final class JvmExecutable implements Executable {
    private final JvmBackend backend;
    private final Plan plan;
    private final Map<Buffer, OwnedMemory> own = new HashMap<>();
    private final List<VariableGroup> read;
    private final List<VariableGroup> written;
    private List<Call<?>> calls = List.of();
    private int boundGeneration = -1;

    JvmExecutable(JvmBackend backend, Plan plan) {
        this.backend = backend;
        this.plan = plan;
        this.read = groups(plan.steps().stream().flatMap(s -> s.in().stream()));
        this.written = groups(plan.steps().stream().map(Step::out));
        takeOwn();
    }

    private void takeOwn() {
        plan.inputs().values().forEach(p -> memory(p.buffer()));
        plan.outputs().values().forEach(p -> memory(p.buffer()));
    }

    private static List<VariableGroup> groups(Stream<Place> places) {
        return places.map(Place::buffer)
                .filter(Buffer.State.class::isInstance)
                .map(b -> ((Buffer.State) b).group())
                .distinct()
                .toList();
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public MemoryUse memory() {
        return backend.memory(plan);
    }

    @Override
    public MemorySegment input(String label) {
        return io(plan.inputs(), plan.graph().inputs(), label, "input");
    }

    @Override
    public MemorySegment output(String label) {
        return io(plan.outputs(), plan.graph().outputs(), label, "output");
    }

    private MemorySegment io(Map<String, Place> places, Map<String, Node> nodes, String label, String kind) {
        Place place = places.get(label);
        if (place == null) {
            throw new IllegalArgumentException(
                    "program " + plan.graph().name() + " has no " + kind + " " + label + "; it has " + places.keySet());
        }
        return at(place, nodes.get(label).bytes());
    }

    @Override
    public void run() {
        begin();
        compute(calls);
    }

    @Override
    public boolean run(Set<String> outputs, BooleanSupplier pause) {
        begin();
        int steps = plan.stepsUntil(outputs);
        compute(calls.subList(0, steps));
        if (!pause.getAsBoolean()) {
            return false;
        }
        compute(calls.subList(steps, calls.size()));
        return true;
    }

    private void begin() {
        read.forEach(VariableGroup::host);
        written.forEach(VariableGroup::hostForWriting);
        if (boundGeneration != backend.generation()) {
            bind();
        }
    }

    private void compute(List<Call<?>> some) {
        KernelObserver observer = backend.observer();
        boolean recorded = FlightRecorder.recordsKernels();
        for (Call<?> call : some) {
            if (observer != null) {
                call.run(backend.workers(), observer);
            } else if (recorded) {
                call.runRecorded(backend.workers());
            } else {
                call.run(backend.workers());
            }
        }
    }

    private void bind() {
        List<Call<?>> bound = new ArrayList<>(plan.steps().size());
        for (Step s : plan.steps()) {
            bound.add(bind(s, s.node().op()));
        }
        calls = bound;
        boundGeneration = backend.generation();
    }

    private <O extends Op> Call<O> bind(Step s, O op) {
        MemorySegment[] in = new MemorySegment[s.in().size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = at(s.in().get(i), s.node().input(i).bytes());
        }
        MemorySegment scratch = s.scratch() == null
                ? null
                : at(s.scratch(), s.scratch().buffer().size() * Float.BYTES);
        return new Call<>(
                op,
                JvmKernels.of(op),
                new Args(s.node(), in, at(s.out(), s.node().bytes()), scratch, s.inPlace()));
    }

    private MemorySegment at(Place place, long bytes) {
        return memory(place.buffer())
                .asSlice(place.offset() * place.buffer().dtype().bytes(), bytes);
    }

    private MemorySegment memory(Buffer buffer) {
        return switch (buffer) {
            case Buffer.Activation a ->
                backend.activations(a.dtype()).asSlice(a.offset() * a.dtype().bytes());
            case Buffer.State s -> s.group().host();
            case Buffer.Fixed f -> f.data().segment();
            case Buffer.InputOutput io ->
                own.computeIfAbsent(
                                io,
                                b -> new OwnedMemory(
                                        Math.max(1, b.size() * b.dtype().bytes())))
                        .segment();
        };
    }

    @Override
    public void renew() {
        giveBack();
        takeOwn();
    }

    private void giveBack() {
        own.values().forEach(OwnedMemory::close);
        own.clear();
        calls = List.of();
        boundGeneration = -1;
    }

    @Override
    public void close() {
        giveBack();
        backend.closed(this);
    }

    private record Call<O extends Op>(O op, JvmKernel<O> kernel, Args args) {
        void run(Workers workers) {
            kernel.run(op, args, workers);
        }

        void runRecorded(Workers workers) {
            KernelEvent event = new KernelEvent();
            event.begin();
            kernel.run(op, args, workers);
            event.commit(args.node());
        }

        void run(Workers workers, KernelObserver observer) {
            long start = System.nanoTime();
            kernel.run(op, args, workers);
            observer.ran(args.node(), args.out(), System.nanoTime() - start);
        }
    }
}
