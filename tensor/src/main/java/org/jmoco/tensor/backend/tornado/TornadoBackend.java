package org.jmoco.tensor.backend.tornado;

import java.lang.invoke.SerializedLambda;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemory;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import org.jmoco.tensor.plan.Areas;
import org.jmoco.tensor.plan.Buffer;
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
/// constants, and one activation area as large as the largest program needs. Where one array of the device cannot hold
/// a
/// program's floats, the large ones among its activations lie in further arenas, see [Areas].
public final class TornadoBackend implements Backend {
    private static final Map<Class<?>, TornadoKernel<?>> KERNELS = new ConcurrentHashMap<>();

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
    private final MemoryMap floats = new MemoryMap();
    private final MemoryMap ints = new MemoryMap();
    private final Map<DType, Activations> activations = new EnumMap<>(DType.class);
    private final List<Long> further = new ArrayList<>(); // floats of the arenas beyond the first
    private final Set<TornadoExecutable> programs = Collections.newSetFromMap(new WeakHashMap<>());
    private final Map<VariableGroup, Resident> residents = new WeakHashMap<>();
    private final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();
    private final Map<Reference<?>, List<Stretch>> stretches = new HashMap<>();
    private KernelObserver observer;
    private int generation;
    private MemoryMode mode = MemoryMode.AUTO;

    private record Activations(int offset, long size) {}

