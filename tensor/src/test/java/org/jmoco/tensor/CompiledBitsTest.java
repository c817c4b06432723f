package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every op gives the same bits in the interpreter and in compiled code: a second JVM with `-Xint` runs the cases
/// of all [OpTest]s once, this one until they are warm.
class CompiledBitsTest {
    /// Runs of a case before its bits are compared: kernels' loops are in C2's hands by then.
    private static final int WARM = 300;
    /// Floating-point operations of a case, at most: the interpreter takes some microseconds for each vector.
    private static final double LARGEST = 100_000;

    @Test
    void interpretedAndCompiledBitsAreTheSame(@TempDir Path folder) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint"));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(List.of(
                "-Djmoco.plain=" + Boolean.getBoolean("jmoco.plain"),
                "-cp",
                System.getProperty("java.class.path"),
                CompiledBitsTest.class.getName()));
        Process interpreter =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        Map<String, String> compiled = digests(WARM);
        Map<String, String> interpreted = new TreeMap<>();
        new String(interpreter.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t", 2))
                .forEach(line -> interpreted.put(line[0], line[1]));
        assertEquals(0, interpreter.waitFor(), () -> text(errors));
        assertTrue(compiled.size() > 200, "cases were found: " + compiled.size());
        assertEquals(compiled.keySet(), interpreted.keySet());
        List<String> different = compiled.keySet().stream()
                .filter(c -> !compiled.get(c).equals(interpreted.get(c)))
                .toList();
        assertEquals(List.of(), different, "cases whose bits change when they are compiled");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Prints a line for each case: its name and the digests of its outputs.
    public static void main(String[] arguments) throws IOException {
        digests(1).forEach((name, digest) -> System.out.println(name + "\t" + digest));
    }

    private static Map<String, String> digests(int runs) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Device device = Device.jvm(1)) {
            for (OpTest test : tests()) {
                for (OpCase c : test.cases()) {
                    OpTest.Traced traced = OpTest.Traced.of(c);
                    if (traced.graph().nodes().stream()
                                    .mapToDouble(CompiledBitsTest::cost)
                                    .sum()
                            <= LARGEST) {
                        digests.put(test.getClass().getSimpleName() + ": " + c.name(), digest(traced, device, runs));
                    }
                }
            }
        }
        return digests;
    }

    private static double cost(Node n) {
        return Math.max(
                n.shape().size(),
                n.op().flops(n.shape(), n.inputs().stream().map(Node::shape).toArray(Shape[]::new)));
    }

    private static String digest(OpTest.Traced traced, Device device, int runs) {
        Compiled compiled = traced.on(device);
        for (int i = 1; i < runs; i++) {
            compiled.run();
        }
        StringBuilder digest = new StringBuilder();
        for (String output : traced.graph().outputs().keySet()) {
            digest.append(Integer.toHexString(
                            Arrays.hashCode(compiled.output(output).toArray(ValueLayout.JAVA_BYTE))))
                    .append(' ');
        }
        return digest.toString();
    }

    /// One of each subclass of [OpTest] among the compiled tests.
    private static List<OpTest> tests() throws IOException {
        List<OpTest> tests = new ArrayList<>();
        try {
            Path classes = Path.of(OpTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            List<Path> files;
            try (Stream<Path> walk = Files.walk(classes)) {
                files = walk.filter(f -> f.toString().endsWith("Test.class"))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                String name = classes.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".");
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()), false, OpTest.class.getClassLoader());
                if (OpTest.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    var constructor = type.getDeclaredConstructor();
                    constructor.setAccessible(true);
                    tests.add((OpTest) constructor.newInstance());
                }
            }
        } catch (URISyntaxException | ReflectiveOperationException e) {
            throw new IllegalStateException("the conformance tests cannot be listed: " + e, e);
        }
        return tests;
    }
}
