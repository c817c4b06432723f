package org.jmoco.tensor.ops.update;

import static org.jmoco.tensor.OpCase.of;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpCase.Bound;
import org.jmoco.tensor.OpCase.Fill;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;

class UpdateTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                update(
                        "sgd",
                        in -> in[0].sgdUpdate(in[1], in[2], 0, 0, false),
                        Shape.of(82),
                        Shape.of(41),
                        Shape.scalar()),
                update(
                        "sgd with momentum and decay",
                        in -> in[0].sgdUpdate(in[1], in[2], 0.9f, 1e-4f, false),
                        Shape.of(82),
                        Shape.of(41),
                        Shape.scalar()),
                update(
                        "sgd with Nesterov momentum",
                        in -> in[0].sgdUpdate(in[1], in[2], 0.9f, 0.1f, true),
                        Shape.of(34),
                        Shape.of(17),
                        Shape.scalar()),
                update(
                        "sgd on one parameter",
                        in -> in[0].sgdUpdate(in[1], in[2], 0.9f, 0.1f, false),
                        Shape.of(2),
                        Shape.of(1),
                        Shape.scalar()),
                update(
                        "sgd on nothing",
                        in -> in[0].sgdUpdate(in[1], in[2], 0.9f, 0.1f, false),
                        Shape.of(0),
                        Shape.of(0),
                        Shape.scalar()),
                update(
                        "sgd on many parameters",
                        in -> in[0].sgdUpdate(in[1], in[2], 0.9f, 0.1f, false),
                        Shape.of(80_006),
                        Shape.of(40_003),
                        Shape.scalar()),
                update(
                        "sgd on state made by the program",
                        in -> in[0].relu().sgdUpdate(in[1], in[2], 0.9f, 0.1f, false),
                        Shape.of(82),
                        Shape.of(41),
                        Shape.scalar()),
                update(
                        "sgd along the mean of parts",
                        in -> new SgdUpdate(0.9f, 0.1f, true, 3, SgdUpdate.ALL).on(in),
                        Shape.of(82),
                        Shape.of(41),
                        Shape.scalar()),
                update(
                        "sgd on the first parameters",
                        in -> new SgdUpdate(0.9f, 0.1f, false, 2, 0).on(in),
                        Shape.of(82),
                        Shape.of(7),
                        Shape.scalar()),
                update(
                        "sgd on parameters in the middle",
                        in -> new SgdUpdate(0.9f, 0.1f, false, 2, 13).on(in[0].relu(), in[1], in[2]),
                        Shape.of(82),
                        Shape.of(19),
                        Shape.scalar()),
                update(
                        "sgd on the last of many parameters",
                        in -> new SgdUpdate(0.9f, 0.1f, false, 1, 20_000).on(in),
                        Shape.of(80_006),
                        Shape.of(20_003),
                        Shape.scalar()),
                update("moving average", in -> in[0].movingAverage(in[1], 0.999), Shape.of(3, 37), Shape.of(3, 37)),
                update(
                        "moving average over a large row",
                        in -> in[0].movingAverage(in[1], 0.9),
                        Shape.of(40_003),
                        Shape.of(40_003)),
                update("moving average that keeps all", in -> in[0].movingAverage(in[1], 1), Shape.of(5), Shape.of(5))
                        .within(Bound.EXACT),
                update(
                        "moving average written over its operand",
                        in -> in[0].relu().movingAverage(in[1], 0.5),
                        Shape.of(37),
                        Shape.of(37)),
                update(
                                "pack what was fed",
                                in -> new Pack(List.of(0, 16, 48), 64).on(in),
                                Shape.of(5),
                                Shape.of(4, 8),
                                Shape.of(16))
                        .within(Bound.EXACT),
                update(
                                "pack what was computed",
                                in -> new Pack(List.of(2, 16), 40).on(in[0].relu(), in[1].relu()),
                                Shape.of(5),
                                Shape.of(3, 8))
                        .within(Bound.EXACT),
                update("pack one value twice", in -> twice(in[0].relu()), Shape.of(7))
                        .within(Bound.EXACT),
                update("pack what is needed elsewhere too", in -> needed(in[0].relu()), Shape.of(7))
                        .within(Bound.EXACT),
                update("pack nothing", in -> new Pack(List.of(0), 3).on(in), Shape.of(0))
                        .within(Bound.EXACT));
    }

    private static OpCase update(String name, Function<Tensor[], Tensor> function, Shape... shapes) {
        OpCase c = of(name, function, shapes);
        for (int i = 0; i < shapes.length; i++) {
            c = c.fill(i, Fill.CONSTANT);
        }
        return c;
    }

    private static Tensor twice(Tensor x) {
        return new Pack(List.of(0, 8), 16).on(x, x);
    }

    private static Tensor needed(Tensor x) {
        Tensor packed = new Pack(List.of(1), 9).on(x);
        return new Pack(List.of(0, 16), 32).on(packed, x.add(x));
    }

    @Test
    void sgdIsPyTorchs() throws URISyntaxException {
        float[] torch = Npy.read(Path.of(UpdateTest.class.getResource("sgd.npy").toURI()))
                .toFloatArray();
        float[][] settings = {{0.9f, 1e-4f, 0}, {0.9f, 0.1f, 1}, {0, 0.01f, 0}, {0.5f, 0, 0}};
        for (int c = 0; c < settings.length; c++) {
            float[] s = settings[c];
            float[] start = row(torch, c, 0);
            Variable state = Variable.of("state", Shape.of(14), Arrays.copyOf(start, 14));
            Program step = Program.trace(
                    "sgd",
                    p -> state.assign(state.read()
                            .sgdUpdate(p.input("g", Shape.of(7)), p.scalar("learningRate"), s[0], s[1], s[2] > 0)));
            Device device = TestDevices.all().getFirst();
            Compiled compiled = device.compile(step).feed("g", row(torch, c, 1));
            float[] rates = {0.5f, 0.25f, 0.125f};
            for (int i = 0; i < rates.length; i++) {
                compiled.feed("learningRate", rates[i]).run();
                assertArrayEquals(
                        row(torch, c, 2 + i), Arrays.copyOf(state.toArray(), 7), 3e-7f, "setting " + c + ", step " + i);
            }
            if (s[0] > 0) {
                assertArrayEquals(
                        row(torch, c, 5),
                        Arrays.copyOfRange(state.toArray(), 7, 14),
                        3e-7f,
                        "setting " + c + ", momentum");
            }
        }
    }

    private static float[] row(float[] fixture, int block, int row) {
        int from = (block * 6 + row) * 7;
        return Arrays.copyOfRange(fixture, from, from + 7);
    }

    /// The factors are PyTorch's to the bit, which an average that begins at 0 shows; the sum may be a rounding
    /// off, because it is a fused one here.
    @Test
    void movingAveragesArePyTorchs() throws URISyntaxException {
        float[] torch = Npy.read(Path.of(
                        UpdateTest.class.getResource("moving-average.npy").toURI()))
                .toFloatArray();
        double[] momenta = {0.9, 0.99, 0.999};
        int n = 16;
        for (int block = 0; block < momenta.length; block++) {
            float[][] rows = new float[5][];
            for (int r = 0; r < rows.length; r++) {
                int from = (block * rows.length + r) * n;
                rows[r] = Arrays.copyOfRange(torch, from, from + n);
            }
            double momentum = momenta[block];
            Program program = Program.trace(
                    "average",
                    p -> p.output(
                            "average", p.input("a", Shape.of(n)).movingAverage(p.input("x", Shape.of(n)), momentum)));
            for (Device device : TestDevices.all()) {
                Compiled compiled = device.compile(program).feed("x", rows[1]);
                String where = device + ", momentum " + momentum;
                assertWithinOneUlp(rows[2], compiled.feed("a", rows[0]).run().floats("average"), where);
                float[] fromZero = compiled.feed("a", new float[n]).run().floats("average");
                assertArrayEquals(rows[3], fromZero, where);
                assertWithinOneUlp(rows[4], fromZero, where + ", batch norm");
            }
        }
    }

    private static void assertWithinOneUlp(float[] expected, float[] actual, String where) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], Math.ulp(expected[i]), where);
        }
    }

    @Test
    void gradientsAreComputedRightIntoTheFlatBlock() {
        Variable a = Variable.of("a", Shape.of(3), 1, 2, 3);
        Variable b = Variable.of("b", Shape.of(2, 2), 4, 5, 6, 7);
        List<Variable> parameters = List.of(a, b);
        VariableGroup.join("parameters", parameters);
        Program program = Program.trace("pack", p -> {
            Tensor loss = a.read()
                    .multiply(a.read())
                    .sum()
                    .add(b.read().multiply(b.read()).sum());
            p.output(
                    "flat",
                    Pack.like(
                            parameters,
                            Gradients.of(loss, parameters),
                            a.group().size()));
        });
        float[] expected = new float[32];
        System.arraycopy(new float[] {2, 4, 6}, 0, expected, 0, 3);
        System.arraycopy(new float[] {8, 10, 12, 14}, 0, expected, 16, 4);
        for (Device device : TestDevices.variants()) {
            assertArrayEquals(expected, device.compile(program).run().floats("flat"), device.toString());
        }
        boolean inPlace = TestDevices.all().getFirst().compile(program).plan().steps().stream()
                .filter(s -> s.node().op() instanceof Pack)
                .allMatch(s -> s.in().stream()
                        .allMatch(part -> part.buffer().equals(s.out().buffer())));
        assertEquals(true, inPlace, "every gradient lies in the block already");
    }

    @Test
    void mistakesAreExplained() {
        Tensor rate = Tensor.scalar(0.1f);
        assertMessage(
                "sgdUpdate: the state must hold a parameter and a momentum for each gradient; state is [4], "
                        + "gradients are [3]",
                () -> Tensor.zeros(Shape.of(4)).sgdUpdate(Tensor.of(1, 2, 3), rate, 0, 0, false));
        assertMessage(
                "sgdUpdate: 3 gradients from parameter 2 on do not fit; state is [8]",
                () -> new SgdUpdate(0, 0, false, 1, 2).on(Tensor.zeros(Shape.of(8)), Tensor.of(1, 2, 3), rate));
        assertMessage(
                "movingAverage: the average is [2], the new values are [3]",
                () -> Tensor.of(1, 2).movingAverage(Tensor.of(1, 2, 3), 0.5));
        assertMessage(
                "pack: part 1 begins at 2, the one before it ends at 3",
                () -> new Pack(List.of(0, 2), 8).on(Tensor.of(1, 2, 3), Tensor.of(1)));
        assertMessage(
                "pack: the parts end at 3, the result has 2 elements",
                () -> new Pack(List.of(0), 2).on(Tensor.of(1, 2, 3)));
        IllegalArgumentException momentum = assertThrows(IllegalArgumentException.class, () -> new MovingAverage(1.5));
        assertEquals("movingAverage: the momentum must lie in [0, 1], got 1.5", momentum.getMessage());
        IllegalArgumentException nesterov =
                assertThrows(IllegalArgumentException.class, () -> new SgdUpdate(0, 0, true));
        assertEquals("sgdUpdate: Nesterov's step needs a momentum above 0", nesterov.getMessage());
    }

    private static void assertMessage(String message, Runnable mistake) {
        assertEquals(message, assertThrows(ShapeException.class, mistake::run).getMessage());
    }
}
