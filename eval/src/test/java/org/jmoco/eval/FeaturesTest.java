package org.jmoco.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    @Test
    void rowsAreScaledAsTheVocProtocolsDo() {
        DMatrixRMaj x = new DMatrixRMaj(new double[][] {{3, 4}, {0, 0}});
        assertArrayEquals(new double[] {3 / 5.00001, 4 / 5.00001, 0, 0}, Features.vocNormalised(x).data, 1e-15);
        assertArrayEquals(new double[] {0.6, 0.8, 0, 0}, Features.unitRows(x).data, 1e-15);
    }

    @Test
    void filesThatHoldNoFeaturesAreRefused() {
        refused("features must be [n, d]", ArrayData.ofFloats(new float[4]));
        refused("features must be [n, d]", ArrayData.ofFloats(new float[0], 0, 4));
        refused("row 1, column 0 is NaN", ArrayData.ofFloats(new float[] {1, 2, Float.NaN, 4}, 2, 2));
        refused("row 0, column 1 is Infinity", ArrayData.ofFloats(new float[] {1, Float.POSITIVE_INFINITY}, 1, 2));
        assertEquals(6, Features.of("x", ArrayData.ofFloats(new float[12], 2, 2, 3)).numCols);
    }

    private static void refused(String why, ArrayData array) {
        String message = assertThrows(DataException.class, () -> Features.of("x.npy", array))
                .getMessage();
        assertTrue(
                message.startsWith("x.npy: ")
                        && message.contains(why)
                        && message.lines().count() == 1,
                message);
    }
}
