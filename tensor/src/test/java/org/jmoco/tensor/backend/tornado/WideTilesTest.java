package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;
import org.jmoco.tensor.ops.matmul.MatMul;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products that are large enough for wide tiles, which the cases of the conformance suite are not.
class WideTilesTest {
    private static final int M = 1_420;
    private static final int N = 2_170;
    private static final int K = 19;

    @ParameterizedTest
    @CsvSource({"false, false", "true, true"})
    void productsAreThoseOfDoublesWhicheverAxisIsContiguous(boolean transposeA, boolean transposeB) {
        TestDevices.requireSdk();
        assertTrue(Tiling.of(M, N, K, 1).wide());
        float[] a = normal(1, M * K);
        float[] b = normal(2, K * N);
        float[] bias = normal(3, N);
        Program program = Program.trace("product", p -> {
            Tensor left = p.input("a", transposeA ? Shape.of(K, M) : Shape.of(M, K));
            Tensor right = p.input("b", transposeB ? Shape.of(N, K) : Shape.of(K, N));
            p.output("y", new MatMul(transposeA, transposeB).on(left, right, p.input("bias", Shape.of(N))));
        });
        float[] y;
        try (Device device = new Device(new TornadoBackend(0, 0))) {
            Compiled product = device.compile(program);
            y = product.feed("a", a).feed("b", b).feed("bias", bias).run().floats("y");
        }
        double error = 0;
        double norm = 0;
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                double exact = bias[j];
                for (int k = 0; k < K; k++) {
                    exact += (double) a[transposeA ? k * M + i : i * K + k] * b[transposeB ? j * K + k : k * N + j];
                }
                error += (y[i * N + j] - exact) * (y[i * N + j] - exact);
                norm += exact * exact;
            }
        }
        double distance = Math.sqrt(error / norm);
        assertTrue(distance <= 3e-7, "relative L2 distance " + distance);
    }

    /// For each: the images, the weights, and which result has wide tiles.
    @ParameterizedTest
    @CsvSource({"'1,330,310,3', '3,3,3,128', y", "'1,165,155,128', '3,3,128,3', dx", "'2,330,310,2', '3,3,2,256', dw"})
    void convolutionsAndTheirGradientsAreThoseOfTheJvm(String images, String weights, String result) {
        Device tornado = TestDevices.requireSdk();
        Conv2d conv = Conv2d.of(2, 1);
        Shape in = shape(images);
        Shape kernel = shape(weights);
        Shape out = conv.shapeOf(in, kernel);
        assertTrue(tiling(result, in, kernel, out).wide());
        Program program = Program.trace("convolution", p -> {
            Tensor x = p.input("x", in);
            Tensor w = p.input("w", kernel);
            Tensor dy = p.input("dy", out);
            p.output(
                    "result",
                    switch (result) {
                        case "y" -> conv.on(x, w);
                        case "dx" -> new Conv2dInputGradient(conv, in).on(dy, w);
                        default -> new Conv2dWeightGradient(conv, kernel).on(x, dy);
                    });
        });
        float[] expected = run(TestDevices.jvm(), program, in, kernel, out);
        float[] got = run(tornado, program, in, kernel, out);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow((double) got[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        double distance = Math.sqrt(error / norm);
        assertTrue(distance <= 1e-6, "relative L2 distance " + distance);
    }

    private static Tiling tiling(String result, Shape in, Shape kernel, Shape out) {
        int taps = kernel.dim(0) * kernel.dim(1);
        int inputs = in.dim(0) * in.dim(1) * in.dim(2);
        int outputs = out.dim(0) * out.dim(1) * out.dim(2);
        return switch (result) {
            case "y" -> Tiling.of(outputs, kernel.dim(3), taps * kernel.dim(2), 1);
            case "dx" -> Tiling.of(inputs, kernel.dim(2), taps * kernel.dim(3), 1);
            default -> Tiling.of(taps * kernel.dim(2), kernel.dim(3), outputs, 1);
        };
    }

    private static float[] run(Device device, Program program, Shape in, Shape kernel, Shape out) {
        try (Compiled compiled = device.compile(program)) {
            return compiled.feed("x", normal(1, (int) in.size()))
                    .feed("w", normal(2, (int) kernel.size()))
                    .feed("dy", normal(3, (int) out.size()))
                    .run()
                    .floats("result");
        }
    }

    private static Shape shape(String extents) {
        return Shape.of(Arrays.stream(extents.split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray());
    }

    private static float[] normal(int seed, int n) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }
}
