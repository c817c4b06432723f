package org.jmoco.tensor.ops.elementwise;

import static org.jmoco.tensor.OpCase.of;
import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpCase.Fill;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;

class ElementwiseTest extends OpTest {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] STD = {0.229f, 0.224f, 0.225f};

    private static OpCase rounded(String name, Function<Tensor, Tensor> function, Shape shape) {
        return unary(name, function, shape).fill(0, Fill.CONSTANT).within(OpCase.Bound.EXACT);
    }

    @Override
    protected List<OpCase> cases() {
        return List.of(
                of("add equal shapes", in -> in[0].add(in[1]), Shape.of(3, 37), Shape.of(3, 37)),
                of("add a row", in -> in[0].add(in[1]), Shape.of(2, 3, 5, 17), Shape.of(17)),
                of("add a column", in -> in[0].add(in[1]), Shape.of(4, 9), Shape.of(4, 1)),
                of("add the smaller on the left", in -> in[0].add(in[1]), Shape.of(1, 5), Shape.of(3, 5)),
                of("add both repeated", in -> in[0].add(in[1]), Shape.of(3, 1, 5), Shape.of(4, 1)),
                of("add a scalar", in -> in[0].add(in[1]), Shape.of(33), Shape.scalar()),
                of("add scalars", in -> in[0].add(in[1]), Shape.scalar(), Shape.scalar()),
                of("add nothing", in -> in[0].add(in[1]), Shape.of(0, 4), Shape.of(4)),
                of("add itself", in -> in[0].add(in[0]), Shape.of(19)),
                of("multiply equal shapes", in -> in[0].multiply(in[1]), Shape.of(7, 31), Shape.of(7, 31)),
                of("multiply inner axis repeated", in -> in[0].multiply(in[1]), Shape.of(2, 3, 4), Shape.of(2, 1, 4)),
                of("subtract a row", in -> in[0].subtract(in[1]), Shape.of(3, 37), Shape.of(37)),
                of("subtract from a column", in -> in[0].subtract(in[1]), Shape.of(4, 1), Shape.of(4, 9)),
                of("subtract from itself", in -> in[0].subtract(in[0]), Shape.of(5)),
                of("divide by a column", in -> in[0].divide(in[1]), Shape.of(3, 37), Shape.of(3, 1))
                        .fill(1, Fill.POSITIVE),
                of("divide a row", in -> in[0].divide(in[1]), Shape.of(17), Shape.of(4, 17))
                        .fill(1, Fill.POSITIVE),
                of("divide by itself", in -> in[0].divide(in[0]), Shape.of(7)).fill(0, Fill.POSITIVE),
                of("maximum", in -> in[0].maximum(in[1]), Shape.of(3, 37), Shape.of(3, 37)),
                of("maximum with a row", in -> in[0].maximum(in[1]), Shape.of(4, 5, 19), Shape.of(19)),
                unary("with numbers", x -> x.add(2.5f).multiply(3).subtract(1).divide(7), Shape.of(3, 37)),
                unary("relu", Tensor::relu, Shape.of(5, 41)),
                rounded("roundBf16", Tensor::roundBf16, Shape.of(7, 129)),
                rounded("roundBf16 of one number", Tensor::roundBf16, Shape.scalar()),
                rounded("roundBf16 of nothing", Tensor::roundBf16, Shape.of(0, 3)),
                rounded("roundBf16 over its operand", x -> x.add(x).roundBf16(), Shape.of(3, 41)),
                of(
                                "gradients added through relu",
                                in -> new AddReluGradient().on(in),
                                Shape.of(5, 41),
                                Shape.of(5, 41),
                                Shape.of(5, 41))
                        .fill(0, OpCase.Fill.CONSTANT)
                        .fill(1, OpCase.Fill.CONSTANT)
                        .fill(2, OpCase.Fill.CONSTANT),
                of(
                                "gradients added through relu, over a large row",
                                in -> new AddReluGradient().on(in),
                                Shape.of(40_003),
                                Shape.of(40_003),
                                Shape.of(40_003))
                        .fill(0, OpCase.Fill.CONSTANT)
                        .fill(1, OpCase.Fill.CONSTANT)
                        .fill(2, OpCase.Fill.CONSTANT),
                unary("relu over a large row", Tensor::relu, Shape.of(40_003)),
                unary("negate", Tensor::negate, Shape.of(37)),
                unary("square", Tensor::square, Shape.of(37)),
                unary("exp", Tensor::exp, Shape.of(3, 37)),
                unary("exp over a large row", Tensor::exp, Shape.of(20_003)),
                unary("exp of one element", Tensor::exp, Shape.scalar()),
                unary("log", Tensor::log, Shape.of(3, 37)).fill(0, Fill.POSITIVE),
                unary("sqrt", Tensor::sqrt, Shape.of(3, 37)).fill(0, Fill.POSITIVE),
                of("equal integers", in -> in[0].equalTo(in[1]), Shape.of(9, 5), Shape.of(5))
                        .fill(0, Fill.INTEGERS, 3)
                        .fill(1, Fill.INTEGERS, 3),
                of("equal bytes", in -> in[0].equalTo(in[1]), Shape.of(9, 5), Shape.of(9, 1))
                        .fill(0, Fill.BYTES)
                        .fill(1, Fill.BYTES),
                of("equal over a large row", in -> in[0].equalTo(in[1]), Shape.of(3, 20_003), Shape.of(1))
                        .fill(0, Fill.INTEGERS, 3)
                        .fill(1, Fill.INTEGERS, 3),
                of("greater", in -> in[0].greater(in[1]), Shape.of(9, 5), Shape.of(5))
                        .fill(0, Fill.CONSTANT)
                        .fill(1, Fill.CONSTANT),
                of("greater or equal", in -> in[0].greaterOrEqual(in[1]), Shape.of(37), Shape.of(37))
                        .fill(0, Fill.INTEGERS, 3)
                        .fill(1, Fill.INTEGERS, 3),
                of("compare nothing", in -> in[0].greater(in[1]), Shape.of(0, 3), Shape.of(3))
                        .fill(0, Fill.CONSTANT)
                        .fill(1, Fill.CONSTANT),
                unary("add on a ring", x -> x.addModulo(-7, 5), Shape.of(37)).fill(0, Fill.INTEGERS, 5),
                unary(
                                "add on a ring, written over the operand",
                                x -> x.addModulo(2, 9).addModulo(Integer.MAX_VALUE, 1000),
                                Shape.of(1))
                        .fill(0, Fill.INTEGERS, 9),
                unary("normalise images", x -> x.normalizeImage(MEAN, STD), Shape.of(2, 5, 7, 3))
                        .fill(0, Fill.BYTES),
                unary(
                                "normalise one channel",
                                x -> x.normalizeImage(new float[] {0.5f}, new float[] {2}),
                                Shape.of(3, 4, 4, 1))
                        .fill(0, Fill.BYTES),
                of(
                                "normalise images with a shift",
                                in -> in[0].normalizeImage(MEAN, STD, in[1]),
                                Shape.of(3, 4, 5, 3),
                                Shape.of(3, 3))
                        .fill(0, Fill.BYTES)
                        .fill(1, Fill.CONSTANT));
    }

    @Test
    void normalisedImagesHaveTorchvisionsBits() throws URISyntaxException {
        float[] torch = Npy.read(Path.of(
                        ElementwiseTest.class.getResource("normalize.npy").toURI()))
                .toFloatArray();
        byte[] everyValue = new byte[256 * 3];
        for (int i = 0; i < everyValue.length; i++) {
            everyValue[i] = (byte) (i / 3);
        }
        Tensor image = Tensor.of(Shape.of(1, 16, 16, 3), everyValue);
        assertArrayEquals(
                Arrays.copyOf(torch, 768), image.normalizeImage(MEAN, STD).toArray());
        Tensor shift = Tensor.of(Shape.of(1, 3), 0.1f, -0.05f, 0.0125f);
        assertArrayEquals(
                Arrays.copyOfRange(torch, 768, 1536),
                image.normalizeImage(MEAN, STD, shift).toArray());
    }

    /// PyTorch's answer for `torch.maximum(a, b).sum().backward()`.
    @Test
    void equalOperandsOfMaximumShareTheGradient() {
        Tensor a = Tensor.of(1, 2, 3);
        Tensor b = Tensor.of(3, 2, 1);
        List<Tensor> gradients = Gradients.of(a.maximum(b).sum(), a, b);
        assertArrayEquals(new float[] {0, 0.5f, 1}, gradients.get(0).toArray());
        assertArrayEquals(new float[] {1, 0.5f, 0}, gradients.get(1).toArray());
        assertArrayEquals(
                new float[] {Float.NaN},
                Tensor.of(1).maximum(Tensor.of(Float.NaN)).toArray());
    }

    @Test
    void specialValues() {
        float infinity = Float.POSITIVE_INFINITY;
        assertArrayEquals(
                new float[] {0, 1, infinity, Float.NaN},
                Tensor.of(-infinity, 0, infinity, Float.NaN).exp().toArray());
        assertArrayEquals(
                new float[] {-infinity, 0, infinity, Float.NaN, Float.NaN},
                Tensor.of(0, 1, infinity, -1, Float.NaN).log().toArray());
        assertArrayEquals(
                new float[] {0, 3, Float.NaN}, Tensor.of(0, 9, -1).sqrt().toArray());
        assertArrayEquals(
                new float[] {0, 1},
                Tensor.of(Float.NaN, 0).equalTo(Tensor.of(Float.NaN, -0f)).toArray());
    }

    @Test
    void mistakesAreExplained() {
        Tensor images = Tensor.of(Shape.of(1, 1, 1, 3), (byte) 1, (byte) 2, (byte) 3);
        assertMessage(
                "normalizeImage: means of 1 channels for images [1, 1, 1, 3]",
                () -> images.normalizeImage(new float[1], new float[] {1}));
        assertMessage(
                "normalizeImage: expected a shift [n, c] for images [1, 1, 1, 3], got [3]",
                () -> images.normalizeImage(MEAN, STD, Tensor.of(1, 2, 3)));
        assertMessage(
                "normalizeImage: expected images of U8, got F32",
                () -> Tensor.zeros(Shape.of(1, 1, 1, 3)).normalizeImage(MEAN, STD));
        assertMessage("compare: F32 with U8; use cast", () -> Tensor.of(1).equalTo(images));
        assertMessage("addModulo: expected I32, got F32", () -> Tensor.of(1).addModulo(1, 2));
        assertMessage("add: operand 0 is U8, expected F32; use cast(DType.F32)", () -> images.add(1));
        IllegalArgumentException std =
                assertThrows(IllegalArgumentException.class, () -> images.normalizeImage(MEAN, new float[3]));
        assertEquals(
                "normalizeImage: expected a mean and a positive standard deviation for each channel, got "
                        + "[0.485, 0.456, 0.406] and [0.0, 0.0, 0.0]",
                std.getMessage());
    }

    private static void assertMessage(String message, Runnable mistake) {
        assertEquals(message, assertThrows(ShapeException.class, mistake::run).getMessage());
    }

    @Test
    void shapesThatDoNotBroadcastAreNamed() {
        ShapeException e =
                assertThrows(ShapeException.class, () -> Tensor.of(1, 2, 3).add(Tensor.of(1, 2)));
        assertEquals(
                "add: [3] and [2] do not broadcast (extents 3 and 2, counted from the last axis: 1)", e.getMessage());
    }

    @Test
    void reluKeepsNaN() {
        assertArrayEquals(
                new float[] {0, Float.NaN, 2},
                Tensor.of(-1, Float.NaN, 2).relu().toArray());
    }

    /// Every exponent and sign with the bits at which the direction changes, zeros, infinities, NaN.
    @Test
    void everyDeviceRoundsToBf16AsPyTorch() {
        float[] x = fixture("bf16_from.npy");
        float[] expected = fixture("bf16_to.npy");
        for (Device device : TestDevices.all()) {
            float[] y = device.compile(Program.trace(
                            "round",
                            p -> p.output("y", p.input("x", Shape.of(x.length)).roundBf16())))
                    .feed("x", x)
                    .run()
                    .floats("y");
            for (int i = 0; i < x.length; i++) {
                String what = x[i] + " on " + device;
                if (Float.isNaN(expected[i])) {
                    assertEquals(Float.NaN, y[i], what);
                } else {
                    assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(y[i]), what);
                }
            }
        }
    }

    @Test
    void theReferenceRoundsToBf16AsPyTorch() {
        float[] x = fixture("bf16_from.npy");
        float[] expected = fixture("bf16_to.npy");
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], (float) RoundBf16Reference.round(x[i]), "" + x[i]);
        }
    }

    private static float[] fixture(String name) {
        try {
            return Npy.read(Path.of(ElementwiseTest.class.getResource(name).toURI()))
                    .toFloatArray();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
