package org.jmoco.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;

class LabelMatrixTest {
    @Test
    void severalLabelsAnItem() {
        LabelMatrix labels = LabelMatrix.of("f", ArrayData.ofInts(new int[] {1, 0, -1, 0, 0, 1}, 2, 3), 0);
        assertEquals(2, labels.items());
        assertEquals(3, labels.classes());
        assertArrayEquals(new int[] {-1, 1}, labels.column(2));
        assertEquals(1, labels.count(2, 1));
        assertEquals(2, labels.count(1, 0));
        assertEquals("class 1", labels.name(1));
        assertEquals("b", labels.named(List.of("a", "b", "c")).name(1));
        assertEquals(labels, labels.named(List.of("a", "b", "c")));
    }

    @Test
    void classIdsAreOneColumnEach() {
        LabelMatrix ids = LabelMatrix.of("f", ArrayData.ofLongs(new long[] {2, 0, 1}), 0);
        assertEquals(LabelMatrix.of(new int[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}), ids);
        LabelMatrix more = LabelMatrix.of("f", ArrayData.ofLongs(new long[] {2, 0, 1}), 5);
        assertEquals(5, more.classes());
        assertNotEquals(ids, more);
    }

    @Test
    void labelsOutsideTheirRangeAreRefusedWithTheFile() {
        refused("item 1, class 0 has 2; only 1 (in the class)", ArrayData.ofInts(new int[] {0, 1, 2, 0}, 2, 2), 0);
        refused("item 2 has class 3, outside 0 … 2", ArrayData.ofInts(new int[] {0, 1, 3}), 3);
        refused("item 0 has class -1, outside", ArrayData.ofInts(new int[] {-1, 1, 3}), 0);
        refused("element 1 is 9999999999, too large for an int", ArrayData.ofLongs(new long[] {0, 9_999_999_999L}), 0);
        refused("labels must be integers", ArrayData.ofFloats(new float[] {0, 1}), 0);
        refused("labels must be [n] class ids or [n, classes]", ArrayData.ofInts(new int[8], 2, 2, 2), 0);
        refused("there are no items or no classes", ArrayData.ofInts(new int[0]), 0);
        refused("there are no items or no classes", ArrayData.ofInts(new int[0], 0, 4), 0);
    }

    private static void refused(String why, ArrayData array, int classes) {
        String message = assertThrows(DataException.class, () -> LabelMatrix.of("y.npy", array, classes))
                .getMessage();
        assertTrue(message.startsWith("y.npy: " + why) && message.lines().count() == 1, message);
    }
}
