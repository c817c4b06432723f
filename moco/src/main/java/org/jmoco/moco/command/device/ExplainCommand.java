package org.jmoco.moco.command.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.run.RunException;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.backend.Executable;
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
        description = "Runs one op and shows its kernels: their Java source, on a TornadoVM device the OpenCL or PTX made of it and the grid, then bytes, floating-point operations and measured time.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco explain conv2d --shape 4x28x28x128,3x3x128x128", "Example: jmoco explain softmaxCrossEntropy --gradient --device jvm"})
public final class ExplainCommand implements Runnable {
    @Parameters(paramLabel = "OP", arity = "0..1", description = "The op; without it they are listed.")
    private String op;

    @Option(names = "--shape", paramLabel = "SHAPES", description = "Shapes of its operands, such as 8x28x28x128,3x3x128x128.")
    private String shapes;

    @Option(names = "--gradient", description = "Its gradient too.")
    private boolean gradient;

    @Option(names = "--runs", paramLabel = "N", description = "Runs to take the median time of. Default: ${DEFAULT-VALUE}.")
    private int runs = 9;

    @Mixin
    private DeviceOptions device;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (op == null) {
            OpExample.all().forEach((name, example) -> out.println(name + " " + example.operands()));
            out.flush();
            return;
        }
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1, got " + runs);
        }
        OpExample example = example();
        Path printed = printKernels();
        try {
            Devices.Choice choice = device.open();
            out.println("device: " + choice.device() + " (" + choice.reason() + ")");
            explain(out, example, choice.device().backend(), printed);
            choice.device().close();
        } finally {
            out.flush();
            delete(printed);
        }
    }

    private OpExample example() {
        OpExample example = OpExample.all().get(op);
        if (example == null) {
            throw new RunException("there is no op " + op + " to explain; there are " + String.join(", ", OpExample.all().keySet()));
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

    private void explain(PrintWriter out, OpExample example, Backend backend, Path printed) {
        Program program = program(example);
        Executable executable = backend.compile(program.graph());
        program.graph().inputs().forEach((label, node) -> feed(executable.input(label), node, example.below()));
        executable.run();
        Map<Node, List<Long>> nanos = new LinkedHashMap<>();
        backend.observe((node, result, time) -> nanos.computeIfAbsent(node, n -> new ArrayList<>()).add(time));
        for (int i = 0; i < runs; i++) {
            executable.run();
        }
        backend.observe(null);
        List<KernelCall> calls = backend instanceof TornadoBackend tornado ? tornado.explain(executable, printed) : List.of();
        nanos.forEach((node, times) -> {
            long median = times.stream().sorted().toList().get(times.size() / 2);
            out.println();
            out.println("== " + description(node));
            Shape[] in = node.inputs().stream().map(Node::shape).toArray(Shape[]::new);
            double bytes = node.bytes() + node.inputs().stream().mapToDouble(Node::bytes).sum();
            double flops = node.op().flops(node.shape(), in);
            out.printf(Locale.ROOT, "%,.0f bytes of operands and result, %,.0f floating-point operations; median of %d runs %.3f ms: %.2f GB/s, %.2f GFLOP/s%n", bytes, flops, times.size(), median / 1e6,
                    bytes / median, flops / median);
            if (calls.isEmpty()) {
                source(out, node.op().getClass().getName() + "Jvm", null);
            }
            calls.stream().filter(call -> call.node() == node).forEach(call -> kernel(out, call));
        });
    }

    private Program program(OpExample example) {
        try {
            return Program.trace(op, p -> {
                Tensor[] in = IntStream.range(0, example.operands().size()).mapToObj(i -> p.input("in" + i, example.operands().get(i), example.type(i))).toArray(Tensor[]::new);
                Tensor value = example.function().apply(in);
                p.output("value", value);
                if (gradient) {
                    if (value.dtype() != DType.F32) {
                        throw new RunException(op + " has no gradient: its result is " + value.dtype());
                    }
                    Tensor[] floats = IntStream.range(0, in.length).filter(i -> example.type(i) == DType.F32).mapToObj(i -> in[i]).toArray(Tensor[]::new);
                    List<Tensor> gradients = Gradients.of(value.multiply(p.input("weights", value.shape())).sum(), floats);
                    for (int i = 0; i < gradients.size(); i++) {
                        p.output("gradient" + i, gradients.get(i));
                    }
                }
            });
        } catch (ShapeException e) {
            throw new RunException("--shape: " + e.getMessage(), e);
        }
    }

    private static void feed(MemorySegment to, Node node, int below) {
        Philox draws = new Philox(1, 0, 0, 0);
        for (long i = 0; i < node.shape().size(); i++) {
            if (node.dtype() == DType.F32) {
                to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) draws.nextNormal());
            } else {
                to.setAtIndex(ValueLayout.JAVA_INT, i, draws.below(below));
            }
        }
    }

    private static String description(Node node) {
        return node.op().name() + " " + String.join(", ", node.inputs().stream().map(in -> in.shape().toString()).toList()) + " → " + node.shape();
    }

    private static void kernel(PrintWriter out, KernelCall call) {
        Grid g = call.grid();
        out.println();
        out.println("-- kernel " + call.kernel() + ": " + g.groupsX() + " × " + g.groupsY() + " × " + g.groupsZ() + " work-groups of " + g.localX() + " × " + g.localY() + " threads");
        out.println("arguments " + call.arguments());
        source(out, call.type(), call.method());
        out.println();
        out.println(call.generated());
    }

    private static void source(PrintWriter out, String type, String method) {
        out.println();
        out.println(type + (method == null ? "" : "." + method));
        out.println((method == null ? JavaSource.of(type) : JavaSource.method(type, method)).orElse("(source not found)"));
    }
}
