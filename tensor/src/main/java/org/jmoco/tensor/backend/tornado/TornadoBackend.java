package org.jmoco.tensor.backend.tornado;

import java.lang.invoke.SerializedLambda;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemory;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import org.jmoco.tensor.plan.Areas;
import org.jmoco.tensor.plan.MemoryMode;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Planner;
import org.jmoco.tensor.plan.Recompute;
import org.jmoco.tensor.plan.Scratch;
import org.jmoco.tensor.plan.rewrite.Rewrites;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/// Runs programs on a device through TornadoVM.
///
/// The device holds two arenas for all programs: floats, and integers (bytes are held as integers). In them lie
/// the variables, which stay there until somebody asks for them on the host, every program's inputs, outputs and
/// constants, and one activation area as large as the largest program needs: [DeviceMap] says where. Where one array of
/// the device cannot hold a program's floats, the large ones among its activations lie in further arenas, see [Areas].
public final class TornadoBackend implements Backend {
    /// Arenas begin with this many elements and at least double when they grow, as long as the device has room:
    /// growing compiles every kernel anew.
    private static final int FLOATS = 1 << 24;
    private static final int INTS = 1 << 20;

    /// What the process takes besides the young generation of its heap and what programs hold: TornadoVM, its
    /// compiler and the driver's. Measured over PoCL.
    private static final long FOOTPRINT = 480L << 20;

    /// Elements that TornadoVM's array header takes at most.
    private static final int HEADER = 8;

    private final TornadoDevice device;
    private final String description;
    private final boolean inPlace;
    private final long limit;
    private final long piece;
    private final Launcher launcher;
    private final DeviceMap map = new DeviceMap();
    private final Residents residents;
    private final Set<TornadoExecutable> programs = Collections.newSetFromMap(new WeakHashMap<>());
    private KernelObserver observer;
    private int generation;
    private MemoryMode mode = MemoryMode.AUTO;

    /// A device by TornadoVM's numbers.
    ///
    /// @throws IllegalStateException    if the program does not run on TornadoVM
    /// @throws IllegalArgumentException if there is no such device
    public TornadoBackend(int driver, int index) {
        this(driver, index, true, Long.MAX_VALUE);
    }

    TornadoBackend(int driver, int index, boolean inPlace, long limit) {
        this(driver, index, inPlace, limit, Long.MAX_VALUE);
    }

    /// @param inPlace off only in tests, which compare the bits with and without
    /// @param limit   bytes of the device that may be used; less than it has only in tests
    /// @param piece   bytes of an array that may be used; less than it takes only in tests
    TornadoBackend(int driver, int index, boolean inPlace, long limit, long piece) {
        this.limit = limit;
        this.piece = piece;
        this.device = TornadoDevices.get(driver, index);
        this.inPlace = inPlace;
        this.launcher = new Launcher(device);
        this.description = "tornado:" + driver + ":" + index + ", " + TornadoDevices.describe(driver, index)
                + ", profile " + launcher.profile().name();
        this.residents = new Residents(map, launcher);
    }

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public String description() {
        return description;
    }

    /// What the device has been asked to do since it was opened.
    public Traffic traffic() {
        return launcher.traffic();
    }

    @Override
    public void observe(KernelObserver watcher) {
        observer = watcher;
    }

    KernelObserver observer() {
        return observer;
    }

    @Override
    public boolean worksInHostMemory() {
        return false;
    }

    @Override
    public Executable compile(Graph graph) {
        Plan plan = plan(graph);
        requireRoom(plan);
        if (map.grow(plan)) {
            generation++;
        }
        TornadoExecutable executable = new TornadoExecutable(this, plan);
        map.owns(executable, executable.taken());
        programs.add(executable);
        return executable;
    }

    /// A program has given back what it had for itself; the area that all share need be no larger than the rest wants.
    void closed(TornadoExecutable gone) {
        programs.remove(gone);
        if (map.shrink(programs.stream().map(TornadoExecutable::plan).toList())) {
            generation++;
        }
    }

    @Override
    public void requireRoom(Graph graph) {
        requireRoom(plan(graph));
    }

    @Override
    public void memoryMode(MemoryMode wanted) {
        mode = wanted;
    }

    @Override
    public Plan plan(Graph graph) {
        return plan(graph, p -> demand(List.of(p)).lacking());
    }

    @Override
    public Plan plan(Graph graph, long activationBytes) {
        return plan(graph, p -> p.activationBytes() - activationBytes);
    }

    private Plan plan(Graph graph, ToLongFunction<Plan> lacking) {
        Graph rewritten = Rewrites.apply(graph);
        Plan whole = Planner.plan(rewritten, inPlace, scratch);
        boolean one = demand(List.of(whole)).largest() <= piece() / 4 * 3; // the rest is for other programs
        return Recompute.plan(rewritten, inPlace, scratch, one ? Areas.ONE : areas(), mode, lacking);
    }

    private Areas areas() {
        return new Areas(
                piece() / Float.BYTES - HEADER - MemoryMap.FIRST, (node, operand) -> anywhere(node.op(), operand));
    }

    private static <O extends Op> boolean anywhere(O op, int operand) {
        return Kernels.of(op).anywhere(op, operand);
    }

    private final Scratch scratch = new Scratch() {
        @Override
        public long floats(Node n) {
            return floats(n.op(), n);
        }

        private <O extends Op> long floats(O op, Node n) {
            return Kernels.of(op).scratch(op, n, launcher.profile());
        }

        @Override
        public long ints(Node n) {
            return ints(n.op(), n);
        }

        private <O extends Op> long ints(O op, Node n) {
            return Kernels.of(op).scratchInts(op, n, launcher.profile());
        }
    };

    /// Where programs and variables lie.
    DeviceMap map() {
        return map;
    }

