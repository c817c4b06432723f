package org.jmoco.eval.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class FeatureHealthTest {
    private static DMatrixRMaj random(int n, int d, long seed) {
        DMatrixRMaj x = new DMatrixRMaj(n, d);
        Philox draws = new Philox(seed, 0, 0, 0);
        for (int i = 0; i < x.getNumElements(); i++) {
            x.data[i] = draws.nextNormal();
        }
        return Features.unitRows(x);
    }

    @Test
    void worksOutByHandOnAxes() {
        DMatrixRMaj queries = new DMatrixRMaj(new double[][] {{1, 0}, {0, 1}});
        DMatrixRMaj keys = new DMatrixRMaj(new double[][] {{1, 0}, {1, 0}});
        DMatrixRMaj negatives = new DMatrixRMaj(new double[][] {{0, 1}, {-1, 0}, {0, -1}});
        FeatureHealth health = FeatureHealth.of(queries, keys, negatives);
        assertEquals(1, health.alignment(), 1e-12); // 0 and |(−1, 1)|² = 2
        assertEquals(-4, health.uniformity(), 1e-12); // one pair at squared distance 2
        assertEquals(2, health.effectiveRank(), 1e-12);
        assertEquals(0.5 * Math.sqrt(2), health.spread(), 1e-12);
        assertEquals(1.5, health.positiveRank(), 1e-12); // first: none closer; second: (0, 1) is closer
    }

    @Test
    void randomDirectionsAreSpreadAndUseEveryDimension() {
        FeatureHealth health = FeatureHealth.of(random(2000, 32, 1), random(2000, 32, 2), random(500, 32, 3));
        assertEquals(2, health.alignment(), 0.05);
        assertEquals(1, health.spread(), 0.02);
        assertTrue(health.effectiveRank() > 31, health.toString());
        assertEquals(250, health.positiveRank(), 25);
        assertTrue(health.alarm().isEmpty());
    }

    @Test
    void collapseRaisesTheAlarm() {
        DMatrixRMaj point = new DMatrixRMaj(10, 4);
        for (int i = 0; i < 10; i++) {
            point.set(i, 0, 1);
        }
        assertTrue(FeatureHealth.of(point, point, point).alarm().orElseThrow().contains("collapsed to a point"));
        DMatrixRMaj line = new DMatrixRMaj(10, 4);
        for (int i = 0; i < 10; i++) {
            line.set(i, 0, i % 2 == 0 ? 1 : -1);
        }
        assertTrue(FeatureHealth.of(line, line, line).alarm().orElseThrow().contains("one direction"));
    }

    @Test
    void sizesThatDoNotFitAreNamed() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> FeatureHealth.of(random(4, 3, 1), random(3, 3, 1), random(2, 3, 1)))
                .getMessage();
        assertTrue(message.contains("4×3") && message.contains("3×3") && !message.isBlank(), message);
        assertFalse(message.contains("null"));
    }
}
