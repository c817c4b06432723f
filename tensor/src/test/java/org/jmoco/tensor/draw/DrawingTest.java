package org.jmoco.tensor.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.junit.jupiter.api.Test;

class DrawingTest {
    /// Two layers and a descent step.
    private static Program perceptron() {
        Variable w = Variable.zeros("w", Shape.of(4, 3));
        Variable v = Variable.zeros("v", Shape.of(3, 2));
        return Program.trace("step", p -> {
            Tensor x = p.input("x", Shape.of(8, 4));
            Tensor hidden = Scope.in("net.hidden", () -> x.matmul(w.read()).relu());
            Tensor out = Scope.in("net.output", () -> hidden.matmul(v.read()));
            Tensor loss = out.square().sum();
            List<Tensor> g = Gradients.of(loss, List.of(w, v));
            w.assign(w.read().subtract(g.get(0)));
            v.assign(v.read().subtract(g.get(1)));
            p.output("loss", loss);
        });
    }

    private static String boxes(Drawing drawing) {
        return drawing.boxes().stream().map(b -> b.lines().getFirst()).collect(Collectors.joining(" | "));
    }

    @Test
    void operationsFoldIntoModulesAndTheirBackwardPasses() {
        Drawing drawing = Drawing.of(perceptron().graph(), 2);
        assertEquals(
                "x | net.hidden | net.output | step | net.output, visit 2 | net.hidden, visit 2 | step, "
                        + "visit 2 | loss | w[12]",
                boxes(drawing));
        assertEquals(
                List.of("net.hidden", "matMul", "relu"), drawing.boxes().get(1).lines());
    }

    @Test
    void aSmallerDepthFoldsMore() {
        assertEquals(
                "x | net | step | net, visit 2 | step, visit 2 | loss | w[12]",
                boxes(Drawing.of(perceptron().graph(), 1)));
    }

    @Test
    void arrowsCarryShapesAndNeverRunInCircles() {
        Drawing drawing = Drawing.of(perceptron().graph(), 1);
        assertTrue(
                drawing.arrows().contains(new Drawing.Arrow("input0", "ops1", "[8, 4]")),
                drawing.arrows().toString());
        Set<String> known = new HashSet<>();
        for (Drawing.Box box : drawing.boxes()) {
            for (Drawing.Arrow arrow : drawing.arrows()) {
                assertTrue(
                        !arrow.to().equals(box.id()) || known.contains(arrow.from()),
                        arrow + " comes from a box further down");
            }
            known.add(box.id());
        }
    }

    @Test
    void everyOperationIsDrawnWhenAskedFor() {
        Drawing drawing = Drawing.of(perceptron().graph(), Drawing.EVERY_OP);
        assertEquals(
                2,
                drawing.boxes().stream()
                        .filter(b -> b.lines().equals(List.of("relu", "net.hidden"))
                                || b.lines().equals(List.of("reluGradient", "net.hidden")))
                        .count());
    }

    @Test
    void bothLanguagesNameEveryBoxAndArrow() {
        Drawing drawing = new Drawing(
                "a \"program\"",
                List.of(
                        new Drawing.Box("input0", Drawing.Kind.INPUT, List.of("x", "F32[2]")),
                        new Drawing.Box("ops1", Drawing.Kind.OPS, List.of("net", "2 × relu"))),
                List.of(new Drawing.Arrow("input0", "ops1", "[2]")));
        assertTrue(Dot.of(drawing).startsWith("digraph \"a \\\"program\\\"\" {"));
        assertTrue(Dot.of(drawing)
                .contains("  ops1 [shape=box, label=\"net\\n2 × relu\"];\n  input0 -> ops1 [label=\"[2]\"];\n}"));
        assertTrue(Mermaid.of(drawing)
                .endsWith("  input0[/\"x<br/>F32[2]\"/]\n  ops1[\"net<br/>2 × relu\"]\n  input0 -->|\"[2]\"| ops1\n"));
    }

    @Test
    void aDepthOfZeroIsRefused() {
        assertEquals(
                "a drawing's depth must be at least 1, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Drawing.of(perceptron().graph(), 0))
                        .getMessage());
    }
}
