package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Test;

/// `jmoco explain` for every op that has kernels.
class ExplainTest {
    /// Rows of `docs/ops.md` with two kernels: the op, the class of the kernel on the JVM, that for devices.
    private static final Pattern ROW =
            Pattern.compile("^\\| \\[(\\w+)].* \\| \\[(\\w+Jvm)].* \\| \\[(\\w+Tornado)]", Pattern.MULTILINE);

    private static List<String> ops() throws IOException {
        return ROW.matcher(Files.readString(Path.of("../docs/ops.md")))
                .results()
                .map(r -> r.group(1))
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .toList();
    }

    private static final Set<String> PRODUCTS =
            Set.of("matMul", "conv2d", "conv2dInputGradient", "conv2dWeightGradient");
    private static final Pattern SIGNATURE = Pattern.compile("\\(\\s*KernelContext c,\\s+FloatArray mem,");

    /// What the drivers' code begins with: OpenCL, CUDA, PTX.
    private static final List<String> GENERATED = List.of("__kernel void ", "__global__ void ", ".visible .entry ");

    private static List<String> arguments(String device) throws IOException {
        return Stream.concat(Stream.of("explain", "--runs", "1", "--device", device), ops().stream())
                .toList();
    }

    /// The part of the output that is about an op.
    private static String section(String out, String op) {
        Matcher m = Pattern.compile("^== " + op + " .*?(?=^== |\\z)", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(out);
        assertTrue(m.find(), () -> "nothing about " + op + " in\n" + out);
        return m.group();
    }

    private static void assertCosts(String section) {
        assertTrue(
                section.matches("(?s)== .* → \\[.*?]\n[\\d,]+ bytes of operands and result, [\\d,]+ floating-point "
                        + "operations; median of 1 runs \\d+\\.\\d{3} ms: .*"),
                section);
    }

    @Test
    void everyOpIsListedWithShapes() throws IOException {
        Miniatures.Result r = Miniatures.run("explain");
        assertEquals(0, r.code());
        assertTrue(r.out().contains("conv2d 4x56x56x64,3x3x64x64"), r.out().toString());
        assertEquals(
                ops().stream().sorted().toList(),
                r.out().stream().map(line -> line.split(" ", 2)[0]).sorted().toList());
    }

    @Test
    void everyOpShowsItsSourceAndItsCostOnTheJvm() throws IOException {
        Miniatures.Result r = Miniatures.run(arguments("jvm").toArray());
        assertEquals(0, r.code(), () -> String.join("\n", r.err()));
        String out = String.join("\n", r.out());
        for (String op : ops()) {
            String section = section(out, op);
            assertCosts(section);
            assertTrue(
                    section.contains("\nfinal class " + Character.toUpperCase(op.charAt(0)) + op.substring(1) + "Jvm "),
                    section);
        }
    }

    @Test
    void costsAreThoseOfTheShapesThatWereGiven() {
        String out = String.join(
                "\n",
                Miniatures.run("explain", "matMul", "--shape", "3x5,5x7", "--device", "jvm")
                        .out());
        assertTrue(
                section(out, "matMul")
                        .startsWith("== matMul [3, 5], [5, 7] → [3, 7]\n284 bytes of operands and result, 210 "
                                + "floating-point operations; median of 9 runs "),
                out);
    }

    @Test
    void theGradientBringsItsOwnOps() {
        String out = String.join(
                "\n",
                Miniatures.run(
                                "explain",
                                "conv2d",
                                "--gradient",
                                "--shape",
                                "1x4x4x3,3x3x3x2",
                                "--runs",
                                "1",
                                "--device",
                                "jvm")
                        .out());
        List.of("conv2d", "conv2dInputGradient", "conv2dWeightGradient").forEach(op -> assertCosts(section(out, op)));
        assertEquals(
                List.of("jmoco: topK has no gradient"),
                Miniatures.run("explain", "topK", "--gradient", "--device", "jvm")
                        .err());
    }

    @Test
    void whatIsNoOpOrDoesNotFitIsOneLine() {
        Miniatures.Result unknown = Miniatures.run("explain", "convolution", "--device", "jvm");
        assertEquals(1, unknown.code());
        assertTrue(
                unknown.err()
                        .getFirst()
                        .startsWith(
                                "jmoco: there is no op convolution to explain; there are acrossRanks, adaptiveAvgPool2d, "),
                unknown.err().toString());
        assertEquals(
                2,
                Miniatures.run("explain", "relu", "--shape", "3,4", "--device", "jvm")
                        .code());
        assertEquals(
                1,
                Miniatures.run("explain", "matMul", "--shape", "3x5,4x7", "--device", "jvm")
                        .code());
    }

    /// In a process of its own: TornadoVM is told to print its kernels before it does anything.
    @Test
    void everyOpShowsItsKernelsOnADevice() throws IOException, InterruptedException {
        TestDevices.requireSdk();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments("tornado"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        for (String op : ops()) {
            String section = section(out, op);
            assertCosts(section);
            assertTrue(
                    section.contains("\n-- kernel ")
                            && section.contains(" work-groups of ")
                            && section.contains("\narguments ["),
                    section);
            assertTrue(SIGNATURE.matcher(section).find(), section);
            assertEquals(
                    PRODUCTS.contains(op), section.contains("static void products("), section); // what kernels call
            assertTrue(GENERATED.stream().anyMatch(section::contains), section);
        }
    }
}
