package org.jmoco.eval.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class TSneTest {
    private static final int CLUSTERS = 4;
    private static final int EACH = 30;

    /// Points around the corners of a simplex in 16 dimensions, cluster after cluster.
    private static DMatrixRMaj clusters() {
        DMatrixRMaj points = new DMatrixRMaj(CLUSTERS * EACH, 16);
        Philox draws = new Philox(7, 0, 0, 0);
        for (int i = 0; i < points.numRows; i++) {
            for (int k = 0; k < points.numCols; k++) {
                points.set(i, k, 0.5 * draws.nextNormal() + (k == i / EACH ? 8 : 0));
            }
        }
        return points;
    }

    @Test
    void neighboursStayNeighbours() {
        float[][] map = new TSne(10, 400).map(clusters(), 1);
        int right = 0;
        for (int i = 0; i < map.length; i++) {
            int nearest = -1;
            for (int j = 0; j < map.length; j++) {
                if (j != i && (nearest < 0 || distance(map[i], map[j]) < distance(map[i], map[nearest]))) {
                    nearest = j;
                }
            }
            right += nearest / EACH == i / EACH ? 1 : 0;
        }
        assertTrue(
                right >= 0.98 * map.length,
                right + " of " + map.length + " points have their nearest neighbour in their own cluster");
    }

    @Test
    void theSameSeedGivesTheSameMap() {
        float[][] first = new TSne(10, 60).map(clusters(), 3);
        float[][] second = new TSne(10, 60).map(clusters(), 3);
        for (int i = 0; i < first.length; i++) {
            assertArrayEquals(first[i], second[i]);
        }
    }

    @Test
    void twoPointsAndOneAreMapped() {
        assertTrue(Float.isFinite(TSne.USUAL.map(new DMatrixRMaj(new double[][] {{0, 1}, {1, 0}}), 0)[1][0]));
        assertTrue(Float.isFinite(TSne.USUAL.map(new DMatrixRMaj(new double[][] {{0, 1}}), 0)[0][0]));
    }

    private static double distance(float[] a, float[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }
}
