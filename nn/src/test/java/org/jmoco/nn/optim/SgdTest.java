package org.jmoco.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.Fixtures;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SgdTest {
    private static final float[] START = {1, -2, 3};

    /// The 37 parameters of the fixture are cut in two variables, so that a gap lies between them.
    @ParameterizedTest
    @CsvSource({"plain, 0, 0, false", "momentum, 0.9, 1e-4, false", "nesterov, 0.9, 1e-4, true"})
    void stepsAreThoseOfPyTorch(String form, float momentum, float weightDecay, boolean nesterov) {
        SafeTensors fixture = Fixtures.tensors("optim/sgd.safetensors");
        float[] start = fixture.get("start").toFloatArray();
        Variable a = Variable.of("a", Shape.of(5, 4), Arrays.copyOf(start, 20));
        Variable b = Variable.of("b", Shape.of(17), Arrays.copyOfRange(start, 20, 37));
        Sgd sgd = new Sgd(new Sgd.Options(momentum, weightDecay, nesterov), List.of(a, b));
        Compiled step = Device.current()
                .compile(Program.trace(
                        "step",
                        p -> sgd.update(List.of(p.input("ga", a.shape()), p.input("gb", b.shape())), p.scalar("lr"))));
        float[] gradients = fixture.get("gradients").toFloatArray();
        float[] rates = fixture.get("rates").toFloatArray();
        for (int i = 0; i < rates.length; i++) {
            step.feed("ga", Arrays.copyOfRange(gradients, 37 * i, 37 * i + 20))
                    .feed("gb", Arrays.copyOfRange(gradients, 37 * i + 20, 37 * i + 37));
            step.feed("lr", rates[i]).run();
            float[] expected = fixture.get(form + "." + i).toFloatArray();
            assertArrayEquals(Arrays.copyOf(expected, 20), a.toArray(), 3e-7f, form + " step " + i);
            assertArrayEquals(Arrays.copyOfRange(expected, 20, 37), b.toArray(), 3e-7f, form + " step " + i);
        }
    }

    @Test
    void groupsHaveLearningRatesAndOptionsOfTheirOwn() {
        Variable body = Variable.of("body", Shape.of(3), START);
        Variable head = Variable.of("head", Shape.of(3), START);
        Sgd sgd = new Sgd(List.of(
                new Sgd.Group("body", List.of(body), new Sgd.Options(0, 0), 1),
                new Sgd.Group("none", List.of(), new Sgd.Options(0, 0), 1),
                new Sgd.Group("head", List.of(head), new Sgd.Options(0, 0.5f), 100)));
        assertEquals(List.of(body, head), sgd.parameters());
        Tensor g = Tensor.of(1, 1, 1);
        run(Program.trace("step", p -> sgd.update(List.of(g, g), Tensor.scalar(0.25f))));
        assertArrayEquals(new float[] {0.75f, -2.25f, 2.75f}, body.toArray());
        assertArrayEquals(new float[] {1 - 25 * 1.5f, -2 - 25 * 0f, 3 - 25 * 2.5f}, head.toArray());
    }

    @Test
    void minimizeFollowsTheGradient() {
        Variable x = Variable.of("x", Shape.of(3), START);
        Sgd sgd = new Sgd(new Sgd.Options(0, 0), List.of(x));
        run(Program.trace("step", p -> sgd.minimize(x.read().multiply(x.read()).sum(), Tensor.scalar(0.25f))));
        assertArrayEquals(new float[] {0.5f, -1, 1.5f}, x.toArray());
    }

    @Test
    void aSumOfGradientsIsOneStep() {
        Variable x = Variable.of("x", Shape.of(3), START);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 0), List.of(x));
        GradientSum sum = new GradientSum(sgd);
        Program first = Program.trace("first", p -> sum.set(List.of(p.input("g", x.shape()))));
        Program next = Program.trace("next", p -> sum.add(List.of(p.input("g", x.shape()))));
        Program last = Program.trace("last", p -> sum.update(4, p.scalar("lr")));
        for (int round = 0; round < 2; round++) {
            Device.current().compile(first).feed("g", 4f, 8, 12).run();
            for (int i = 0; i < 3; i++) {
                Device.current().compile(next).feed("g", 0f, 4, 0).run();
            }
            Device.current().compile(last).feed("lr", 1f).run();
        }
        // Each round's mean gradient is (1, 5, 3); with momentum two rounds make 1 + 1.9 of it.
        assertArrayEquals(new float[] {1 - 2.9f, -2 - 5 * 2.9f, 3 - 3 * 2.9f}, x.toArray(), 1e-5f);
    }

    @Test
    void aParameterGivenTwiceIsRefused() {
        Variable x = Variable.zeros("conv1.weight", Shape.of(3));
        var e = assertThrows(IllegalArgumentException.class, () -> new Sgd(new Sgd.Options(0, 0), List.of(x, x)));
        assertEquals("sgd: parameter conv1.weight is given twice", e.getMessage());
    }

    @Test
    void aMissingGradientIsRefused() {
        Sgd sgd = new Sgd(new Sgd.Options(0, 0), List.of(Variable.zeros("x", Shape.of(3))));
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Program.trace("step", p -> sgd.update(List.of(), Tensor.scalar(1))));
        assertEquals("sgd: expected 1 gradients, one a parameter, got 0", e.getMessage());
    }

    private static void run(Program program) {
        Device.current().compile(program).run();
    }
}
