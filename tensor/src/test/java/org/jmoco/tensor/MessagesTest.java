package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a user who makes a mistake with programs, variables and gradients is told.
class MessagesTest {
    private final Variable v = Variable.of("weights", Shape.of(2), 1, 2);

    private static void assertMessage(String message, Class<? extends RuntimeException> type, Runnable mistake) {
        RuntimeException e = assertThrows(RuntimeException.class, mistake::run);
        assertEquals(message, e.getMessage());
        assertEquals(type, e.getClass());
    }

    private static void traced(java.util.function.Consumer<Trace> body) {
        Program.trace("step", body);
    }

    @Test
    void programs() {
        assertMessage(
                "program inner cannot be traced inside program step",
                IllegalStateException.class,
                () -> traced(p -> Program.trace("inner", q -> {})));
        assertMessage(
                "program step has two inputs named x",
                IllegalArgumentException.class,
                () -> traced(p -> {
                    p.scalar("x");
                    p.scalar("x");
                }));
        assertMessage(
                "program step has two outputs named y",
                IllegalArgumentException.class,
                () -> traced(p -> {
                    p.output("y", Tensor.of(1));
                    p.output("y", Tensor.of(1));
                }));
        assertMessage(
                "input belongs to a program; its value is known only when the program runs: name it as an "
                        + "output and read it there",
                IllegalStateException.class,
                () -> traced(p -> p.scalar("x").add(1).toArray()));
        assertMessage(
                "axis 3 does not exist in [2]",
                ShapeException.class,
                () -> traced(p -> v.read().sum(3)));
    }

    @Test
    void tensorsStayInTheirProgram() {
        List<Tensor> kept = new ArrayList<>();
        traced(p -> {
            kept.add(p.scalar("x"));
            kept.add(v.read());
        });
        assertMessage(
                "program other uses input x of another program; tensors cannot leave the program they were traced in",
                IllegalStateException.class,
                () -> Program.trace("other", p -> p.output("y", kept.get(0).add(p.scalar("x")))));
        assertMessage(
                "program other uses a value of weights[2] of another program; tensors cannot leave the "
                        + "program they were traced in",
                IllegalStateException.class,
                () -> Program.trace("other", p -> p.output("y", kept.get(1))));
    }

    @Test
    void aTraceThatFailedLeavesNothingBehind() {
        assertThrows(
                IllegalStateException.class,
                () -> traced(p -> {
                    throw new IllegalStateException("a mistake of the user's");
                }));
        assertArrayEquals(new float[] {2, 3}, v.read().add(1).toArray());
    }

    @Test
    void runs() {
        Program program = Program.trace("step", p -> {
            p.output("y", p.input("x", Shape.of(2)).add(1));
            p.output("rows", p.permutation("order", 3));
        });
        Compiled compiled = TestDevices.all().getFirst().compile(program);
        assertMessage(
                "program step has no input z; it has [x, order]",
                IllegalArgumentException.class,
                () -> compiled.feed("z", 1f));
        assertMessage(
                "program step has no input z; it has [x, order]",
                IllegalArgumentException.class,
                () -> compiled.input("z"));
        assertMessage(
                "program step, input x: expected F32[2], got 3 values of F32",
                ShapeException.class,
                () -> compiled.feed("x", 1f, 2, 3));
        assertMessage(
                "program step, input x: expected F32[2], got 2 values of I32",
                ShapeException.class,
                () -> compiled.feed("x", 1, 2));
        compiled.feed("x", 1f, 2).feed("order", 0, 1, 2).run();
        assertMessage(
                "program step has no output z; it has [y, rows]",
                IllegalArgumentException.class,
                () -> compiled.floats("z"));
        assertMessage(
                "program step has no output z; it has [y, rows]",
                IllegalArgumentException.class,
                () -> compiled.output("z"));
        assertMessage("program step, output rows is I32, not F32", ShapeException.class, () -> compiled.floats("rows"));
        assertMessage("program step, output y is F32, not I32", ShapeException.class, () -> compiled.ints("y"));
        assertMessage(
                "program step, output y is [2], not one element; use floats()",
                ShapeException.class,
                () -> compiled.scalar("y"));
    }

    @Test
    void variables() {
        assertMessage(
                "assign to weights: expected F32[2], got F32[3]",
                ShapeException.class,
                () -> v.assign(Tensor.of(1, 2, 3)));
        assertMessage(
                "assign to weights: expected F32[2], got I32[2]",
                ShapeException.class,
                () -> v.assign(Tensor.of(Shape.of(2), 1, 2)));
        assertMessage("weights: expected 2 values for [2], got 1", ShapeException.class, () -> v.set(1));
        assertMessage(
                "assign to weights: expected F32[2], got F32[3]",
                ShapeException.class,
                () -> v.group().assign(Tensor.of(1, 2, 3)));
        Variable labels = Variable.zeros("labels", Shape.of(2), DType.I32);
        assertMessage("labels is I32, not F32", ShapeException.class, labels::toArray);
        assertMessage(
                "variable group both: labels is I32, the group holds F32",
                IllegalArgumentException.class,
                () -> VariableGroup.join("both", List.of(v, labels)));
        traced(p -> v.read());
        assertMessage(
                "variable group late: weights is already used by a traced program; join variables before tracing",
                IllegalStateException.class,
                () -> VariableGroup.join("late", List.of(v)));
    }

    @Test
    void numbers() {
        assertMessage(
                "a tensor [3] has 3 elements, got 2 values", ShapeException.class, () -> Tensor.of(Shape.of(3), 1f, 2));
        assertMessage(
                "toArray() reads floats, this tensor is I32; use toIntArray() or cast(DType.F32)",
                ShapeException.class,
                () -> Tensor.of(Shape.of(1), 1).toArray());
        assertMessage(
                "toIntArray() reads integers, this tensor is F32",
                ShapeException.class,
                () -> Tensor.of(1).toIntArray());
        assertMessage(
                "toScalar() needs one element, this tensor has [2]",
                ShapeException.class,
                () -> Tensor.of(1, 2).toScalar());
        assertMessage(
                "reshape: [4] cannot become [3, -1]",
                ShapeException.class,
                () -> Tensor.of(1, 2, 3, 4).reshape(3, -1));
        assertMessage("a shape cannot have a negative extent: [2, -1]", ShapeException.class, () -> Shape.of(2, -1));
    }

    @Test
    void gradients() {
        assertMessage(
                "gradients: the loss must be one float, got F32[2]; take mean() or sum() first",
                ShapeException.class,
                () -> traced(p -> Gradients.of(v.read(), List.of(v))));
        assertMessage(
                "movingAverage has no gradient; use stopGradient() on its input, or do not differentiate through it",
                IllegalStateException.class,
                () -> traced(p -> Gradients.of(
                        v.read().movingAverage(Tensor.of(1, 2), 0.5).sum(), List.of(v))));
    }

    @Test
    void aVariableThatTheLossDoesNotReadHasAGradientOfZeros() {
        Tensor x = Tensor.of(3);
        List<Tensor> gradients = Gradients.of(x.multiply(2).sum(), x, Tensor.of(1, 2));
        assertArrayEquals(new float[] {2}, gradients.get(0).toArray());
        assertArrayEquals(new float[] {0, 0}, gradients.get(1).toArray());
        assertArrayEquals(
                new float[] {0},
                Gradients.of(x.stopGradient().sum(), x).getFirst().toArray());
    }
}
