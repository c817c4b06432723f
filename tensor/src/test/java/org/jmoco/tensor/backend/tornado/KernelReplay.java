package org.jmoco.tensor.backend.tornado;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.Place;
import org.jmoco.tensor.plan.Step;

/// Writes every kernel of the conformance suite as a simulation for `oclgrind-kernel`: the OpenCL that TornadoVM
/// makes of it, and launches with real operands.
///
/// On the device all operands lie in one arena, where an access beyond an operand meets its neighbour and goes
/// unseen. Here operands lie [#SLOT] elements apart, and the sources are changed so that the address of each
/// access tells which operand it is for: it goes to a buffer of just that operand's size, and a step beyond it is
/// an access out of bounds.
///
/// A program of its own, since TornadoVM prints sources only where that was asked for before it began:
/// `-Dtornado.printKernel=True -Dtornado.print.kernel.dir=FILE`.
final class KernelReplay {
    /// Elements from one operand to the next; none of the suite's is as large.
    private static final int SLOT = 1 << 20;

    private static final int HEADER_INTS = 4;
    private static final long MANY_THREADS = 8_192;
    /// Launches of a kernel that are replayed: those of the fewest threads, if possible of several work-groups.
    private static final int LAUNCHES = 2;

    private final Path folder;
    private final Map<String, String> sources = new HashMap<>();
    private final Map<String, List<Replay>> replays = new LinkedHashMap<>();

    private record Operand(DType dtype, double[] values) {}

    private record Replay(Launch launch, List<Operand> floats, List<Operand> ints) {
        long threads() {
            Grid g = launch.grid();
            return (long) g.groupsX() * g.groupsY() * g.groupsZ() * g.localX() * g.localY();
        }

        /// Groups that do not see each other, and yet no minutes of simulation.
        boolean worthwhile() {
            Grid g = launch.grid();
            return (long) g.groupsX() * g.groupsY() * g.groupsZ() > 1 && threads() <= MANY_THREADS;
        }
    }

    private KernelReplay(Path folder) {
        this.folder = folder;
    }

