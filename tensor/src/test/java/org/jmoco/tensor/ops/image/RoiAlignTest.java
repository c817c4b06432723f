package org.jmoco.tensor.ops.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoiAlignTest extends OpTest {
    /// A linear function of the maps; positions and shares are rounded too.
    private static final OpCase.Bound BOUND = new OpCase.Bound(3e-6, 0);

    @Override
    protected List<OpCase> cases() {
        return List.of(
                one("adaptive samples", new RoiAlign(4, List.of(0.25f), 0, true), Shape.of(2, 13, 17, 5)),
                one("two samples a side", new RoiAlign(3, List.of(0.25f), 2, true), Shape.of(2, 13, 17, 8)),
                one("one sample a side", new RoiAlign(7, List.of(0.25f), 1, true), Shape.of(2, 13, 17, 3)),
                one("not aligned", new RoiAlign(4, List.of(0.25f), 0, false), Shape.of(2, 13, 17, 19)),
                one("not aligned, two samples", new RoiAlign(5, List.of(0.25f), 2, false), Shape.of(2, 13, 17, 1)),
                one("channels of several tasks", new RoiAlign(2, List.of(0.25f), 0, true), Shape.of(1, 12, 17, 300)),
                one("a map of one position", new RoiAlign(2, List.of(1 / 64f), 0, true), Shape.of(1, 1, 1, 9)),
                several());
    }

    /// Twelve boxes: random ones, one around all, one beyond the image, an empty one and one inside out.
    private static float[] boxes(int seed, float height, float width) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] boxes = new float[48];
        for (int r = 0; r < 8; r++) {
            boxes[4 * r] = (float) draws.uniform(0, width * 0.8);
            boxes[4 * r + 1] = (float) draws.uniform(0, height * 0.8);
            boxes[4 * r + 2] = boxes[4 * r] + (float) draws.uniform(1, width * 0.6);
            boxes[4 * r + 3] = boxes[4 * r + 1] + (float) draws.uniform(1, height * 0.6);
        }
        float[] special = {
            0,
            0,
            width,
            height, // all of it
            -width,
            height / 3,
            -3,
            height, // left of it
            5.5f,
            7,
            5.5f,
            7, // empty
            20,
            30,
            8,
            12 // inside out
        };
        System.arraycopy(special, 0, boxes, 32, 16);
        return boxes;
    }

    private static int[] cyclic(int n, int below) {
        return IntStream.range(0, n).map(i -> i * 7 % below).toArray();
    }

    private static OpCase one(String name, RoiAlign op, Shape map) {
        float scale = op.scales().getFirst();
        Tensor boxes = Tensor.of(Shape.of(12, 4), boxes(1, map.dim(1) / scale, map.dim(2) / scale));
        Tensor images = Tensor.of(Shape.of(12), cyclic(12, map.dim(0)));
        return OpCase.unary(name, x -> op.of(x, boxes, images), map).within(BOUND);
    }

    private static OpCase several() {
        RoiAlign op = new RoiAlign(3, List.of(0.25f, 0.125f, 0.0625f), 0, true);
        Tensor boxes = Tensor.of(Shape.of(12, 4), boxes(2, 60, 80));
        Tensor images = Tensor.of(Shape.of(12), cyclic(12, 2));
        Tensor levels = Tensor.of(Shape.of(12), cyclic(12, 3));
        return OpCase.of(
                        "several levels",
                        in -> op.of(List.of(in), boxes, images, levels),
                        Shape.of(2, 15, 20, 6),
                        Shape.of(2, 8, 10, 6),
                        Shape.of(2, 4, 5, 6))
                .within(BOUND);
    }

    /// Values and gradients of torchvision in float64.
    @ParameterizedTest
    @ValueSource(strings = {"aligned-0", "aligned-2", "plain-0", "plain-2"})
    void torchvisionGivesTheSame(String name) {
        SafeTensors fixture = fixture();
        Tensor x = tensor(fixture, "x");
        RoiAlign op = new RoiAlign(4, List.of(0.25f), name.endsWith("0") ? 0 : 2, name.startsWith("aligned"));
        Tensor y = op.of(x, tensor(fixture, "boxes"), integers(fixture, "images"));
        near(floats(fixture, name + ".y"), y.toArray());
        Tensor dx =
                Gradients.of(y.multiply(tensor(fixture, "weights")).sum(), x).getFirst();
        near(floats(fixture, name + ".dx"), dx.toArray());
    }

    private static void near(float[] expected, float... actual) {
        float most = 0;
        for (float e : expected) {
            most = Math.max(most, Math.abs(e));
        }
        assertTrue(most > 0);
        assertArrayEquals(expected, actual, 1e-5f * most);
    }

    private static SafeTensors fixture() {
        try (InputStream in = RoiAlignTest.class.getResourceAsStream("roi_align.safetensors")) {
            return SafeTensors.parse("roi_align.safetensors", MemorySegment.ofArray(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] floats(SafeTensors fixture, String name) {
        return fixture.get(name).toFloatArray();
    }

    private static Tensor tensor(SafeTensors fixture, String name) {
        int[] dims = Arrays.stream(fixture.get(name).shape())
                .mapToInt(Math::toIntExact)
                .toArray();
        return Tensor.of(Shape.of(dims), floats(fixture, name));
    }

    private static Tensor integers(SafeTensors fixture, String name) {
        float[] values = floats(fixture, name);
        int[] integers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (int) values[i];
        }
        return Tensor.of(Shape.of(values.length), integers);
    }

    @Test
    void aHugeBoxCostsNoMoreThanTheMap() {
        Tensor boxes = Tensor.of(Shape.of(1, 4), -1e9f, -1e9f, 1e9f, 1e9f);
        float[] y = new RoiAlign(2, List.of(1f), 0, true)
                .of(Tensor.ones(Shape.of(1, 3, 3, 1)), boxes, Tensor.of(Shape.of(1), 0))
                .toArray();
        for (float value : y) {
            assertEquals(0, value, 1e-6f);
        }
    }

    @Test
    void whatDoesNotExistIsNamed() {
        RoiAlign op = new RoiAlign(2, List.of(1f), 0, true);
        Tensor map = Tensor.ones(Shape.of(1, 3, 3, 1));
        Tensor box = Tensor.of(Shape.of(1, 4), 0f, 0f, 1f, 1f);
        Tensor first = Tensor.of(Shape.of(1), 0);
        Tensor second = Tensor.of(Shape.of(1), 1);
        Tensor broken = Tensor.of(Shape.of(1, 4), 0f, Float.NaN, 1f, 1f);
        assertEquals(
                List.of(
                        "roiAlign: box 0 is of image 1, there are 1",
                        "roiAlign: box 0 is of level 1, there are 1",
                        "roiAlign: box 0 is not finite: 0.0, NaN, 1.0, 1.0"),
                Stream.of(op.of(map, box, second), op.of(List.of(map), box, first, second), op.of(map, broken, first))
                        .map(t ->
                                assertThrows(RuntimeException.class, t::toArray).getMessage())
                        .toList());
    }
}
