package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Launches kernels over arenas that stay on the device: as a rule one of floats and one of integers, and further ones
/// of floats where one array cannot hold them all.
///
/// Each kernel stands alone in a task graph, is compiled at its first launch and then launched as often as needed
/// with another argument block and grid; or the launches of a program stand one behind the other in graphs of many, see
/// [Chaining]. Every graph consumes and persists all arenas, for TornadoVM hands device
/// memory from the graph executed last to the next one. New kernels, those of a program together, make a new
/// execution plan of the old graphs and theirs; the old graphs keep their compiled code and their hold on the arenas.
/// A plan that was replaced keeps a queue and a pool of events on the device until the arenas are given back. It is
/// closed by way of a graph that holds nothing: TornadoVM frees what the selected graph holds, and no arena may be
/// freed twice.
///
/// Not for use by two threads at once.
final class Launcher implements AutoCloseable {
    /// Ints of an argument block.
    static final int ARGUMENTS = 64;

    private static final long BLOCK_BYTES = (long) ARGUMENTS * Integer.BYTES;

    private static final String TASK = "kernel";

    private static final String TOUCH = "transfers.touch";

    private static final String FINISH = "transfers.finish";

    private static final Task5<KernelContext, IntArray, IntArray, FloatArray, IntArray> FINISH_TASK = Transfers::finish;

    /// One kernel's graph.
    private static final class Compiled {
        final int index;
        final WorkerGrid3D grid;
        boolean launched;

        Compiled(int index, WorkerGrid3D grid) {
            this.index = index;
            this.grid = grid;
        }
    }

    /// A plan that another has taken the place of.
    ///
    /// @param idle its graph that holds nothing
    private record Replaced(TornadoExecutionPlan plan, int idle) {}

    private final TornadoDevice device;
    private final Profile profile;
    private final Chaining chaining;
    private final KernelContext context = new KernelContext();
    private final IntArray arguments = new IntArray(ARGUMENTS);
    private final Constants constants = new Constants();
    private final Map<String, Compiled> kernels = new HashMap<>();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final List<String> tasks = new ArrayList<>(); // the first one of each graph
    private final Map<List<Launch.Same>, Integer> chains = new HashMap<>(); // graphs of many launches
    private final Set<Integer> captured = new HashSet<>(); // graphs to be captured when they run for the first time
    private final Grids grids = new Grids();
    private List<FloatArray> floats = List.of(); // the first is `mem`
    private IntArray ints;
    private Staging staging;
    private TornadoExecutionPlan plan;
    private int idle;
    private final List<Replaced> replaced = new ArrayList<>();
    private final IntArray end = new IntArray(2);
    private int runs;
    private boolean grown;
    private long launches;
    private long blockBytes;
    private final List<String> compiled = new ArrayList<>();
    private long compileNanos;
    private long bytesUp;
    private long bytesDown;
    private int mostGroups = Grid.MOST;

    Launcher(TornadoDevice device) {
        this.device = device;
        this.profile = Profile.of(device);
        this.chaining = Chaining.of(device);
        arguments.init(0);
    }

    /// Groups along y of a launch.
    int mostGroups() {
        return mostGroups;
    }

    /// Fewer than a device takes only in tests.
    void mostGroups(int most) {
        mostGroups = most;
    }

    Profile profile() {
        return profile;
    }

    Chaining chaining() {
        return chaining;
    }

    /// Whether the arenas are at least this large.
    ///
    /// @param further sizes of the arenas of floats beyond the first
    boolean fits(int first, int integers, List<Integer> further) {
        return ints != null
                && floats.size() > further.size()
                && mem().getSize() >= first
                && ints.getSize() >= integers
                && IntStream.range(0, further.size())
                        .allMatch(i -> floats.get(i + 1).getSize() >= further.get(i));
    }

    /// Makes the arenas at least this large. They lose what they held, and every kernel is compiled anew.
    void reserve(int first, int integers, List<Integer> further) {
        List<Integer> sizes = new ArrayList<>(List.of(Math.max(first, Constants.CAPACITY)));
        sizes.addAll(further);
        for (int i = 0; i < floats.size(); i++) {
            int present = floats.get(i).getSize();
            if (i < sizes.size()) {
                sizes.set(i, Math.max(sizes.get(i), present));
            } else {
                sizes.add(present);
            }
        }
        int newInts = Math.max(integers, ints == null ? 1 : ints.getSize());
        close();
        floats = HostCopy.arrays(sizes);
        ints = new IntArray(newInts);
        ints.init(0); // the fault; floats are written before they are read
        staging = new Staging(this);
        constants.forget();
        add(TOUCH, this::touch, true);
    }

    void reserve(int first, int integers) {
        reserve(first, integers, List.of());
    }

    /// A task for each arena of floats, for each has to be used where it is sent up.
    private void touch(TaskGraph graph) {
        for (int i = 0; i < floats.size(); i++) {
            String name = i == 0 ? TASK : TASK + i;
            graph.task(name, (Kernel) Transfers::touch, context, floats.get(i), ints, arguments);
            if (i > 0) {
                WorkerGrid3D grid = new WorkerGrid3D(1, 1, 1);
                grids.addWorkerGrid("g" + graphs.size() + "." + name, grid);
            }
        }
    }

