package org.jmoco.tensor.backend.tornado;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.plan.Step;

/// What the kernels of the conformance suite, and those of larger operands, take of an NVIDIA H100 or H200: registers,
/// stack and local memory of the machine code that NVRTC makes of TornadoVM's CUDA C. `tornado-config/emulator/sm90`
/// runs it; there need not be a GPU.
///
/// A program of its own, as [KernelReplay] is.
final class KernelResources {
    private static final String ARCHITECTURE = "sm_90";

    /// Threads of the blocks that are counted, and how many of these a multiprocessor must hold at least.
    private static final int THREADS = Grid.GROUP;
    private static final int LEAST = 2;

    /// Operands that are large enough for wide tiles, which those of the suite are not.
    private static final List<OpCase> LARGE = List.of(
            OpCase.of("wide tiles", in -> in[0].matmul(in[1]), Shape.of(1_420, 8), Shape.of(8, 2_170)),
            OpCase.of(
                    "wide tiles of outputs and weights",
                    in -> in[0].conv2d(in[1], 2, 1),
                    Shape.of(2, 330, 310, 2),
                    Shape.of(3, 3, 2, 256)),
            OpCase.of(
                    "wide tiles of inputs",
                    in -> in[0].conv2d(in[1], 2, 1),
                    Shape.of(1, 165, 155, 128),
                    Shape.of(3, 3, 128, 3)));

    private KernelResources() {}

    /// Writes the sources, or reads them and writes the page. These are two processes: TornadoVM runs on the emulator,
    /// whose stand-in for NVRTC has the name of the real one.
    ///
    /// @param args the folder of the sources; then, to write the page, `libnvrtc.so.13` and the page
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        if (args.length == 1) {
            for (Map.Entry<String, String> entry : sources(Path.of(System.getProperty("tornado.print.kernel.dir")))
                    .entrySet()) {
                Files.writeString(folder.resolve(entry.getKey() + ".cu"), entry.getValue());
            }
            return;
        }
        Nvrtc nvrtc = new Nvrtc(Path.of(args[1]));
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".cu")).toList()) {
                sources.put(file.getFileName().toString().replaceAll("\\.cu$", ""), Files.readString(file));
            }
        }
        List<String> broken = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (Map.Entry<String, String> entry : sources.entrySet()) {
            Cubin code = Cubin.of(nvrtc.compile(entry.getValue(), ARCHITECTURE));
            Files.writeString(folder.resolve(entry.getKey() + ".txt"), code.sequence() + "\n");
            rows.append("| %s | %d | %d | %d | %d | %d | %d |%n"
                    .formatted(
                            entry.getKey(),
                            code.registers(),
                            code.stack(),
                            code.spills(),
                            code.shared(),
                            code.blocks(THREADS),
                            code.opcodes().size()));
            if (code.stack() > 0 || code.spills() > 0 || code.blocks(THREADS) < LEAST) {
                broken.add(entry.getKey());
            }
        }
        Files.writeString(Path.of(args[2]), page(nvrtc.version(), sources.size(), rows.toString()));
        System.out.println(sources.size() + " kernels; below the bar: " + broken);
        System.exit(broken.isEmpty() ? 0 : 1);
    }

    private static String page(String version, int kernels, String rows) {
        return """
            # The kernels as machine code of an H100 or H200

            What NVRTC %s makes for %s of the CUDA C of the conformance suite's %d kernels; no GPU was used. The bar for each:
            no stack frame, no spilled register, and at least %d blocks of %d threads on a multiprocessor (65,536 registers, 228 KiB
            of local memory). `tornado-config/emulator/sm90` writes this page, and ends with 1 if a kernel is below the bar.

            | kernel | registers a thread | bytes of stack | spills | bytes of local memory | blocks of %d | instructions |
            |---|--:|--:|--:|--:|--:|--:|
            %s\
            """.formatted(version, ARCHITECTURE, kernels, LEAST, THREADS, THREADS, rows);
    }

    /// The CUDA C of each kernel that the suite launches.
    private static Map<String, String> sources(Path printed) throws ReflectiveOperationException {
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device _ = new Device(backend)) {
            for (JavaClass c : new ClassFileImporter().importPackages("org.jmoco.tensor.ops")) {
                if (c.isAssignableTo(OpTest.class) && !c.getModifiers().contains(JavaModifier.ABSTRACT)) {
                    for (OpCase opCase : KernelReplay.suite(c.reflect()).listed()) {
                        prepare(backend, opCase);
                    }
                }
            }
            LARGE.forEach(opCase -> prepare(backend, opCase));
            List<String> names = backend.launcher().compiled();
            List<String> kernels = KernelSources.read(printed);
            if (names.size() != kernels.size()) {
                throw new IllegalStateException(
                        names.size() + " kernels were compiled, " + kernels.size() + " printed");
            }
            Map<String, String> sources = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) {
                sources.put(names.get(i), kernels.get(i));
            }
            return sources;
        }
    }

    /// Runs the kernels of a case that have not been compiled yet.
    private static void prepare(TornadoBackend backend, OpCase opCase) {
        Executable executable = backend.compile(OpTest.Traced.of(opCase).graph());
        List<String> known = backend.launcher().compiled();
        boolean fresh = executable.plan().steps().stream()
                .anyMatch(step ->
                        !known.containsAll(launches(backend, step, step.node().op())));
        if (fresh) {
            executable.run();
        }
        executable.close();
    }

    private static <O extends Op> List<String> launches(TornadoBackend backend, Step step, O op) {
        Launches gpu = new Launches(backend.launcher());
        int[] in = new int[step.node().inputs().size()];
        Kernels.of(op).emit(op, new Args(step.node(), in, 0, 0, 0), gpu);
        return gpu.list().stream().map(Launch::name).toList();
    }
}
