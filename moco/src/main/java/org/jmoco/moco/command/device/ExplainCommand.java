package org.jmoco.moco.command.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.JvmKernels;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.KernelCall;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.jmoco.tensor.random.Philox;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco explain`: how a device computes an op.
@Command(
        name = "explain",
        description = "Runs ops and shows their kernels: Java source, on a TornadoVM device the OpenCL or PTX "
                + "made of it and the grid, then bytes, floating-point operations and measured time.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco explain conv2d --shape 4x28x28x128,3x3x128x128",
            "Example: jmoco explain softmaxCrossEntropy --gradient --device jvm"
        })
public final class ExplainCommand implements Runnable {
    @Parameters(
            paramLabel = "OP",
            arity = "0..*",
            description = "The op, or several; without it they are listed with the shapes that are taken if "
                    + "--shape says no others.")
    private List<String> ops = List.of();

    @Option(
            names = "--shape",
            paramLabel = "SHAPES",
            description = "Shapes of the operands of one op, such as 8x28x28x128,3x3x128x128.")
    private String shapes;

    @Option(names = "--gradient", description = "Its gradient too.")
    private boolean gradient;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Runs to take the median time of. Default: ${DEFAULT-VALUE}.")
    private int runs = 9;

    @Mixin
    private DeviceOptions device;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (ops.isEmpty()) {
            JvmKernels.examples().forEach((name, example) -> out.println(name + " " + example.text()));
            out.flush();
            return;
        }
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1, got " + runs);
        }
        if (shapes != null && ops.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--shape is for one op, got " + ops);
        }
        List<Explained> explained =
                ops.stream().map(op -> new Explained(op, example(op))).toList();
        Path printed = printKernels();
        try {
            Devices.Choice choice = device.open();
            out.println("device: " + choice.device() + " (" + choice.reason() + ")");
            explained.forEach(e -> explain(out, e, choice.device().backend(), printed));
            choice.device().close();
        } finally {
            out.flush();
            delete(printed);
        }
    }

    private record Explained(String op, OpExample example) {}

    private OpExample example(String op) {
        OpExample example = JvmKernels.examples().get(op);
        if (example == null) {
            throw new RunException("there is no op " + op + " to explain; there are "
                    + String.join(", ", JvmKernels.examples().keySet()));
        }
        try {
            return shapes == null ? example : example.on(shapes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--shape: " + e.getMessage(), e);
        }
    }

    /// Has TornadoVM print what it generates; it looks once, before the first device is opened.
    private static Path printKernels() {
        try {
            Path file = Files.createTempFile("jmoco-kernels", ".txt");
            System.setProperty("tornado.printKernel", "True");
            System.setProperty("tornado.print.kernel.dir", file.toString());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void explain(PrintWriter out, Explained explained, Backend backend, Path printed) {
        Program program = program(explained);
        try (Executable executable = backend.compile(program.graph())) {
            List<OpExample.Operand> operands = explained.example().operands();
            program.graph()
                    .inputs()
                    .forEach((label, node) -> feed(
                            executable.input(label),
                            node,
                            label.startsWith("in")
                                    ? operands.get(Integer.parseInt(label.substring(2)))
                                            .below()
                                    : 0));
            executable.run();
            Map<Node, List<Long>> nanos = new LinkedHashMap<>();
            backend.observe((node, result, time) ->
                    nanos.computeIfAbsent(node, n -> new ArrayList<>()).add(time));
            for (int i = 0; i < runs; i++) {
                executable.run();
            }
            backend.observe(null);
            List<KernelCall> calls =
                    backend instanceof TornadoBackend tornado ? tornado.explain(executable, printed) : List.of();
            nanos.forEach((node, times) -> {
                if (gradient || node.op().name().equals(explained.op())) {
                    explain(out, node, times, calls);
                }
            });
        }
    }

    private static void explain(PrintWriter out, Node node, List<Long> times, List<KernelCall> calls) {
        long median = times.stream().sorted().toList().get(times.size() / 2);
        out.println();
        out.println("== " + description(node));
        Shape[] in = node.inputs().stream().map(Node::shape).toArray(Shape[]::new);
        double bytes =
                node.bytes() + node.inputs().stream().mapToDouble(Node::bytes).sum();
        double flops = node.op().flops(node.shape(), in);
        out.printf(
                Locale.ROOT,
                "%,.0f bytes of operands and result, %,.0f floating-point operations; median of %d runs "
                        + "%.3f ms: %.2f GB/s, %.2f GFLOP/s%n",
                bytes,
                flops,
                times.size(),
                median / 1e6,
                bytes / median,
                flops / median);
        if (calls.isEmpty()) {
            source(out, node.op().getClass().getName() + "Jvm", null);
        }
        calls.stream().filter(call -> call.node() == node).forEach(call -> kernel(out, call));
    }

    private Program program(Explained explained) {
        List<OpExample.Operand> operands = explained.example().operands();
        try {
            return Program.trace(explained.op(), p -> {
                Tensor[] in = IntStream.range(0, operands.size())
                        .mapToObj(i -> p.input(
                                "in" + i,
                                operands.get(i).shape(),
                                operands.get(i).dtype()))
                        .toArray(Tensor[]::new);
                Tensor value = explained.example().on(in);
                p.output("value", value);
                if (gradient) {
                    gradients(p, explained.op(), value, in);
                }
            });
        } catch (ShapeException e) {
            throw new RunException("--shape: " + e.getMessage(), e);
        }
    }

    private static void gradients(Trace p, String op, Tensor value, Tensor... in) {
        Tensor[] floats = Arrays.stream(in).filter(t -> t.dtype() == DType.F32).toArray(Tensor[]::new);
        if (value.dtype() != DType.F32 || value.node().op() instanceof Op.NoGradient || floats.length == 0) {
            throw new RunException(op + " has no gradient");
        }
        List<Tensor> gradients =
                Gradients.of(value.multiply(p.input("weights", value.shape())).sum(), floats);
        for (int i = 0; i < gradients.size(); i++) {
            p.output("gradient" + i, gradients.get(i));
        }
    }

    private static void feed(MemorySegment to, Node node, int below) {
        Philox draws = new Philox(1, 0, 0, 0);
        for (long i = 0; i < node.shape().size(); i++) {
            switch (node.dtype()) {
                case F32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) draws.uniform(0.5, 2));
                case I32 -> to.setAtIndex(ValueLayout.JAVA_INT, i, draws.below(below));
                case U8 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) draws.below(below));
            }
        }
    }

    private static String description(Node node) {
        return node.op().name() + " "
                + String.join(
                        ", ",
                        node.inputs().stream().map(in -> in.shape().toString()).toList()) + " → " + node.shape();
    }

    private static void kernel(PrintWriter out, KernelCall call) {
        Grid g = call.grid();
        out.println();
        out.println("-- kernel " + call.kernel() + ": " + g.groupsX() + " × " + g.groupsY() + " × " + g.groupsZ()
                + " work-groups of " + g.localX() + " × " + g.localY() + " threads");
        out.println("arguments " + call.arguments());
        source(out, call.type(), call.method());
        out.println();
        out.println(call.generated());
    }

    private static void source(PrintWriter out, String type, String method) {
        out.println();
        out.println(type + (method == null ? "" : "." + method));
        out.println(
                (method == null ? JavaSource.of(type) : JavaSource.method(type, method)).orElse("(source not found)"));
    }
}