    private Object[] residents() {
        return Stream.concat(floats.stream(), Stream.of(ints)).toArray();
    }

    /// Where kernels find a float.
    int constant(float value) {
        return constants.offset(value);
    }

    /// All floats that kernels read as attributes, by offset.
    List<Float> constants() {
        return constants.values();
    }

    Traffic traffic() {
        return new Traffic(launches, compiled.size(), compileNanos / 1_000_000, bytesUp, blockBytes, bytesDown);
    }

    /// Bytes of a staging array have gone up.
    void sent(long bytes) {
        bytesUp += bytes;
    }

    /// Bytes of a staging array have come down.
    void received(long bytes) {
        bytesDown += bytes;
    }

    Staging staging() {
        return staging;
    }

    /// Makes graphs of the kernels among these launches that have none yet.
    void prepare(List<Launch> all) {
        for (Launch launch : all) {
            if (!kernels.containsKey(launch.key())) {
                add(launch.key(), graph -> task(graph, TASK, launch, arguments), false);
            }
        }
    }

    /// Puts launches into graphs of many, whose argument blocks stay on the device. TornadoVM cannot give back a graph
    /// without the arenas that it holds, so the same launches, as those of a program that was closed and compiled
    /// again, get the graphs that they had.
    Chaining.Chain chain(List<Launch> all) {
        List<Integer> chained = new ArrayList<>();
        for (int from = 0; from < all.size(); from += Chaining.LAUNCHES) {
            List<Launch> part = all.subList(from, Math.min(all.size(), from + Chaining.LAUNCHES));
            List<Launch.Same> same = part.stream().map(Launch::same).toList();
            chained.add(chains.computeIfAbsent(same, s -> addChained(part)));
        }
        return new Chaining.Chain(List.copyOf(chained), all.size());
    }

    private int addChained(List<Launch> part) {
        int number = graphs.size();
        add(graph(part), "g" + number + "." + TASK + 0);
        if (chaining == Chaining.CAPTURED) {
            captured.add(number);
        }
        grown = true;
        return number;
    }

    /// Graphs of any kind.
    int graphs() {
        return graphs.size();
    }

