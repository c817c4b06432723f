package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StridedTest {
    private static final ArrayData COUNTING = ArrayData.ofInts(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});

    @Test
    void viewsAreGathered() {
        ArrayData view = Strided.toDense(ElementType.I32, COUNTING.payload(), 1, new long[] {2, 3}, new long[] {1, 4});
        assertArrayEquals(new int[] {1, 5, 9, 2, 6, 10}, view.toIntArray());
        ArrayData repeated = Strided.toDense(ElementType.I32, COUNTING.payload(), 7, new long[] {3}, new long[] {0});
        assertArrayEquals(new int[] {7, 7, 7}, repeated.toIntArray());
    }

    @Test
    void permutationsOfEveryWidthAgree() {
        for (ArrayData a : new ArrayData[] {
            ArrayData.ofBytes(new byte[] {0, 1, 2, 3, 4, 5}),
            ArrayData.ofInts(new int[] {0, 1, 2, 3, 4, 5}),
            ArrayData.ofLongs(new long[] {0, 1, 2, 3, 4, 5})
        }) {
            ArrayData b = Strided.permute(a.reshape(1, 2, 3), 2, 0, 1);
            assertArrayEquals(new long[] {3, 1, 2}, b.shape());
            assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, b.toIntArray());
        }
    }

    @Test
    void aViewMayNotLeaveItsStorage() {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Strided.toDense(ElementType.I32, COUNTING.payload(), 8, new long[] {2}, new long[] {4}));
        assertEquals(
                0,
                Strided.toDense(ElementType.I32, COUNTING.payload(), 99, new long[] {0}, new long[] {4})
                        .count());
    }
}
