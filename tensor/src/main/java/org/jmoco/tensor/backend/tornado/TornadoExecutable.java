package org.jmoco.tensor.backend.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.Place;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Step;

/// A plan bound to a device's arenas: its inputs go up, one launch follows another, the outputs that somebody asks
/// for come down.
final class TornadoExecutable implements Executable {
    private static final System.Logger LOG = System.getLogger(TornadoExecutable.class.getName());

    /// The first compiles and brings variables, the second shows what a run moves.
    private static final int LOGGED_RUNS = 2;

    /// Ops of a program that is worth a line.
    private static final int LARGE = 100;

    private final TornadoBackend backend;
    private final Plan plan;
    private final Map<Buffer, Integer> own = new HashMap<>();
    private final List<DeviceMap.Stretch> taken = new ArrayList<>();
    private final Map<String, MemorySegment> inputs = new LinkedHashMap<>();
    private final Map<String, MemorySegment> outputs = new LinkedHashMap<>();
    private final Set<VariableGroup> groups = new LinkedHashSet<>();
    private final Set<VariableGroup> written = new LinkedHashSet<>();
    private List<Call> calls = List.of();
    private List<String> faults = List.of();
    private final Map<Part, Chaining.Chain> chains = new HashMap<>(); // of a program that has run for a while
    private int boundGeneration = -1;
    private long runs;

    /// Steps of the plan.
    private record Part(int from, int to) {}

    /// One op and the launches that compute it.
    private record Call(Step step, List<Launch> launches) {}

    TornadoExecutable(TornadoBackend backend, Plan plan) {
        this.backend = backend;
        this.plan = plan;
        renew();
        plan.buffers().forEach(this::takeOwn);
        for (Step s : plan.steps()) {
            if (s.out().buffer() instanceof Buffer.State state) {
                written.add(state.group());
            }
        }
    }

    @Override
    public void renew() {
        plan.graph().inputs().forEach((label, node) -> inputs.put(label, allocate(node)));
        outputs.clear();
    }

    private static MemorySegment allocate(Node n) {
        return Arena.ofAuto().allocate(Math.max(1, n.bytes()), 64).asSlice(0, n.bytes());
    }

    private void takeOwn(Buffer buffer) {
        switch (buffer) {
            case Buffer.InputOutput io -> own.computeIfAbsent(io, b -> take(io.dtype(), io.size()));
            case Buffer.Fixed f -> own.computeIfAbsent(f, b -> take(f.dtype(), f.size()));
            case Buffer.State s -> {
                groups.add(s.group());
                backend.residents().of(s.group());
            }
            case Buffer.Activation a -> {}
        }
    }

