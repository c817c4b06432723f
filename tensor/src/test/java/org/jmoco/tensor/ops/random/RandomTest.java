package org.jmoco.tensor.ops.random;

import static org.jmoco.tensor.OpCase.of;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Compiled;
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
import org.jmoco.tensor.random.RandomState;
import org.junit.jupiter.api.Test;

class RandomTest extends OpTest {
    private static final Shape STATE = Shape.of(4);

    @Override
    protected List<OpCase> cases() {
        return List.of(
                drawing("uniform", Shape.of(3, 37), 0).within(Bound.EXACT),
                drawing("uniform over several tasks", Shape.of(9_001), 3).within(Bound.EXACT),
                drawing("uniform of one", Shape.scalar(), 1).within(Bound.EXACT),
                drawing("uniform of none", Shape.of(0, 3), 1).within(Bound.EXACT),
                of("normal", in -> Tensor.randomNormal(Shape.of(3, 37), in[0], 5), STATE)
                        .fill(0, Fill.INTEGERS, 1 << 30),
                of("normal over several tasks", in -> Tensor.randomNormal(Shape.of(20_003), in[0], 5), STATE)
                        .fill(0, Fill.INTEGERS, 1 << 30),
                of("normal of one", in -> Tensor.randomNormal(Shape.scalar(), in[0], 5), STATE)
                        .fill(0, Fill.INTEGERS, 1 << 30),
                dropping("dropout", 0.5f, Shape.of(3, 37)),
                dropping("dropout of few", 0.1f, Shape.of(9_001)),
                dropping("dropout of nearly all", 0.99f, Shape.of(301)),
                dropping("dropout of none", 0, Shape.of(7)),
                of("dropout over what was computed", in -> in[0].relu().dropout(0.3f, in[1], 2), Shape.of(41), STATE)
                        .fill(1, Fill.INTEGERS, 1 << 30),
                of("dropout of channels", in -> in[0].channelDropout(0.4f, in[1], 3), Shape.of(3, 2, 5, 7), STATE)
                        .fill(1, Fill.INTEGERS, 1 << 30),
                of("advance", in -> new AdvanceRandom().on(in), STATE)
                        .fill(0, Fill.INTEGERS, 1 << 30)
                        .within(Bound.EXACT));
    }

    private static OpCase drawing(String name, Shape shape, int stream) {
        return of(name, in -> Tensor.randomUniform(shape, in[0], stream), STATE).fill(0, Fill.INTEGERS, 1 << 30);
    }

    private static OpCase dropping(String name, float probability, Shape shape) {
        return of(name, in -> in[0].dropout(probability, in[1], 7), shape, STATE)
                .fill(1, Fill.INTEGERS, 1 << 30);
    }

    @Test
    void normalsHaveTheMomentsOfTheNormal() {
        float[] y = Tensor.randomNormal(Shape.of(200_000), new RandomState("random", 1).read(), 0)
                .toArray();
        double[] moments = new double[5];
        for (float x : y) {
            for (int m = 1; m <= 4; m++) {
                moments[m] += StrictMath.pow(x, m) / y.length;
            }
        }
        double bound = 5 / Math.sqrt(y.length);
        assertEquals(0, moments[1], bound);
        assertEquals(1, moments[2], bound * Math.sqrt(2));
        assertEquals(0, moments[3], bound * Math.sqrt(15));
        assertEquals(3, moments[4], bound * Math.sqrt(96));
    }

    @Test
    void dropoutDropsItsShare() {
        float[] y = Tensor.ones(Shape.of(100_000))
                .dropout(0.3f, new RandomState("random", 2).read(), 0)
                .toArray();
        int dropped = 0;
        for (float element : y) {
            dropped += element == 0 ? 1 : 0;
        }
        assertEquals(30_000, dropped, 5 * Math.sqrt(100_000 * 0.3 * 0.7));
    }

    @Test
    void theMaskOfAStepServesItsGradientAndChangesWithTheStep() {
        RandomState random = new RandomState("random", 3);
        int stream = random.newStream();
        Program program = Program.trace("step", p -> {
            Tensor x = p.input("x", Shape.of(64));
            Tensor y = x.dropout(0.5f, random.read(), stream);
            random.advance();
            Tensor other = x.dropout(0.5f, random.read(), stream);
            p.output("y", y);
            p.output("other", other);
            p.output("gradient", Gradients.of(y.sum(), x).getFirst());
            random.advance();
        });
        float[] x = new float[64];
        Arrays.fill(x, 1);
        for (var device : TestDevices.variants()) {
            random.seed(3);
            Compiled compiled = device.compile(program).feed("x", x).run();
            float[] first = compiled.floats("y");
            float[] second = compiled.floats("other");
            assertArrayEquals(first, compiled.floats("gradient"), "the mask of y, at 1 / (1 − ½) where kept");
            assertTrue(!Arrays.equals(first, second), "another step has another mask");
            assertEquals(2, random.step());
            assertTrue(!Arrays.equals(first, compiled.run().floats("y")), "another run has another mask");
            random.seed(3);
            assertArrayEquals(first, compiled.run().floats("y"), "the same seed and step give the same mask");
        }
    }

    @Test
    void streamsAndSeedsAreIndependent() {
        RandomState random = new RandomState("random", 4);
        float[] first = Tensor.randomUniform(Shape.of(64), random.read(), random.newStream())
                .toArray();
        float[] second = Tensor.randomUniform(Shape.of(64), random.read(), random.newStream())
                .toArray();
        float[] highSeed = Tensor.randomUniform(Shape.of(64), new RandomState("random", 4 + (1L << 32)).read(), 0)
                .toArray();
        assertTrue(!Arrays.equals(first, second), "streams");
        assertTrue(!Arrays.equals(first, highSeed), "the seed's high word");
    }

    @Test
    void theStepCarriesIntoItsHighWord() {
        Tensor state = Tensor.of(STATE, 1, 2, -1, 5);
        assertArrayEquals(new int[] {1, 2, 0, 6}, new AdvanceRandom().on(state).toIntArray());
    }

    @Test
    void mistakesAreExplained() {
        Tensor state = new RandomState("random", 0).read();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Tensor.of(1).dropout(1, state, 0));
        assertEquals("dropout: the probability must lie in [0, 1), got 1.0", e.getMessage());
        assertEquals(
                "randomUniform: expected the state of a RandomState, I32, got F32",
                assertThrows(ShapeException.class, () -> Tensor.randomUniform(STATE, Tensor.zeros(STATE), 0))
                        .getMessage());
        assertEquals(
                "dropout: expected the state of a RandomState, [4], got [2]",
                assertThrows(ShapeException.class, () -> Tensor.of(1).dropout(0.5f, state.slice(0, 0, 2), 0))
                        .getMessage());
    }
}
