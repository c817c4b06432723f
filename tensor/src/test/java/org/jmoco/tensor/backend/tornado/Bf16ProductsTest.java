package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which products matrix units compute, and numbers that only a conversion of all bits gets right. Their results are
/// compared in `MatMulTest` and `PrecisionTest`.
class Bf16ProductsTest {
    private static final String PER_TILE = "matmul.bf16PerTile";

    @BeforeEach
    void requireMatrixUnits() {
        Assumptions.assumeTrue(
                TestDevices.requireSdk().backend() instanceof TornadoBackend b
                        && b.launcher().profile().matrixUnits(),
                "needs a device with matrix units, or the emulator of tornado-config/emulator");
    }

    private static List<String> launched(Program program) {
        TornadoBackend backend =
                (TornadoBackend) TestDevices.onSdk().orElseThrow().backend();
        try (TornadoExecutable executable = (TornadoExecutable) backend.compile(program.graph())) {
            return executable.emitted().stream().map(Launch::name).toList();
        }
    }

    private static Program step(Shape images, Shape weight) {
        return Program.trace("step", p -> {
            Tensor x = p.input("x", images);
            Tensor w = p.input("w", weight);
            Tensor y = Scope.in("network", () -> x.conv2d(w, Conv2d.of(1, 0)));
            List<Tensor> gradients = Gradients.of(y.multiply(y).sum(), x, w);
            p.output("dx", gradients.get(0));
            p.output("dw", gradients.get(1));
        });
    }

    @Test
    void roundedProductsThatFragmentsMakeUpAreTaken() {
        Program step = step(Shape.of(2, 8, 8, 24), Shape.of(1, 1, 24, 40));
        assertFalse(launched(step).contains(PER_TILE));
        List<String> rounded = launched(step.with(Precision.BF16));
        assertEquals(
                2, rounded.stream().filter(PER_TILE::equals).count(), "forward and towards the images: " + rounded);
        List<String> three = launched(step.with(Precision.BF16X3));
        assertEquals(6, three.stream().filter(PER_TILE::equals).count(), three.toString());
        assertTrue(launched(step(Shape.of(1, 5, 7, 24), Shape.of(1, 1, 24, 40)).with(Precision.BF16))
                .contains(PER_TILE));
        assertFalse(launched(step(Shape.of(1, 3, 5, 24), Shape.of(1, 1, 24, 40)).with(Precision.BF16))
                .contains(PER_TILE));
        assertFalse(launched(step(Shape.of(1, 5, 7, 23), Shape.of(1, 1, 23, 37)).with(Precision.BF16))
                .contains(PER_TILE));
    }

    /// Zeros, numbers below the normal ones, the ends of the range, infinities and NaN, multiplied by 1.
    @Test
    void everyNumberKeepsItsBits() {
        float[] numbers = new float[16 * 16];
        for (int i = 0; i < numbers.length; i++) {
            int upper = i << 8 | i * 37 % 256; // all signs and exponents
            numbers[i] = Float.intBitsToFloat(upper << 16);
        }
        float[] ones = new float[16 * 8];
        for (int j = 0; j < 8; j++) {
            ones[j * 8 + j] = 1;
        }
        Program identity = Program.trace(
                "identity",
                p -> p.output(
                        "y",
                        p.input("a", Shape.of(16, 16))
                                .roundBf16()
                                .matmul(p.input("b", Shape.of(16, 8)).roundBf16())));
        assertTrue(launched(identity).contains(PER_TILE));
        for (int row = 0; row < 16; row++) {
            float[] left = new float[16 * 16]; // one number a row: 0 · ∞ would be NaN in all of it
            for (int i = 0; i < 16; i++) {
                left[i * 16 + i % 8] = numbers[row * 16 + i];
            }
            float[] y = TestDevices.onSdk()
                    .orElseThrow()
                    .compile(identity)
                    .feed("a", left)
                    .feed("b", ones)
                    .run()
                    .floats("y");
            for (int i = 0; i < 16; i++) {
                float number = numbers[row * 16 + i];
                assertEquals(number == 0 ? 0 : number, y[i * 8 + i % 8] == 0 ? 0 : y[i * 8 + i % 8]);
            }
        }
    }
}