    Residents residents() {
        return residents;
    }

    /// Changes when values have moved and executables must bind again.
    int generation() {
        return generation;
    }

    Launcher launcher() {
        return launcher;
    }

    private Demand demand(List<Plan> plans) {
        map.releaseForgotten();
        return new Demand(map, residents.groups(), new Demand.Limits(available(), piece()), plans);
    }

    /// Looks whether a program fits beside what is there, before anything is set apart for it.
    private void requireRoom(Plan plan) {
        Demand demand = demand(List.of(plan));
        if (!demand.fits()) {
            throw new DeviceMemoryException("program " + plan.graph().name() + " needs "
                    + mebibytes(demand.variables()) + " for variables, " + mebibytes(demand.exchanged())
                    + " for inputs and outputs and " + mebibytes(demand.between()) + " for what is between, so that "
                    + device.getDeviceName() + " would hold " + mebibytes(demand.bytes()) + ", "
                    + mebibytes(demand.largest()) + " of them in one piece; it has " + mebibytes(available())
                    + ", at most " + mebibytes(piece()) + " in one piece");
        }
    }

    /// Inputs, outputs and constants count among what is exchanged. Bytes take four here.
    @Override
    public MemoryUse memory(Plan plan) {
        var variables = new Demand.Needs();
        var exchanged = new Demand.Needs();
        var area = new Demand.Needs();
        Demand.count(plan, new HashSet<>(), variables, exchanged);
        plan.activations().forEach(area::add);
        plan.further().forEach(elements -> area.add(DType.F32, elements));
        return new MemoryUse(variables.bytes(), area.bytes(), exchanged.bytes(), 0, FOOTPRINT + JvmFootprint.young());
    }

    @Override
    public Optional<DeviceMemory> deviceMemory(List<Plan> plans) {
        Demand demand = demand(plans);
        long first = Float.BYTES * demand.floats();
        long integers = Float.BYTES * demand.ints();
        if (demand.fits()) {
            first = (long) Float.BYTES * arena(FLOATS, demand.floats());
            integers = (long) Float.BYTES * arena(INTS, demand.ints());
        }
        long further = Float.BYTES * Demand.sum(demand.further());
        long largest = Math.max(
                first,
                Float.BYTES
                        * demand.further().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElse(0));
        long arenas = first + integers + further;
        boolean machine = device.getDeviceType() == TornadoDeviceType.CPU;
        long host = largest + integers + (machine ? arenas : 0);
        return Optional.of(new DeviceMemory(demand.bytes(), arenas, host, available(), demand.fits(), machine));
    }

    /// Bytes of the device that all programs hold.
    public long held() {
        return map.bytes();
    }

    private long available() {
        return Math.min(limit, device.getPhysicalDevice().getDeviceGlobalMemorySize());
    }

    private long piece() {
        return Math.min(
                Math.min(limit, piece),
                Math.min(
                        device.getPhysicalDevice().getDeviceMaxAllocationSize(),
                        (long) Integer.MAX_VALUE * Float.BYTES));
    }

    static String mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1 << 20) + " MiB";
    }

    /// Makes the arenas as large as the map says. If they must grow, what only they hold is brought to the host first.
    void materialize() {
        List<Integer> others = map.further().stream()
                .map(elements -> Math.toIntExact(MemoryMap.FIRST + elements))
                .toList();
        if (launcher.fits(map.floats().end(), map.ints().end(), others)) {
            return;
        }
        residents.toHost();
        launcher.reserve(
                arena(FLOATS, map.floats().end()), arena(INTS, map.ints().end()), others);
        generation++;
    }

    /// Elements of an arena: the smallest doubling of `first` that holds `needed`, or just what is needed if the
    /// device may not have room for more.
    private int arena(int first, long needed) {
        long most = Math.min(
                Integer.MAX_VALUE,
                Math.min(
                                        device.getPhysicalDevice().getDeviceMaxAllocationSize(),
                                        device.getPhysicalDevice().getDeviceGlobalMemorySize() / 2)
                                / Float.BYTES
                        - HEADER);
        long size = first;
        while (size < needed) {
            size *= 2;
        }
        return (int) Math.max(needed, Math.min(size, Math.min(most, needed + (1L << 28))));
    }

    /// The launches of a program that has run.
    ///
    /// @param printed the file to which TornadoVM has printed kernels from the beginning: the properties
    ///     `tornado.printKernel` and `tornado.print.kernel.dir` were set before anything else
    public List<KernelCall> explain(Executable executable, Path printed) {
        List<String> compiled = launcher.compiled();
        List<String> kernels = KernelSources.read(printed);
        List<KernelCall> calls = new ArrayList<>();
        ((TornadoExecutable) executable).launches().forEach((node, launches) -> {
            for (Launch launch : launches) {
                SerializedLambda method = launch.kernel().method();
                String generated = kernels.size() == compiled.size()
                        ? kernels.get(compiled.indexOf(launch.key()))
                        : "not printed by this driver";
                calls.add(new KernelCall(
                        node,
                        launch.name(),
                        method.getImplClass().replace('/', '.'),
                        method.getImplMethodName(),
                        launch.grid(),
                        Arrays.stream(launch.arguments()).boxed().toList(),
                        generated));
            }
        });
        return List.copyOf(calls);
    }

    /// How long the ops of a program that has run take on the device, each by itself. What overwrites its operand
    /// goes on from its own result.
    ///
    /// @param times how often each is launched
    /// @return nanoseconds by op, each time with the wait for the end of every launch
    public SequencedMap<Node, List<Long>> time(Executable executable, int times) {
        return ((TornadoExecutable) executable).time(times);
    }

    @Override
    public void close() {
        residents.toHost();
        launcher.close();
    }
}
