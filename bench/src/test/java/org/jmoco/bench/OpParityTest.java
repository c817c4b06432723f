package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.bench.Distances.Errors;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/// Every case of the conformance suite against LibTorch: its value against LibTorch's operators, its gradients
/// against LibTorch's autograd.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpParityTest {
    private static final Pattern ROW = Pattern.compile("^\\| \\[(\\w+)]");

    /// Ops that LibTorch has no counterpart of, and who vouches for them.
    private static final Map<String, String> NO_COUNTERPART = Map.of(
            "AcrossRanks",
                    "sums over processes, of which LibTorch needs several. Held against a float64 reference in "
                            + "AcrossRanksTest",
            "AdvanceRandom",
                    "the counter of Philox; LibTorch's generator has no such state. Held against the "
                            + "float64 reference, exactly",
            "RandomNormal",
                    "LibTorch draws from another generator. Held against the float64 reference, and its "
                            + "moments against the normal distribution's",
            "RandomUniform",
                    "LibTorch draws from another generator. Held against the float64 reference, exactly; "
                            + "its mask serves both sides of Dropout",
            "RoiAlign",
                    "torchvision's, not LibTorch's. Held against the float64 reference, and against torchvision "
                            + "in RoiAlignTest",
            "RoiAlignGradient", "as RoiAlign");

    /// Cases of few elements are drawn anew until this many are compared, at most so many times.
    private static final long ENOUGH = 1_000;

    private static final int MOST_DRAWS = 40;

    private static final Map<String, Map<String, Distances>> MEASURED = new TreeMap<>();
    private static final Set<String> FORWARD = new TreeSet<>();
    private static final Set<String> BACKWARD = new TreeSet<>();

    @BeforeAll
    static void threads() {
        Torch.threads(1);
    }

    @Order(1)
    @TestFactory
    Stream<DynamicTest> values() {
        return suites().stream()
                .flatMap(suite -> suite.listed().stream()
                        .map(c -> dynamicTest(family(suite) + ": " + c.name(), () -> compare(family(suite), c))));
    }

    private static void compare(String family, OpCase c) {
        List<Node> forward = TorchGraph.forward(OpTest.Traced.of(c));
        if (forward.stream().anyMatch(n -> NO_COUNTERPART.containsKey(name(n)))) {
            return;
        }
        forward.forEach(n -> FORWARD.add(name(n)));
        Map<String, Errors> errors = new LinkedHashMap<>();
        long elements = 0;
        for (int draw = 0; draw == 0 || draw < MOST_DRAWS && elements < ENOUGH; draw++) {
            elements += Math.max(1, draw(c, draw, errors));
        }
        List<String> tooFar = new ArrayList<>();
        errors.forEach((label, e) -> {
            Distances d = e.distances();
            Tolerance tolerance = Tolerance.of(c);
            String kind = label.equals("value") ? "value" : "gradients";
            MEASURED.computeIfAbsent(family + tolerance.note() + "|" + kind, k -> new LinkedHashMap<>())
                    .put(c.name() + ", " + label, d);
            if (!tolerance.allows(d)) {
                tooFar.add(label + ": " + d);
            }
        });
        assertEquals(List.of(), tooFar);
    }

    /// Compares one draw and adds its errors.
    ///
    /// @return elements of the smallest output
    private static long draw(OpCase c, int draw, Map<String, Errors> errors) {
        OpTest.Traced traced = OpTest.Traced.of(
                new OpCase(draw == 0 ? c.name() : c.name() + " #" + draw, c.function(), c.inputs(), c.bound()));
        Compiled compiled = traced.on(Device.current());
        compiled.plan().steps().forEach(s -> BACKWARD.add(name(s.node())));
        Map<String, double[]> exact = TorchGraph.run(traced, ScalarType.Double);
        Map<String, double[]> peer = TorchGraph.run(traced, ScalarType.Float);
        assertEquals(exact.keySet(), traced.graph().outputs().keySet());
        exact.forEach((label, want) -> {
            double[] got = Reference.doubles(compiled.output(label), dtype(traced, label), want.length);
            if (dtype(traced, label) == DType.F32) {
                errors.merge(label, Errors.of(want, got, peer.get(label)), Errors::plus);
            } else {
                assertArrayEquals(want, got, c.name() + ", " + label);
            }
        });
        return exact.values().stream().mapToInt(a -> a.length).min().orElseThrow();
    }

    private static String name(Node n) {
        return n.op().getClass().getSimpleName();
    }

    /// What a case may be off.
    private enum Tolerance {
        /// What only moves or rounds a number has to be as exact as LibTorch.
        EXACT(""),
        /// Three times LibTorch's distance.
        PEER(""),
        /// Winograd's algorithm has an error of its own, which LibTorch's direct convolutions do not have: the
        /// bound of the conformance suite.
        WINOGRAD(", Winograd");

        private final String note;

        Tolerance(String note) {
            this.note = note;
        }

        static Tolerance of(OpCase c) {
            return c.name().startsWith("Winograd") ? WINOGRAD : c.bound().relativeL2() == 0 ? EXACT : PEER;
        }

        String note() {
            return note;
        }

        boolean allows(Distances d) {
            return switch (this) {
                case EXACT -> d.ours() <= d.peer();
                case PEER -> d.ratio(Distances.ROUNDING) <= Distances.ALLOWED;
                case WINOGRAD -> d.ours() <= OpCase.Bound.WINOGRAD.relativeL2();
            };
        }
    }

    private static DType dtype(OpTest.Traced traced, String output) {
        return traced.graph().outputs().get(output).dtype();
    }

    @Order(2)
    @Test
    void noOpIsForgotten() throws IOException {
        List<String> ops = Files.readAllLines(Path.of("../docs/ops.md")).stream()
                .map(ROW::matcher)
                .filter(m -> m.find())
                .map(m -> m.group(1))
                .toList();
        assertTrue(ops.size() > 40, ops.toString());
        List<String> forgotten = ops.stream()
                .filter(op -> !FORWARD.contains(op) && !BACKWARD.contains(op) && !NO_COUNTERPART.containsKey(op))
                .toList();
        assertEquals(List.of(), forgotten, "ops with neither a case against LibTorch nor a reason");
        assertEquals(
                List.of(),
                NO_COUNTERPART.keySet().stream().filter(op -> !ops.contains(op)).toList(),
                "reasons for ops that do not exist");
    }

    @AfterAll
    static void write() {
        StringBuilder all = new StringBuilder("case, output\tours\tLibTorch\tratio\n");
        StringBuilder table = new StringBuilder("""
            ## Ops and their gradients

            The cases of the conformance suite. A gradient is LibTorch's autograd through LibTorch's operators, so it shares no rule with ours. The worst of each family:

            | family | | compared | ours | LibTorch float32 | case of the largest ratio | its ratio |
            |---|---|--:|--:|--:|---|--:|
            """);
        MEASURED.forEach((key, cases) -> {
            cases.forEach((name, d) -> all.append(key.replace('|', ' '))
                    .append(": ")
                    .append(name)
                    .append('\t')
                    .append(d.ours())
                    .append('\t')
                    .append(d.peer())
                    .append('\t')
                    .append(d.ratio(Distances.ROUNDING))
                    .append('\n'));
            Distances worst = cases.values().stream().reduce(Distances::worse).orElseThrow();
            Map.Entry<String, Distances> farthest = cases.entrySet().stream()
                    .max(Comparator.comparingDouble(e -> e.getValue().ratio(Distances.ROUNDING)))
                    .orElseThrow();
            String[] family = key.split("\\|");
            table.append("| %s | %s | %d | %s | %s | %s | %s |%n"
                    .formatted(
                            family[0],
                            family[1],
                            cases.size(),
                            ParityPage.cell(worst.ours()),
                            ParityPage.cell(worst.peer()),
                            farthest.getKey(),
                            ParityPage.times(farthest.getValue().ratio(Distances.ROUNDING))));
        });
        table.append("\nOps that stand only in gradients or in fused programs are compared there: ")
                .append(BACKWARD.stream().filter(op -> !FORWARD.contains(op)).collect(Collectors.joining(", ")))
                .append(". Ops without a counterpart:\n\n| op | reason |\n|---|---|\n");
        new TreeMap<>(NO_COUNTERPART)
                .forEach((op, reason) -> table.append("| ")
                        .append(op)
                        .append(" | ")
                        .append(reason)
                        .append(" |\n"));
        ParityPage.details("ops.tsv", all.toString());
        ParityPage.section(1, table.toString());
    }

    private static String family(OpTest suite) {
        return suite.getClass().getPackageName().replaceFirst(".*\\.", "");
    }

    private static List<OpTest> suites() {
        return new ClassFileImporter()
                .importPackages("org.jmoco.tensor").stream()
                        .filter(c -> c.isAssignableTo(OpTest.class)
                                && !c.getModifiers().contains(JavaModifier.ABSTRACT))
                        .sorted(Comparator.comparing(JavaClass::getName))
                        .map(OpParityTest::make)
                        .toList();
    }

    private static OpTest make(JavaClass c) {
        try {
            var constructor = c.reflect().getDeclaredConstructor();
            constructor.setAccessible(true);
            return (OpTest) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(c.getName(), e);
        }
    }
}