    /// @param args the folder for the simulations
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        new KernelReplay(Path.of(args[0])).write(Path.of(System.getProperty("tornado.print.kernel.dir")));
    }

    private void write(Path printed) throws IOException, ReflectiveOperationException {
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device _ = new Device(backend)) {
            for (JavaClass c : new ClassFileImporter().importPackages("org.jmoco.tensor.ops")) {
                if (c.isAssignableTo(OpTest.class) && !c.getModifiers().contains(JavaModifier.ABSTRACT)) {
                    for (OpCase opCase : suite(c.reflect()).listed()) {
                        take(backend, opCase);
                    }
                }
            }
            sources(KernelSources.read(printed), backend.launcher().compiled());
            for (Map.Entry<String, List<Replay>> entry : replays.entrySet()) {
                entry.getValue()
                        .sort(Comparator.comparing(Replay::worthwhile)
                                .reversed()
                                .thenComparing(Replay::threads));
                int number = 0;
                for (Replay replay : entry.getValue()
                        .subList(0, Math.min(LAUNCHES, entry.getValue().size()))) {
                    simulation(
                            entry.getKey() + "-" + number++,
                            replay,
                            backend.launcher().constants());
                }
            }
        }
    }

    static OpTest suite(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        if (!Modifier.isPublic(constructor.getModifiers())) {
            constructor.setAccessible(true);
        }
        return (OpTest) constructor.newInstance();
    }

    /// Runs a case, which compiles its kernels, and notes the launches with the values they found.
    private void take(TornadoBackend backend, OpCase opCase) {
        OpTest.Traced traced = OpTest.Traced.of(opCase);
        Executable executable = backend.compile(traced.graph());
        Map<Node, double[]> values = new HashMap<>();
        traced.inputs().forEach((label, fed) -> {
            Node n = traced.graph().inputs().get(label);
            write(fed, executable.input(label), n.dtype());
        });
        executable
                .plan()
                .graph()
                .inputs()
                .forEach((label, n) -> values.put(n, traced.inputs().get(label)));
        backend.observe((node, result, nanos) -> values.put(node, read(result, node.dtype())));
        executable.run();
        backend.observe(null);
        executable
                .plan()
                .steps()
                .forEach(step -> take(backend.launcher(), step, step.node().op(), values));
        executable.close();
    }

    private <O extends Op> void take(Launcher launcher, Step step, O op, Map<Node, double[]> values) {
        Node node = step.node();
        List<Operand> floats = new ArrayList<>(List.of(new Operand(DType.F32, new double[0]))); // slot 0: constants
        List<Operand> ints = new ArrayList<>(List.of(new Operand(DType.I32, new double[1]))); // slot 0: the fault
        Map<Place, Integer> offsets = new HashMap<>();
        int[] in = new int[node.inputs().size()];
        for (int i = 0; i < in.length; i++) {
            Place place = step.in().get(i);
            DType dtype = node.input(i).dtype();
            double[] present = place.buffer() instanceof Buffer.Fixed f
                    ? read(f.data().segment(), dtype)
                    : values.getOrDefault(
                            node.input(i),
                            new double[(int) node.input(i).shape().size()]);
            in[i] = offsets.computeIfAbsent(
                    place, p -> slot(dtype == DType.F32 ? floats : ints, new Operand(dtype, present)));
        }
        int out = offsets.computeIfAbsent(
                step.out(),
                p -> slot(
                        node.dtype() == DType.F32 ? floats : ints,
                        new Operand(node.dtype(), new double[(int) node.shape().size()])));
        int scratch = scratch(step.scratch(), floats);
        int scratchInts = scratch(step.scratchInts(), ints);
        Launches gpu = new Launches(launcher);
        Kernels.of(op).emit(op, new Args(node, in, out, scratch, scratchInts), gpu);
        for (Launch launch : gpu.list()) {
            replays.computeIfAbsent(launch.name(), name -> new ArrayList<>()).add(new Replay(launch, floats, ints));
        }
    }

    private static int scratch(Place place, List<Operand> arena) {
        if (place == null) {
            return -1;
        }
        Buffer buffer = place.buffer();
        return slot(arena, new Operand(buffer.dtype(), new double[(int) buffer.size()]));
    }

    private static int slot(List<Operand> arena, Operand operand) {
        arena.add(operand);
        return (arena.size() - 1) * SLOT;
    }

    private static void write(double[] values, MemorySegment to, DType dtype) {
        for (int i = 0; i < values.length; i++) {
            switch (dtype) {
                case F32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
                case I32 -> to.setAtIndex(ValueLayout.JAVA_INT, i, (int) values[i]);
                case U8 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) values[i]);
            }
        }
    }

    private static double[] read(MemorySegment from, DType dtype) {
        double[] values = new double[(int) (from.byteSize() / dtype.bytes())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype) {
                case F32 -> from.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                case I32 -> from.getAtIndex(ValueLayout.JAVA_INT, i);
                case U8 -> from.get(ValueLayout.JAVA_BYTE, i) & 255;
            };
        }
        return values;
    }

    private void sources(List<String> printed, List<String> compiled) {
        if (printed.size() != compiled.size()) {
            throw new IllegalStateException(compiled.size() + " kernels were compiled, " + printed.size() + " printed");
        }
        for (int i = 0; i < compiled.size(); i++) {
            sources.put(compiled.get(i), printed.get(i));
        }
    }

    private void simulation(String name, Replay replay, List<Float> constants) throws IOException {
        String source = sources.get(replay.launch().name());
        int floats = replay.floats().size();
        int ints = replay.ints().size();
        Files.writeString(folder.resolve(name + ".cl"), routed(source, floats, ints));
        StringBuilder sim = new StringBuilder();
        Grid g = replay.launch().grid();
        String function = source.substring("__kernel void ".length(), source.indexOf('('));
        sim.append(folder.resolve(name + ".cl")).append('\n').append(function).append('\n');
        sim.append(g.groupsX() * g.localX())
                .append(' ')
                .append(g.groupsY() * g.localY())
                .append(' ')
                .append(g.groupsZ())
                .append('\n');
        sim.append(g.localX()).append(' ').append(g.localY()).append(" 1\n\n");
        sim.append("<size=8 fill=0 long>\n<size=8 fill=0 uchar>\n<size=8>\n<size=8 fill=0 int>\n"); // TornadoVM's own:
        // kernel context,
        // constants, local
        // memory, atomics
        arenas(source).forEach(arena -> sim.append("<size=4 fill=0 uchar>\n")); // accesses go to operands' buffers
        int[] block = new int[HEADER_INTS + replay.launch().arguments().length];
        System.arraycopy(replay.launch().arguments(), 0, block, HEADER_INTS, block.length - HEADER_INTS);
        sim.append("<size=")
                .append(4 * block.length)
                .append(" int>\n")
                .append(Arrays.stream(block).mapToObj(Integer::toString).collect(Collectors.joining(" ")))
                .append('\n');
        for (int i = 0; i < floats; i++) {
            double[] values = i == 0
                    ? constants.stream().mapToDouble(Float::doubleValue).toArray()
                    : replay.floats().get(i).values();
            buffer(sim, "float", values);
        }
        for (Operand operand : replay.ints()) {
            buffer(sim, "int", operand.values());
        }
        Files.writeString(folder.resolve(name + ".sim"), sim);
    }

    private static void buffer(StringBuilder sim, String type, double[] values) {
        sim.append("<size=")
                .append(4 * Math.max(1, values.length))
                .append(' ')
                .append(type)
                .append(">\n");
        sim.append(
                        values.length == 0
                                ? "0"
                                : Arrays.stream(values)
                                        .mapToObj(v -> text(type, v))
                                        .collect(Collectors.joining(" ")))
                .append('\n');
    }

    private static String text(String type, double value) {
        return type.equals("int")
                ? Integer.toString((int) value)
                : Float.toString(Double.isFinite(value) ? (float) value : 1e30f);
    }

    /// The parameters of a kernel that are arenas, in order.
    private static List<String> arenas(String source) {
        return Pattern.compile("__global uchar \\*(\\w+)")
                .matcher(source.substring(0, source.indexOf(')')))
                .results()
                .map(found -> found.group(1))
                .filter(name -> !name.equals("arg"))
                .toList();
    }

    /// The source with a parameter for each operand, and every access to an arena led to the operand that its
    /// address is for.
    private static String routed(String source, int floats, int ints) {
        StringBuilder parameters = new StringBuilder();
        StringBuilder passed = new StringBuilder();
        StringBuilder route = new StringBuilder();
        for (int i = 0; i < floats + ints; i++) {
            String name = i < floats ? "f" + i : "i" + (i - floats);
            parameters.append(", __global uchar *").append(name);
            passed.append(", (ulong) ").append(name);
            route.append(", ulong ").append(name);
        }
        StringBuilder body = new StringBuilder("ulong routed(ulong p, ulong mem, ulong ints" + route
                + ")\n{\n  ulong f = p - mem - 16;\n  ulong i = p - ints - 16;\n");
        for (int i = 0; i < floats + ints; i++) {
            String buffer = i < floats ? "f" + i : "i" + (i - floats);
            String within = (i < floats ? "f - " : "i - ") + 4L * SLOT * (i < floats ? i : i - floats) + "UL";
            body.append("  if (" + within + " < " + 4L * SLOT + "UL) return " + buffer + " + (" + within + ");\n");
        }
        body.append("  return p;\n}\n\n");
        StringBuilder near = new StringBuilder("{"); // operands count their places from the beginning of one arena
        arenas(source).stream()
                .filter(arena -> !arena.equals("ints"))
                .forEach(arena -> near.append(" ").append(arena).append(" = mem;"));
        String called = source.replaceFirst("\\{", near.toString())
                .replaceAll(
                        "\\*\\(\\(__global (\\w+) \\*\\) (\\w+)\\)",
                        "*((__global $1 *) routed($2, (ulong) mem, (ulong) ints" + passed + "))");
        return body + called.replaceFirst("\\*arg\\)", "*arg" + parameters + ")");
    }
}