    private ImmutableTaskGraph graph(List<Launch> part) {
        String name = "g" + graphs.size();
        TaskGraph graph = new TaskGraph(name);
        graph.consumeFromDevice(residents());
        for (int i = 0; i < part.size(); i++) {
            Launch launch = part.get(i);
            IntArray block =
                    IntArray.fromElements(Arrays.copyOf(launch.arguments(), Math.max(1, launch.arguments().length)));
            blockBytes += block.getSegment().byteSize();
            graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, block);
            task(graph, TASK + i, launch, block);
            WorkerGrid3D grid = new WorkerGrid3D(1, 1, 1);
            set(grid, launch.grid());
            grids.addWorkerGrid(name + "." + TASK + i, grid);
        }
        graph.persistOnDevice(residents());
        return graph.snapshot();
    }

    private void task(TaskGraph graph, String id, Launch launch, IntArray block) {
        Arenas at = launch.arenas();
        switch (launch.kernel()) {
            case Kernel near -> graph.task(id, near, context, mem(), ints, block);
            case FarKernel far ->
                graph.task(
                        id,
                        far,
                        context,
                        mem(),
                        floats.get(at.a()),
                        floats.get(at.b()),
                        floats.get(at.e()),
                        floats.get(at.result()),
                        ints,
                        block);
        }
    }

    private static void set(WorkerGrid3D threads, Grid grid) {
        threads.setGlobalWork(
                (long) grid.groupsX() * grid.localX(), (long) grid.groupsY() * grid.localY(), grid.groupsZ());
        threads.setLocalWork(grid.localX(), grid.localY(), 1);
    }

    /// Runs a chain and waits for it.
    void run(Chaining.Chain chain) {
        constants.upload(this);
        if (grown) {
            replan();
        }
        for (int graph : chain.graphs()) {
            long start = System.nanoTime();
            TornadoExecutionPlan selected = select(plan, graph);
            boolean first = captured.remove(graph);
            if (first) {
                selected = selected.withCUDAGraph();
            }
            execute(selected, "a graph of kernels");
            if (first) {
                compileNanos += System.nanoTime() - start;
            }
        }
        launches += chain.launches();
    }

    private void execute(TornadoExecutionPlan selected, String what) {
        try {
            selected.execute();
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException(what + " failed on " + device.getDeviceName() + ": " + e.getMessage(), e);
        }
    }

    /// Ends a run of a program. Drivers may print that a launch failed and go on; so the last launch sends a number
    /// that only this run has.
    ///
    /// @return the number of the fault that a kernel has reported, 0 if none has; it is forgotten
    /// @throws IllegalStateException if the number does not arrive
    int finish() {
        runs++;
        end.set(0, 0);
        end.set(1, ~runs);
        addTransfer(FINISH, null, end, g -> g.task(TASK, FINISH_TASK, context, ints, end, mem(), arguments));
        execute(FINISH, Grid.threads(1), runs);
        received(end.getSegment().byteSize());
        if (end.get(1) != runs) {
            throw new IllegalStateException("the last kernel of the run left no mark on " + device.getDeviceName()
                    + ": it or one before it failed, and the driver's messages say why; what the device held is lost,"
                    + " so go on from the last checkpoint");
        }
        return end.get(0);
    }

    /// Runs one launch and waits for it.
    void run(Launch launch) {
        prepare(List.of(launch));
        constants.upload(this);
        execute(launch.key(), launch.grid(), launch.arguments());
    }

    /// The kernels in the order in which they were compiled.
    List<String> compiled() {
        return List.copyOf(compiled);
    }

    /// A graph that moves a staging array up before its task, or down after it.
    void addTransfer(String name, Object up, Object down, Consumer<TaskGraph> task) {
        if (!kernels.containsKey(name)) {
            add(name, graph -> transfer(graph, up, down, task), false);
        }
    }

    private static void transfer(TaskGraph graph, Object up, Object down, Consumer<TaskGraph> task) {
        if (up != null) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, up);
        }
        task.accept(graph);
        if (down != null) {
            graph.transferToHost(DataTransferMode.EVERY_EXECUTION, down);
        }
    }

    KernelContext context() {
        return context;
    }

    FloatArray mem() {
        return floats.getFirst();
    }

    FloatArray arena(int number) {
        return floats.get(number);
    }

    IntArray ints() {
        return ints;
    }

    IntArray argumentBlock() {
        return arguments;
    }

    private void add(String name, Consumer<TaskGraph> task, boolean first) {
        String graphName = "g" + graphs.size();
        TaskGraph graph = new TaskGraph(graphName);
        if (first) {
            graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, residents());
        } else {
            graph.consumeFromDevice(residents());
        }
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arguments);
        task.accept(graph);
        graph.persistOnDevice(residents());
        WorkerGrid3D grid = new WorkerGrid3D(1, 1, 1);
        grids.addWorkerGrid(graphName + "." + TASK, grid);
        kernels.put(name, new Compiled(graphs.size(), grid));
        add(graph.snapshot(), graphName + "." + TASK);
        grown = true;
    }

    private void add(ImmutableTaskGraph graph, String firstTask) {
        graphs.add(graph);
        tasks.add(firstTask);
    }

    private TornadoExecutionPlan select(TornadoExecutionPlan from, int graph) {
        grids.expect(tasks.get(graph));
        return from.withGraph(graph);
    }

    void execute(String name, Grid grid, int... block) {
        if (block.length > ARGUMENTS) {
            throw new IllegalArgumentException(
                    "kernel " + name + ": an argument block holds " + ARGUMENTS + " ints, got " + block.length);
        }
        if (grown) {
            replan();
        }
        launch(name, grid, block);
    }

    /// A plan of all graphs. Its first launches are of a graph that holds nothing, so that it belongs to this plan, and
    /// of one that already holds the arenas; from that they are handed on.
    private void replan() {
        if (plan != null) {
            replaced.add(new Replaced(plan, idle));
        }
        idle = graphs.size();
        IntArray own = new IntArray(1);
        own.init(0);
        Task2<KernelContext, IntArray> task = Transfers::idle;
        ImmutableTaskGraph nothing = new TaskGraph("g" + idle)
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, own)
                .task(TASK, task, context, own)
                .persistOnDevice(own)
                .snapshot();
        add(nothing, "g" + idle + "." + TASK);
        WorkerGrid3D grid = new WorkerGrid3D(1, 1, 1);
        grids.addWorkerGrid("g" + idle + "." + TASK, grid);
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        grids.expect(tasks.get(idle));
        plan.withGridScheduler(grids);
        plan.withDevice(device);
        grown = false;
        select(plan, idle).execute();
        launch(TOUCH, Grid.threads(1), 1);
    }

    private void launch(String name, Grid grid, int... block) {
        Compiled kernel = kernels.get(name);
        for (int i = 0; i < block.length; i++) {
            arguments.set(i, block[i]);
        }
        set(kernel.grid, grid);
        long start = System.nanoTime();
        execute(select(plan, kernel.index), "kernel " + name);
        launches++;
        blockBytes += BLOCK_BYTES;
        if (!kernel.launched) {
            kernel.launched = true;
            compiled.add(name);
            compileNanos += System.nanoTime() - start;
        }
    }

    @Override
    public void close() {
        if (plan != null) {
            close(plan);
            replaced.forEach(old -> close(select(old.plan(), old.idle())));
        }
        plan = null;
        replaced.clear();
        kernels.clear();
        graphs.clear();
        tasks.clear();
        chains.clear();
        captured.clear();
        floats = List.of();
        ints = null;
    }

    private void close(TornadoExecutionPlan old) {
        try {
            old.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException(
                    "the device memory of " + device.getDeviceName() + " could not be given back: " + e.getMessage(),
                    e);
        }
    }
}
