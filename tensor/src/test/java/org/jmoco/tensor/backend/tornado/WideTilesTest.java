package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
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

    private static float[] normal(int seed, int n) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }
}
