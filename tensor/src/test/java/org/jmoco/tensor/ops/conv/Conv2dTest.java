package org.jmoco.tensor.ops.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Test;

class Conv2dTest extends OpTest {
    private static OpCase conv(String name, Conv2d conv, Shape x, Shape weight) {
        return OpCase.of(name, in -> in[0].conv2d(in[1], conv), x, weight).within(OpCase.Bound.PRODUCT);
    }

    private static OpCase biased(String name, Conv2d conv, Shape x, Shape weight) {
        return OpCase.of(name, in -> conv.on(in), x, weight, Shape.of(weight.dim(3)))
                .within(new OpCase.Bound(3e-6, 0));
    }

    /// A case that is computed by Winograd's algorithm, forward and in both gradients.
    private static OpCase winograd(String name, int padding, Shape x, Shape weight) {
        return OpCase.of("Winograd, " + name, in -> in[0].conv2d(in[1], 1, padding), x, weight)
                .within(OpCase.Bound.WINOGRAD);
    }

    /// Operands that matrix units take.
    private static OpCase rounded(String name, BinaryOperator<Tensor> product, Shape a, Shape b) {
        return OpCase.of(name, in -> product.apply(in[0].roundBf16(), in[1].roundBf16()), a, b)
                .fill(0, OpCase.Fill.CONSTANT)
                .fill(1, OpCase.Fill.CONSTANT)
                .within(new OpCase.Bound(3e-6, 0));
    }

    @Override
    protected List<OpCase> cases() {
        Shape images = Shape.of(2, 7, 6, 16);
        Shape kernels = Shape.of(3, 3, 16, 32);
        Conv2d strided = Conv2d.of(2, 1);
        return List.of(
                winograd("whole tiles", 1, Shape.of(2, 8, 8, 32), Shape.of(3, 3, 32, 48)),
                winograd("tiles beyond the edge", 1, Shape.of(3, 7, 10, 33), Shape.of(3, 3, 33, 35)),
                winograd("no padding", 0, Shape.of(1, 9, 10, 32), Shape.of(3, 3, 32, 65)),
                winograd("padding 2", 2, Shape.of(1, 5, 6, 40), Shape.of(3, 3, 40, 32)),
                winograd("one tile and wide kernels", 1, Shape.of(2, 4, 4, 70), Shape.of(3, 3, 70, 130)),
                biased("Winograd, bias", Conv2d.of(1, 1), Shape.of(2, 6, 7, 32), Shape.of(3, 3, 32, 40))
                        .within(new OpCase.Bound(1e-5, 0)),
                conv("1×1", Conv2d.of(1, 0), Shape.of(2, 5, 7, 19), Shape.of(1, 1, 19, 33)),
                conv("1×1 stride 2", Conv2d.of(2, 0), Shape.of(2, 7, 6, 5), Shape.of(1, 1, 5, 9)),
                conv("3×3 padding 1", Conv2d.of(1, 1), Shape.of(2, 6, 5, 7), Shape.of(3, 3, 7, 17)),
                conv("3×3 stride 2 padding 1", Conv2d.of(2, 1), Shape.of(2, 9, 8, 6), Shape.of(3, 3, 6, 10)),
                conv(
                        "7×7 stride 2 padding 3, three channels",
                        Conv2d.of(2, 3),
                        Shape.of(2, 15, 17, 3),
                        Shape.of(7, 7, 3, 8)),
                conv("kernel as large as the image", Conv2d.of(1, 0), Shape.of(3, 4, 3, 2), Shape.of(4, 3, 2, 5)),
                conv("dilation 2", Conv2d.of(1, 2).dilated(2), Shape.of(1, 9, 8, 4), Shape.of(3, 3, 4, 6)),
                conv("dilation 3 stride 2", Conv2d.of(2, 1).dilated(3), Shape.of(1, 11, 12, 2), Shape.of(3, 3, 2, 3)),
                conv("two groups", Conv2d.of(1, 1).grouped(2), Shape.of(2, 5, 4, 6), Shape.of(3, 3, 3, 10)),
                conv(
                        "two groups of a panel each",
                        Conv2d.of(2, 1).grouped(2),
                        Shape.of(2, 6, 5, 6),
                        Shape.of(3, 3, 3, 128)),
                conv("depthwise stride 2", Conv2d.of(2, 1).grouped(5), Shape.of(2, 6, 7, 5), Shape.of(3, 3, 1, 5)),
                conv(
                        "unequal stride and padding",
                        new Conv2d(1, 3, 0, 2, 1, 1, 1),
                        Shape.of(1, 5, 9, 3),
                        Shape.of(2, 4, 3, 4)),
                conv("stride beyond the kernel", Conv2d.of(3, 0), Shape.of(1, 8, 7, 2), Shape.of(2, 1, 2, 3)),
                conv("one element", Conv2d.of(1, 0), Shape.of(1, 1, 1, 1), Shape.of(1, 1, 1, 1)),
                conv("a long sum", Conv2d.of(1, 1), Shape.of(1, 3, 3, 70), Shape.of(3, 3, 70, 4)),
                biased("sums in parts", Conv2d.of(2, 1).grouped(2), Shape.of(1, 7, 6, 120), Shape.of(3, 3, 60, 120)),
                conv(
                        "weight gradient in parts",
                        Conv2d.of(1, 1).grouped(2),
                        Shape.of(2, 18, 17, 4),
                        Shape.of(3, 3, 2, 36)),
                conv("1×1, weight gradient in parts", Conv2d.of(1, 0), Shape.of(2, 18, 17, 17), Shape.of(1, 1, 17, 18)),
                biased("bias", Conv2d.of(2, 1), Shape.of(2, 7, 6, 5), Shape.of(3, 3, 5, 18)),
                biased("bias and groups", Conv2d.of(1, 0).grouped(3), Shape.of(2, 4, 4, 6), Shape.of(1, 1, 2, 9)),
                rounded("rounded operands", (x, w) -> strided.on(x, w), images, kernels),
                rounded(
                        "rounded operands, gradient of the images",
                        (dy, w) -> new Conv2dInputGradient(strided, images).on(dy, w),
                        strided.shapeOf(images, kernels),
                        kernels),
                rounded(
                        "rounded operands, gradient of the weights",
                        (x, dy) -> new Conv2dWeightGradient(strided, kernels).on(x, dy),
                        images,
                        strided.shapeOf(images, kernels)),
                conv("no images", Conv2d.of(1, 1), Shape.of(0, 4, 4, 3), Shape.of(3, 3, 3, 2)));
    }