    /// What goes back to the backend when this is forgotten; empty once it is closed.
    List<DeviceMap.Stretch> taken() {
        return taken;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    private int take(DType dtype, long elements) {
        int offset = backend.map().take(dtype, elements);
        taken.add(new DeviceMap.Stretch(dtype, offset));
        return offset;
    }

    @Override
    public MemorySegment input(String label) {
        return known(inputs.get(label), "input", label, plan.inputs().keySet());
    }

    @Override
    public MemorySegment output(String label) {
        known(plan.outputs().get(label), "output", label, plan.outputs().keySet());
        boolean asked = outputs.containsKey(label);
        MemorySegment host = host(label);
        if (!asked && runs > 0) {
            download(label, host);
        }
        return host;
    }

    /// Where an output comes down to.
    private MemorySegment host(String label) {
        return outputs.computeIfAbsent(
                label, l -> allocate(plan.graph().outputs().get(l)));
    }

    private <T> T known(T value, String kind, String label, Set<String> labels) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "program " + plan.graph().name() + " has no " + kind + " " + label + "; it has " + labels);
        }
        return value;
    }

    @Override
    public void run() {
        synchronized (backend.launcher()) {
            Traffic before = begin();
            compute(new Part(0, calls.size()));
            end(before);
        }
    }

    @Override
    public boolean run(Set<String> labels, BooleanSupplier pause) {
        synchronized (backend.launcher()) {
            Traffic before = begin();
            int steps = plan.stepsUntil(labels);
            compute(new Part(0, steps));
            finish();
            labels.forEach(label -> download(label, host(label)));
            boolean whole = pause.getAsBoolean();
            if (whole) {
                Set<String> read =
                        plan.inputsOf(plan.steps().subList(steps, plan.steps().size()));
                read.forEach(label -> upload(plan.inputs().get(label), inputs.get(label)));
                compute(new Part(steps, calls.size()));
            }
            end(before);
            return whole;
        }
    }

    private Traffic begin() {
        Traffic before = backend.traffic();
        backend.materialize();
        if (boundGeneration != backend.generation()) {
            bind();
        }
        groups.forEach(g -> backend.residents().of(g).present(g));
        inputs.forEach((label, host) -> upload(plan.inputs().get(label), host));
        return before;
    }

    private void compute(Part part) {
        List<Call> some = calls.subList(part.from, part.to);
        KernelObserver observer = backend.observer();
        if (observer != null) {
            some.forEach(call -> observed(call, observer));
        } else if (backend.launcher().chaining() == Chaining.SINGLE || runs < Chaining.RUNS_BEFORE) {
            some.forEach(call -> call.launches().forEach(backend.launcher()::run));
        } else {
            backend.launcher().run(chains.computeIfAbsent(part, p -> chain(some)));
        }
    }

    private Chaining.Chain chain(List<Call> some) {
        return backend.launcher()
                .chain(some.stream().flatMap(call -> call.launches().stream()).toList());
    }

    private void end(Traffic before) {
        written.forEach(g -> backend.residents().of(g).written());
        finish();
        outputs.forEach(this::download); // those that somebody has looked at before
        runs++;
        LOG.log(
                runs <= LOGGED_RUNS && plan.steps().size() >= LARGE
                        ? System.Logger.Level.INFO
                        : System.Logger.Level.DEBUG,
                () -> describe(backend.traffic().since(before)));
    }

    private String describe(Traffic traffic) {
        return plan.graph().name() + ", run " + runs + " on " + backend.name() + ": " + traffic + "; up are "
                + inputs.keySet() + (runs == 1 ? ", constants and variables" : "") + ", down are " + outputs.keySet()
                + "; programs hold " + TornadoBackend.mebibytes(backend.held()) + " of the device";
    }

    /// The launches of each op, once the program has run.
    SequencedMap<Node, List<Launch>> launches() {
        SequencedMap<Node, List<Launch>> launches = new LinkedHashMap<>();
        calls.forEach(call -> launches.put(call.step().node(), call.launches()));
        return launches;
    }

    /// Launches the kernels of each op again, one after the other.
    ///
    /// @return nanoseconds by op, each of so many times, with the wait for the end of every launch
    SequencedMap<Node, List<Long>> time(int times) {
        synchronized (backend.launcher()) {
            SequencedMap<Node, List<Long>> nanos = new LinkedHashMap<>();
            for (Call call : calls) {
                List<Long> all = new ArrayList<>(times);
                for (int i = 0; i < times; i++) {
                    long start = System.nanoTime();
                    call.launches().forEach(backend.launcher()::run);
                    all.add(System.nanoTime() - start);
                }
                nanos.put(call.step().node(), all);
            }
            return nanos;
        }
    }

    private void observed(Call call, KernelObserver observer) {
        long start = System.nanoTime();
        call.launches().forEach(backend.launcher()::run);
        long nanos = System.nanoTime() - start;
        Node node = call.step().node();
        MemorySegment result = allocate(node);
        download(call.step().out(), result);
        observer.ran(node, result, nanos);
    }

    /// Ends the run, with an exception if a kernel has reported a fault.
    private void finish() {
        int fault = backend.launcher().finish();
        if (fault != 0) {
            throw new IndexOutOfBoundsException(faults.get(fault - 1));
        }
    }

    private void upload(Place place, MemorySegment host) {
        backend.launcher().staging().upload(place.buffer().dtype(), host, at(place));
    }

    private void download(String label, MemorySegment host) {
        download(plan.outputs().get(label), host);
    }

    private void download(Place place, MemorySegment host) {
        Args.Spot spot = spot(place);
        backend.launcher().staging().download(place.buffer().dtype(), spot.arena(), spot.offset(), host);
    }

    private void bind() {
        own.forEach((buffer, offset) -> {
            if (buffer instanceof Buffer.Fixed f) {
                backend.launcher().staging().upload(f.dtype(), f.data().segment(), offset);
            }
        });
        Launches gpu = new Launches(backend.launcher());
        calls = calls(gpu);
        chains.clear();
        faults = gpu.faults();
        backend.launcher().prepare(gpu.list());
        boundGeneration = backend.generation();
    }

    private List<Call> calls(Launches gpu) {
        List<Call> bound = new ArrayList<>(plan.steps().size());
        for (Step s : plan.steps()) {
            int before = gpu.list().size();
            emit(s, s.node().op(), gpu);
            bound.add(new Call(
                    s, List.copyOf(gpu.list().subList(before, gpu.list().size()))));
        }
        return List.copyOf(bound);
    }

    /// All launches of a run, though nothing has run or been allocated yet.
    List<Launch> emitted() {
        Launches gpu = new Launches(backend.launcher());
        calls(gpu);
        return gpu.list();
    }

    private <O extends Op> void emit(Step s, O op, Launches gpu) {
        Args.Spot[] in = s.in().stream().map(this::spot).toArray(Args.Spot[]::new);
        Kernels.of(op)
                .emit(op, new Args(s.node(), in, spot(s.out()), scratch(s.scratch()), scratch(s.scratchInts())), gpu);
    }

    private int scratch(Place place) {
        return place == null ? -1 : at(place);
    }

    private Args.Spot spot(Place place) {
        return new Args.Spot(place.buffer() instanceof Buffer.Activation a ? a.area() : 0, at(place));
    }

    /// The offset in its arena.
    private int at(Place place) {
        long base = switch (place.buffer()) {
            case Buffer.Activation a ->
                a.offset() + (a.area() == 0 ? backend.map().activations(a.dtype()) : MemoryMap.FIRST);
            case Buffer.State s -> backend.residents().of(s.group()).offset();
            case Buffer.Fixed f -> own.get(f);
            case Buffer.InputOutput io -> own.get(io);
        };
        return Math.toIntExact(base + place.offset());
    }

    @Override
    public void close() {
        backend.map().release(taken);
        own.clear();
        calls = List.of();
        chains.clear();
        boundGeneration = -1;
        backend.closed(this);
    }
}
