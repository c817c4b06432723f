package org.jmoco.eval.boxes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class BoxCoderTest {
    private static final Boxes REFERENCE = Boxes.of(10, 20, 30, 30);

    @Test
    void deltasFollowTheEquation() {
        float[] deltas = new float[5];
        BoxCoder.weighted(false).encode(REFERENCE, 0, Boxes.of(0, 0, 1, 1, 14, 20, 54, 25), 1, deltas, 1);
        assertArrayEquals(
                new float[] {0, 10 * 14 / 20f, 10 * -2.5f / 10, (float) (5 * Math.log(2)), (float) (5 * Math.log(0.5))},
                deltas,
                1e-6f);
    }

    @Test
    void decodingUndoesEncoding() {
        Philox draws = new Philox(1, 0, 0, 0);
        float[] sides = new float[400];
        for (int i = 0; i < 400; i += 4) {
            sides[i] = (float) draws.uniform(0, 100);
            sides[i + 1] = (float) draws.uniform(0, 100);
            sides[i + 2] = sides[i] + (float) draws.uniform(2, 60);
            sides[i + 3] = sides[i + 1] + (float) draws.uniform(2, 60);
        }
        Boxes targets = Boxes.of(sides);
        Boxes references = targets.flipped(160);
        float[] deltas = new float[100 * 7];
        for (int i = 0; i < 100; i++) {
            BoxCoder.weighted(true).encode(references, i, targets, i, deltas, 7 * i + 2);
        }
        assertArrayEquals(
                targets.toArray(),
                BoxCoder.weighted(true).decode(references, deltas, 2, 7).toArray(),
                2e-4f);
    }

    @Test
    void logarithmsAreClampedFromAboveOrOnBothSides() {
        float[] huge = {0, 0, 20, -20};
        Boxes detectron2 = BoxCoder.plain(false).decode(REFERENCE, huge, 0, 4);
        assertEquals(20 * 62.5f, detectron2.width(0), 1e-2f);
        assertEquals(10 * (float) Math.exp(-20), detectron2.height(0), 2e-6f);
        assertEquals(
                10 / 62.5f, BoxCoder.plain(true).decode(REFERENCE, huge, 0, 4).height(0), 2e-6f);
    }

    @Test
    void anchorsOfBothOrders() {
        Anchors anchors = new Anchors(16, List.of(32f, 64f), List.of(0.5f, 1f, 2f), Anchors.Order.SIZE_BY_SIZE);
        Boxes all = anchors.over(2, 3);
        assertEquals(36, all.size());
        float width = 32 * (float) Math.sqrt(2);
        assertArrayEquals(
                new float[] {-width / 2, -width / 4, width / 2, width / 4},
                all.select(0).toArray(),
                1e-5f);
        assertArrayEquals(new float[] {-16, -16, 16, 16}, all.select(1).toArray(), 1e-5f);
        assertArrayEquals(new float[] {-32, -32, 32, 32}, all.select(4).toArray(), 1e-5f);
        assertArrayEquals(
                new float[] {2 * 16 - 16, 16 - 16, 2 * 16 + 16, 16 + 16},
                all.select(6 * 5 + 1).toArray(),
                1e-5f);
        Boxes byRatio = new Anchors(16, anchors.sizes(), anchors.ratios(), Anchors.Order.RATIO_BY_RATIO).over(1, 1);
        assertEquals(all.select(0, 3, 1, 4, 2, 5), byRatio);
        assertArrayEquals(new int[] {25, 31}, Anchors.inside(all, 48.5f, 32.5f));
    }

    @Test
    void boxesAreMovedAsSaid() {
        Boxes boxes = Boxes.of(-1, 2, 5, 30, 3, 3, 3, 9);
        assertEquals(Boxes.of(0, 2, 4, 20, 3, 3, 3, 9), boxes.clipped(4, 20));
        assertEquals(Boxes.of(-2, 6, 10, 90, 6, 9, 6, 27), boxes.scaled(2, 3));
        assertEquals(Boxes.of(5, 2, 11, 30, 7, 3, 7, 9), boxes.flipped(10));
        assertArrayEquals(new int[] {0}, boxes.nonEmpty());
        assertEquals(Boxes.of(3, 3, 3, 9, -1, 2, 5, 30), boxes.select(1).concat(boxes.select(0)));
    }
}
