package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ArrayDataTest {
    @Test
    void valuesSurviveTheWayInAndOut() {
        assertArrayEquals(
                new float[] {1, -2.5f},
                ArrayData.ofFloats(new float[] {1, -2.5f}).toFloatArray());
        assertArrayEquals(
                new double[] {1e300}, ArrayData.ofDoubles(new double[] {1e300}).toDoubleArray());
        assertArrayEquals(new int[] {7, -9}, ArrayData.ofInts(new int[] {7, -9}).toIntArray());
        assertArrayEquals(
                new long[] {1L << 60}, ArrayData.ofLongs(new long[] {1L << 60}).toLongArray());
        assertArrayEquals(
                new int[] {0, 255}, ArrayData.ofBytes(new byte[] {0, -1}).toIntArray());
    }

    @Test
    void largeLongsRoundOnceOnTheWayToFloat() {
        long value = (1L << 60) + (1L << 36) + 1; // through double this is a tie and rounds down
        assertEquals((float) value, ArrayData.ofLongs(new long[] {value}).toFloatArray()[0]);
        assertNotEquals((float) (double) value, (float) value);
    }

    @Test
    void everyHalfWidensAsIeeeSays() {
        MemorySegment all = ArrayData.allocate(2 * 65_536);
        for (int bits = 0; bits < 65_536; bits++) {
            all.set(ArrayData.I16, 2L * bits, (short) bits);
        }
        float[] halves = ArrayData.of(ElementType.F16, new long[] {65_536}, all).toFloatArray();
        for (int bits = 0; bits < 65_536; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double magnitude = exponent == 31
                    ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0
                            ? fraction * Math.scalb(1.0, -24)
                            : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
            assertEquals((float) (bits < 0x8000 ? magnitude : -magnitude), halves[bits], "bits " + bits);
        }
    }

    @Test
    void bfloat16RoundsToNearestEven() {
        assertEquals(1f, ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(1f)));
        assertEquals(1f, ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(1f + 0x1p-8f)), "a tie goes to even");
        assertEquals(1f + 0x1p-6f, ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(1f + 0x3p-8f)), "so does this");
        assertEquals(1f + 0x1p-7f, ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(1f + 0x1.01p-8f)));
        assertTrue(Float.isNaN(ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(Float.intBitsToFloat(0x7f800001)))));
        assertEquals(Float.POSITIVE_INFINITY, ArrayData.bfloat16ToFloat(ArrayData.floatToBfloat16(Float.MAX_VALUE)));
    }

    @Test
    void mistakesAreNamed() {
        Throwable size = assertThrows(IllegalArgumentException.class, () -> ArrayData.ofFloats(new float[5], 2, 3));
        assertEquals("an array F32[2, 3] has 24 bytes, the payload has 20", size.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ArrayData.count(1L << 40, 1L << 40));
        assertThrows(IllegalArgumentException.class, () -> ArrayData.count(-1));
        assertThrows(IllegalArgumentException.class, () -> ArrayData.byteSize(ElementType.F64, 1L << 61));
        assertThrows(
                IllegalStateException.class,
                () -> ArrayData.ofFloats(new float[1]).toIntArray());
        assertThrows(
                IllegalStateException.class,
                () -> ArrayData.ofLongs(new long[] {1L << 31}).toIntArray());
    }

    @Test
    void scalarsHaveRankZero() {
        ArrayData scalar = ArrayData.ofFloats(new float[] {3}).reshape();
        assertEquals(0, scalar.rank());
        assertEquals(1, scalar.count());
        assertEquals("F32[]", scalar.toString());
    }
}
