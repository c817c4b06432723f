package org.jmoco.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;

class LabelMatrixTest {
    @Test
    void severalLabelsAnItem() {
        LabelMatrix labels = LabelMatrix.of("f", ArrayData.ofInts(new int[] {1, 0, -1, 0, 0, 1}, 2, 3));
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
        LabelMatrix ids = LabelMatrix.of("f", ArrayData.ofLongs(new long[] {2, 0, 1}));
        assertEquals(LabelMatrix.of(new int[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}), ids);
        assertEquals("class 2", ids.name(2));
        assertNotEquals(ids, LabelMatrix.ofIds(new int[] {2, 0, 1}, 5));
    }

    /// Labels from 1 on, or of any size: classes are those that occur.
    @Test
    void classNumbersMayBeginAnywhereAndHaveGaps() {
        LabelMatrix train = LabelMatrix.of("f", ArrayData.ofInts(new int[] {1, 50_000_000, 7, Integer.MAX_VALUE, 7}));
        assertEquals(4, train.classes());
        assertEquals("class 50000000", train.name(2));
        assertEquals(2, train.count(1, 1));
        LabelMatrix test =
                LabelMatrix.of("t", ArrayData.ofInts(new int[] {7, 1})).matched("t", train);
        assertEquals(4, test.classes());
        assertArrayEquals(new int[] {0, 1, 0, 0}, test.row(0));
        assertEquals(
                "t: item 1 has class 8, which no training item has",
                assertThrows(
                                DataException.class,
                                () -> LabelMatrix.of("t", ArrayData.ofInts(new int[] {7, 8}))
                                        .matched("t", train))
                        .getMessage());
    }

    @Test
    void partsAreMatchedByTheNamesOfTheirClasses() {
        LabelMatrix train =
                LabelMatrix.of("f", ArrayData.ofInts(new int[] {0, 1, 2})).namedBy("f", List.of("ant", "bee", "cat"));
        LabelMatrix test =
                LabelMatrix.of("t", ArrayData.ofInts(new int[] {0, 1})).namedBy("t", List.of("bee", "cat"));
        assertArrayEquals(new int[] {0, 1, 0}, test.matched("t", train).row(0));
        assertArrayEquals(new int[] {0, 0, 1}, test.matched("t", train).row(1));
        LabelMatrix other =
                LabelMatrix.of("t", ArrayData.ofInts(new int[] {0, 1})).namedBy("t", List.of("bee", "dog"));
        assertEquals(
                "t: item 1 has dog, which no training item has",
                assertThrows(DataException.class, () -> other.matched("t", train))
                        .getMessage());
        LabelMatrix several = LabelMatrix.of("t", ArrayData.ofInts(new int[] {1, 0, -1, 1}, 2, 2))
                .namedBy("t", List.of("cat", "bee"));
        assertArrayEquals(new int[] {0, 1, -1}, several.matched("t", train).row(1));
        assertEquals(
                "t: has the class number 1, but there are 1 class names",
                assertThrows(
                                DataException.class,
                                () -> LabelMatrix.of("t", ArrayData.ofInts(new int[] {0, 1}))
                                        .namedBy("t", List.of("bee")))
                        .getMessage());
    }

    @Test
    void labelsOutsideTheirRangeAreRefusedWithTheFile() {
        refused("item 1, class 0 has 2; only 1 (in the class)", ArrayData.ofInts(new int[] {0, 1, 2, 0}, 2, 2));
        refused("item 0 has class -1, below 0", ArrayData.ofInts(new int[] {-1, 1, 3}));
        refused(
                "item 1 has class -1, below 0; of one class coded +1 and -1 make a matrix [n, 1] of 1 and 0",
                ArrayData.ofInts(new int[] {1, -1, 1}));
        refused("element 1 is 9999999999, too large for an int", ArrayData.ofLongs(new long[] {0, 9_999_999_999L}));
        refused("labels must be integers", ArrayData.ofFloats(new float[] {0, 1}));
        refused("labels must be [n] class ids or [n, classes]", ArrayData.ofInts(new int[8], 2, 2, 2));
        refused("there are no items or no classes", ArrayData.ofInts(new int[0]));
        refused("there are no items or no classes", ArrayData.ofInts(new int[0], 0, 4));
        int[] many = IntStream.range(0, 50_000).toArray();
        refused("50000 items of 50000 classes are more than fit; are these class numbers?", ArrayData.ofInts(many));
    }

    private static void refused(String why, ArrayData array) {
        String message = assertThrows(DataException.class, () -> LabelMatrix.of("y.npy", array))
                .getMessage();
        assertTrue(message.startsWith("y.npy: " + why) && message.lines().count() == 1, message);
    }
}
