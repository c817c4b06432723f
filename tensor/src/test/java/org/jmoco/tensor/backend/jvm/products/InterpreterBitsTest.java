package org.jmoco.tensor.backend.jvm.products;

import static org.jmoco.tensor.backend.jvm.Floats.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.tensor.backend.jvm.Floats;
import org.jmoco.tensor.backend.jvm.lanes.Columns;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.junit.jupiter.api.Test;

/// The interpreter and the compiled code give the same bits: a second JVM with `-Xint` computes what this one
/// computes warmed up.
class InterpreterBitsTest {
    private static final int WARM = 3000;

    @Test
    void interpretedAndCompiledBitsAreTheSame() throws IOException, InterruptedException {
        Process interpreter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xint",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InterpreterBitsTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> interpreted = new String(interpreter.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, interpreter.waitFor());
        for (int i = 0; i < WARM; i++) {
            results();
        }
        assertEquals(results(), interpreted);
    }

    /// Prints one line of results a kernel.
    public static void main(String[] arguments) {
        results().forEach(System.out::println);
    }

    private static List<String> results() {
        return Stream.concat(lanes(Lanes.best()), products()).toList();
    }

    private static Stream<String> lanes(Lanes lanes) {
        int n = 173;
        MemorySegment x = Floats.of(Floats.normal(1, n));
        MemorySegment y = Floats.of(Floats.normal(2, n));
        MemorySegment exp = Floats.zeros(n);
        MemorySegment log = Floats.zeros(n);
        MemorySegment p = Floats.of(Floats.normal(3, n));
        lanes.exp(0.5f, x, AT, exp, AT, n);
        lanes.log(exp, AT, log, AT, n);
        lanes.sgd(0.1f, 0.9f, 1e-4f, true, 3, x, AT, y, AT, p, AT, n);
        MemorySegment losses = Floats.zeros(n);
        MemorySegment sigmoids = Floats.zeros(n);
        lanes.sigmoidCrossEntropy(x, AT, y, AT, losses, AT, n);
        lanes.sigmoidMinus(x, AT, y, AT, sigmoids, AT, n);
        MemorySegment combined = Floats.of(Floats.normal(4, 29));
        lanes.addRows(new float[] {0.3f, -0.7f, 1.1f}, new int[] {0, 2, 4}, 0, 3, x, AT, 30, combined, AT, 29);
        MemorySegment sums = Floats.zeros(43);
        MemorySegment products = Floats.zeros(43);
        Columns.best().gradientSums(x, AT, y, AT, p, AT, sums, AT, products, AT, 4, 43);
        return Stream.of(
                "dot " + lanes.dot(x, AT, y, AT, n) + " sum " + lanes.sum(x, AT, n) + " max " + lanes.max(x, AT, n),
                "exp " + hash(exp, n) + " log " + hash(log, n) + " sgd " + hash(p, n) + " " + hash(y, n),
                "binary cross-entropy " + hash(losses, n) + " " + hash(sigmoids, n) + " rows " + hash(combined, 29),
                "columns " + hash(sums, 43) + " " + hash(products, 43));
    }

    private static Stream<String> products() {
        MemorySegment a = Floats.of(Floats.normal(4, 15 * 40));
        MemorySegment b = Floats.of(Floats.normal(5, 40 * 33));
        return GemmTest.kernels().map(kernel -> {
            MemorySegment c = Floats.zeros(15 * 33);
            new Gemm(kernel)
                    .multiply(
                            new Workers(1),
                            15,
                            33,
                            40,
                            Matrix.of(a, AT, 40),
                            Matrix.of(b, AT, 33),
                            Gemm.Output.to(c, AT, 33));
            return kernel.getClass().getSimpleName() + " " + hash(c, 15 * 33);
        });
    }

    private static int hash(MemorySegment s, int n) {
        return Arrays.hashCode(Floats.values(s, n));
    }
}