    /// Memory that goes back when its owner is no longer reachable.
    record Stretch(DType dtype, int offset) {}

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
        floats.take(Constants.CAPACITY);
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
        plan.activations().forEach(this::growActivations);
        growFurther(plan.further());
        TornadoExecutable executable = new TornadoExecutable(this, plan);
        stretches.put(new WeakReference<>(executable, forgotten), executable.taken());
        programs.add(executable);
        return executable;
    }

    /// A program has given back what it had for itself; the area that all share need be no larger than the rest wants.
    void closed(TornadoExecutable gone) {
        programs.remove(gone);
        for (DType dtype : List.copyOf(activations.keySet())) {
            long wanted = programs.stream()
                    .mapToLong(p -> p.plan().activations().getOrDefault(dtype, 0L))
                    .max()
                    .orElse(0);
            Activations present = activations.get(dtype);
            if (wanted < present.size()) {
                release(dtype, present.offset());
                activations.remove(dtype);
                if (wanted > 0) {
                    activations.put(dtype, new Activations(take(dtype, wanted), wanted));
                }
                generation++;
            }
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
        return plan(graph, p -> new Demand(List.of(p)).lacking());
    }

    @Override
    public Plan plan(Graph graph, long activationBytes) {
        return plan(graph, p -> p.activationBytes() - activationBytes);
    }

    private Plan plan(Graph graph, ToLongFunction<Plan> lacking) {
        Graph rewritten = Rewrites.apply(graph);
        Plan whole = Planner.plan(rewritten, inPlace, scratch);
        boolean one = new Demand(List.of(whole)).largest() <= piece() / 4 * 3; // the rest is for other programs
        return Recompute.plan(rewritten, inPlace, scratch, one ? Areas.ONE : areas(), mode, lacking);
    }

    private Areas areas() {
        return new Areas(
                piece() / Float.BYTES - HEADER - MemoryMap.FIRST, (node, operand) -> anywhere(node.op(), operand));
    }

    private static <O extends Op> boolean anywhere(O op, int operand) {
        return kernel(op).anywhere(op, operand);
    }

    private final Scratch scratch = new Scratch() {
        @Override
        public long elements(Node n) {
            return elements(n.op(), n);
        }

        private <O extends Op> long elements(O op, Node n) {
            return kernel(op).scratch(op, n, launcher.profile());
        }

        @Override
        public DType type(Node n) {
            return type(n.op(), n);
        }

        private <O extends Op> DType type(O op, Node n) {
            return kernel(op).scratchType(op, n, launcher.profile());
        }
    };

    private void growActivations(DType dtype, long elements) {
        Activations present = activations.get(dtype);
        if (present == null || present.size() < elements) {
            if (present != null) {
                release(dtype, present.offset());
            }
            activations.put(dtype, new Activations(take(dtype, elements), elements));
            generation++;
        }
    }

    private void growFurther(List<Long> floatsOfEach) {
        for (int i = 0; i < floatsOfEach.size(); i++) {
            if (i == further.size()) {
                further.add(0L);
            }
            further.set(i, Math.max(further.get(i), MemoryMap.rounded(floatsOfEach.get(i))));
        }
    }

    /// Where a type's activations begin in its arena.
    int activations(DType dtype) {
        return activations.get(dtype).offset();
    }

    /// Changes when values have moved and executables must bind again.
    int generation() {
        return generation;
    }

    Launcher launcher() {
        return launcher;
    }

    /// Sets memory of the device apart. It is allocated when the first program runs that needs it.
    int take(DType dtype, long elements) {
        releaseForgotten();
        return map(dtype).take(elements);
    }

    private MemoryMap map(DType dtype) {
        return dtype == DType.F32 ? floats : ints;
    }

    void release(DType dtype, int offset) {
        map(dtype).release(offset);
    }

    private void releaseForgotten() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            stretches.remove(gone).forEach(stretch -> release(stretch.dtype(), stretch.offset()));
        }
    }

    /// Looks whether a program fits beside what is there, before anything is set apart for it.
    private void requireRoom(Plan plan) {
        Demand demand = new Demand(List.of(plan));
        if (!demand.fits()) {
            throw new DeviceMemoryException("program " + plan.graph().name() + " needs "
                    + mebibytes(demand.variables.bytes()) + " for variables, " + mebibytes(demand.exchanged.bytes())
                    + " for inputs and outputs and " + mebibytes(demand.between()) + " for what is between, so that "
                    + device.getDeviceName() + " would hold " + mebibytes(demand.bytes()) + ", "
                    + mebibytes(demand.largest()) + " of them in one piece; it has " + mebibytes(available())
                    + ", at most " + mebibytes(piece()) + " in one piece");
        }
    }

    /// Inputs, outputs and constants count among what is exchanged. Bytes take four here.
    @Override
    public MemoryUse memory(Plan plan) {
        Needs variables = new Needs();
        Needs exchanged = new Needs();
        Needs area = new Needs();
        count(plan, new HashSet<>(), variables, exchanged);
        plan.activations().forEach(area::add);
        plan.further().forEach(elements -> area.add(DType.F32, elements));
        return new MemoryUse(variables.bytes(), area.bytes(), exchanged.bytes(), 0, FOOTPRINT + JvmFootprint.young());
    }

    @Override
    public Optional<DeviceMemory> deviceMemory(List<Plan> plans) {
        Demand demand = new Demand(plans);
        long first = Float.BYTES * demand.floats();
        long integers = Float.BYTES * demand.ints();
        if (demand.fits()) {
            first = (long) Float.BYTES * arena(FLOATS, demand.floats());
            integers = (long) Float.BYTES * arena(INTS, demand.ints());
        }
        long further = Float.BYTES * sum(demand.arenas);
        long largest = Math.max(
                first,
                Float.BYTES
                        * demand.arenas.stream()
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
        releaseForgotten();
        return (floats.taken() + ints.taken() + sum(further)) * Float.BYTES;
    }

    private static long sum(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum();
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

    private static void count(Plan plan, Set<VariableGroup> present, Needs variables, Needs exchanged) {
        plan.buffers().forEach(buffer -> {
            switch (buffer) {
                case Buffer.State s when present.add(s.group()) -> variables.add(s.dtype(), s.size());
                case Buffer.InputOutput io -> exchanged.add(io.dtype(), io.size());
                case Buffer.Fixed f -> exchanged.add(f.dtype(), f.size());
                default -> {}
            }
        });
    }

    /// What plans need that the device does not hold already.
    private final class Demand {
        private final Needs variables = new Needs();
        private final Needs exchanged = new Needs();
        private final Needs area = new Needs();
        private final List<Long> arenas = new ArrayList<>(further); // beyond the first

        Demand(List<Plan> plans) {
            releaseForgotten();
            Set<VariableGroup> present = new HashSet<>(residents.keySet());
            Map<DType, Long> largest = new EnumMap<>(DType.class);
            for (Plan plan : plans) {
                count(plan, present, variables, exchanged);
                plan.activations().forEach((dtype, elements) -> largest.merge(dtype, elements, Math::max));
                for (int i = 0; i < plan.further().size(); i++) {
                    long elements = MemoryMap.rounded(plan.further().get(i));
                    if (i < arenas.size()) {
                        arenas.set(i, Math.max(arenas.get(i), elements));
                    } else {
                        arenas.add(elements);
                    }
                }
            }
            largest.forEach((dtype, elements) -> area.add(
                    dtype,
                    Math.max(
                            0,
                            elements
                                    - (activations.containsKey(dtype)
                                            ? activations.get(dtype).size()
                                            : 0))));
        }

        long floats() {
            return floats.taken() + variables.floats + exchanged.floats + area.floats;
        }

        long ints() {
            return ints.taken() + variables.ints + exchanged.ints + area.ints;
        }

        long bytes() {
            return (floats() + ints() + sum(arenas)) * Float.BYTES;
        }

        /// Bytes of activations.
        long between() {
            return area.bytes() + (sum(arenas) - sum(further)) * Float.BYTES;
        }

        /// Bytes of the larger one of the first arenas; further ones are planned to be no larger than they may.
        long largest() {
            return Math.max(floats(), ints()) * Float.BYTES;
        }

        /// Bytes beyond what the device has, in one piece or in all; 0 or less if it has enough.
        long lacking() {
            return Math.max(largest() - piece(), bytes() - available());
        }

        boolean fits() {
            return lacking() <= 0;
        }
    }

    /// Elements in either arena.
    private static final class Needs {
        private long floats;
        private long ints;

        void add(DType dtype, long elements) {
            if (dtype == DType.F32) {
                floats += MemoryMap.rounded(elements);
            } else {
                ints += MemoryMap.rounded(elements);
            }
        }

        long bytes() {
            return (floats + ints) * Float.BYTES;
        }
    }

    /// Makes the arenas as large as the map says. If they must grow, what only they hold is brought to the host first.
    void materialize() {
        List<Integer> others = further.stream()
                .map(elements -> Math.toIntExact(MemoryMap.FIRST + elements))
                .toList();
        if (launcher.fits(floats.end(), ints.end(), others)) {
            return;
        }
        residents.forEach((group, resident) -> {
            if (group.residency() == resident) {
                group.hostForWriting();
            }
        });
        launcher.reserve(arena(FLOATS, floats.end()), arena(INTS, ints.end()), others);
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

    /// A group's place on the device; its newest value is sent there if it is not.
    Resident resident(VariableGroup group) {
        return residents.computeIfAbsent(group, g -> {
            int offset = take(g.dtype(), g.size());
            List<Stretch> taken = new ArrayList<>(List.of(new Stretch(g.dtype(), offset)));
            stretches.put(new WeakReference<>(g, forgotten), taken);
            return new Resident(offset, taken);
        });
    }

    /// Where a group lies on the device.
    final class Resident implements VariableGroup.Residency {
        private final int offset;
        private final List<Stretch> taken; // empty once it is given back
        private boolean newer;

        Resident(int offset, List<Stretch> taken) {
            this.offset = offset;
            this.taken = taken;
        }

        int offset() {
            return offset;
        }

        /// Sends the group's value unless the device has it.
        void present(VariableGroup group) {
            if (group.residency() != this) {
                launcher.staging().upload(group.dtype(), group.host(), offset);
                group.residesIn(this);
                newer = false;
            }
        }

        /// A program has written the group.
        void written() {
            newer = true;
        }

        @Override
        public void toHost(VariableGroup group) {
            synchronized (launcher) { // a program of another thread may be running
                if (newer) {
                    newer = false; // first: asking the group for its memory leads here again
                    launcher.staging().download(group.dtype(), offset, group.host());
                }
            }
        }

        @Override
        public void leave(VariableGroup group) {
            synchronized (launcher) {
                newer = false;
                taken.forEach(stretch -> release(stretch.dtype(), stretch.offset()));
                taken.clear();
                residents.remove(group);
            }
        }
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

    /// The kernels that stand beside an op.
    @SuppressWarnings("unchecked")
    static <O extends Op> TornadoKernel<O> kernel(O op) {
        return (TornadoKernel<O>) KERNELS.computeIfAbsent(op.getClass(), TornadoBackend::find);
    }

    private static TornadoKernel<?> find(Class<?> op) {
        String name = op.getName() + "Tornado";
        try {
            var constructor = Class.forName(name, true, op.getClassLoader()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (TornadoKernel<?>) constructor.newInstance();
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new IllegalStateException(
                    "op " + op.getSimpleName() + " has no TornadoVM kernel: there is no class " + name
                            + " with a constructor without parameters",
                    e);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the TornadoVM kernel " + name + " cannot be created: " + e, e);
        }
    }

    @Override
    public void close() {
        residents.forEach((group, resident) -> {
            if (group.residency() == resident) {
                group.hostForWriting();
            }
        });
        launcher.close();
    }
}
