package org.jmoco.eval.masks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;

/// Against PyTorch's `grid_sample` (`make_mask_targets.py`), and by hand.
class MaskPasteTest {
    private static final int CELLS = 28;

    @Test
    void pixelsAreThoseOfGridSample() {
        Map<String, ArrayData> fixture =
                EvalFixtures.tensors("masks/targets.safetensors").arrays();
        float[] masks = fixture.get("paste_masks").toFloatArray();
        Boxes boxes = Boxes.of(fixture.get("paste_boxes").toFloatArray());
        float[] values = fixture.get("paste_values").toFloatArray();
        int inside = 0;
        int near = 0;
        for (int i = 0; i < boxes.size(); i++) {
            float[] mask = Arrays.copyOfRange(masks, i * CELLS * CELLS, (i + 1) * CELLS * CELLS);
            boolean[] pixels =
                    MaskPaste.PLACES.paste(mask, CELLS, boxes, i, 40, 50).toMask();
            for (int k = 0; k < pixels.length; k++) {
                float value = values[i * pixels.length + k];
                boolean tie = Math.abs(value - 0.5) < 1e-5;
                near += tie ? 1 : 0;
                assertTrue(tie || pixels[k] == value >= 0.5, "mask " + i + " pixel " + k + ": " + value);
                inside += pixels[k] ? 1 : 0;
            }
        }
        assertTrue(inside > 1000 && near < 20, inside + " pixels inside, " + near + " at ½");
    }

    @Test
    void workedByHand() {
        // Columns 1 and 2 of a box over the pixels 1 to 4: the left cell is 1, the right one 0.4.
        float[] mask = {1, 0.4f, 1, 0.4f};
        Rle rle = MaskPaste.PLACES.paste(mask, 2, Boxes.of(1, 0, 5, 2), 0, 3, 6);
        // u = −¼, ¼, ¾, 1¼ in columns 1 to 4: 0.75, 0.85, 0.55, 0.3; rows at v = 0 and 1.
        assertArrayEquals(new int[] {3, 2, 1, 2, 1, 2, 1 + 2 * 3}, rle.counts());
        assertEquals(18, Arrays.stream(rle.counts()).sum());
    }

    @Test
    void whatIsOutsideOrEmptyHasNoPixels() {
        float[] ones = {1, 1, 1, 1};
        assertEquals(
                0,
                MaskPaste.PLACES
                        .paste(ones, 2, Boxes.of(20, 20, 30, 30), 0, 10, 10)
                        .area());
        assertEquals(
                0,
                MaskPaste.PLACES
                        .paste(ones, 2, Boxes.of(-9, -9, -1, -1), 0, 10, 10)
                        .area());
        assertEquals(
                0,
                MaskPaste.PLACES.paste(ones, 2, Boxes.of(3, 3, 3, 8), 0, 10, 10).area());
        assertEquals(
                0,
                MaskPaste.PLACES
                        .paste(new float[4], 2, Boxes.of(0, 0, 10, 10), 0, 10, 10)
                        .area());
        Boxes whole = Boxes.of(0, 0, 10, 10);
        // Interpolated with the 0 outside, the outermost pixels of 10 over 2 cells are 0.6 and 0.8: each corner loses
        // those of 0.36 and 0.48.
        assertEquals(88, MaskPaste.PLACES.paste(ones, 2, whole, 0, 10, 10).area());
        assertThrows(IllegalArgumentException.class, () -> MaskPaste.PLACES.paste(ones, 3, whole, 0, 10, 10));
    }
}