    @Test
    void anImageDoesNotSeeItsBatch() {
        Philox draws = new Philox(1, 0, 0, 0);
        Tensor weight = Tensor.of(Shape.of(3, 3, 5, 40), floats(draws, 3 * 3 * 5 * 40));
        float[] images = floats(draws, 5 * 9 * 9 * 5);
        float[] all =
                Tensor.of(Shape.of(5, 9, 9, 5), images).conv2d(weight, 1, 1).toArray();
        int size = 9 * 9 * 40;
        for (int i = 0; i < 5; i++) {
            float[] alone = Tensor.of(Shape.of(1, 9, 9, 5), Arrays.copyOfRange(images, i * 405, (i + 1) * 405))
                    .conv2d(weight, 1, 1)
                    .toArray();
            assertArrayEquals(Arrays.copyOfRange(all, i * size, (i + 1) * size), alone, 0f, "image " + i);
        }
    }

    /// By Winograd's algorithm, whose last transform takes differences of the sums over channels: in one chain of
    /// additions they would be twice as far off.
    @Test
    void sumsOverManyChannelsKeepTheirDigits() {
        Philox draws = new Philox(2, 0, 0, 0);
        Tensor x = Tensor.of(Shape.of(1, 8, 8, 512), floats(draws, 8 * 8 * 512));
        Tensor weight = Tensor.of(Shape.of(3, 3, 512, 32), floats(draws, 9 * 512 * 32));
        Tensor y = x.conv2d(weight, 1, 1);
        double[] exact = Reference.compute(Conv2d.of(1, 1), y.node(), doubles(x.toArray()), doubles(weight.toArray()));
        float[] values = y.toArray();
        double error = 0;
        double norm = 0;
        for (int i = 0; i < exact.length; i++) {
            error += (values[i] - exact[i]) * (values[i] - exact[i]);
            norm += exact[i] * exact[i];
        }
        double distance = Math.sqrt(error / norm);
        assertTrue(distance <= 1.2e-6, "relative L2 distance " + distance);
    }

    private static double[] doubles(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static float[] floats(Philox draws, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }

    @Test
    void mistakesAreNamed() {
        Tensor x = Tensor.zeros(Shape.of(1, 4, 4, 3));
        assertEquals(
                "conv2d: expected images [n, h, w, in], got [3]",
                message(() -> Tensor.of(1, 2, 3).conv2d(x, 1, 0)));
        assertEquals(
                "conv2d: images [1, 4, 4, 3] have 3 channels, weights [3, 3, 4, 8] with 1 groups want 4 and "
                        + "an output count that groups divides",
                message(() -> x.conv2d(Tensor.zeros(Shape.of(3, 3, 4, 8)), 1, 1)));
        assertEquals(
                "conv2d: the kernel 7×7 does not fit into images [1, 4, 4, 3] with padding 0×0",
                message(() -> x.conv2d(Tensor.zeros(Shape.of(7, 7, 3, 8)), 1, 0)));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(ShapeException.class, call).getMessage();
    }
}
