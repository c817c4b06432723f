package org.jmoco.eval.boxes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class MatcherTest {
    private static double iou(Boxes a, int i, Boxes b, int j) {
        double w = Math.max(Math.min((double) a.x1(i), b.x1(j)) - Math.max((double) a.x0(i), b.x0(j)), 0);
        double h = Math.max(Math.min((double) a.y1(i), b.y1(j)) - Math.max((double) a.y0(i), b.y0(j)), 0);
        double areas = ((double) a.x1(i) - a.x0(i)) * ((double) a.y1(i) - a.y0(i))
                + ((double) b.x1(j) - b.x0(j)) * ((double) b.y1(j) - b.y0(j));
        return w * h / (areas - w * h);
    }

    private static Boxes random(Philox draws, int n) {
        float[] sides = new float[4 * n];
        for (int i = 0; i < n; i++) {
            sides[4 * i] = draws.below(160) / 4f;
            sides[4 * i + 1] = draws.below(160) / 4f;
            sides[4 * i + 2] = sides[4 * i] + (1 + draws.below(120)) / 4f;
            sides[4 * i + 3] = sides[4 * i + 1] + (1 + draws.below(120)) / 4f;
        }
        return Boxes.of(sides);
    }

    /// Against the definitions in float64, with overlaps that tie; none lies near a threshold without being on it.
    @Test
    void randomBoxesFollowTheDefinitions() {
        int positives = 0;
        for (int test = 0; test < 300; test++) {
            Philox draws = new Philox(3, test, 0, 0);
            Boxes objects = random(draws, 1 + draws.below(6));
            Boxes boxes = random(draws, draws.below(90));
            Matcher.Best best = Matcher.Best.values()[test % 3];
            Matcher.Matches matches = new Matcher(0.3f, 0.7f, best).match(objects, boxes);
            double[] largest = new double[objects.size()];
            for (int o = 0; o < objects.size(); o++) {
                for (int k = 0; k < boxes.size(); k++) {
                    largest[o] = Math.max(largest[o], iou(objects, o, boxes, k));
                }
            }
            for (int k = 0; k < boxes.size(); k++) {
                double most = -1;
                int object = -1;
                int taker = -1;
                boolean isBest = false;
                for (int o = 0; o < objects.size(); o++) {
                    double overlap = iou(objects, o, boxes, k);
                    if (overlap > most + 1e-9) {
                        most = overlap;
                        object = o;
                    }
                    if (overlap > 0 && Math.abs(overlap - largest[o]) < 1e-9) {
                        isBest = true;
                        taker = overlap > 0.3 - 1e-7 ? o : taker;
                    }
                }
                int label = most > 0.7 - 1e-7 ? 1 : most < 0.3 - 1e-7 ? 0 : -1;
                if (best == Matcher.Best.POSITIVE && isBest || best == Matcher.Best.TAKEN && taker >= 0) {
                    label = 1;
                    object = best == Matcher.Best.TAKEN ? taker : object;
                }
                assertEquals(label, matches.label()[k], "test " + test + ", box " + k);
                if (label == 1) {
                    positives++;
                    assertEquals(object, matches.object()[k], "test " + test + ", box " + k);
                }
            }
        }
        assertTrue(positives > 300, "only " + positives);
    }

    /// The first object overlaps both boxes best, the second one the same box best too.
    @Test
    void aBestBoxKeepsItsObjectOrIsTaken() {
        Boxes objects = Boxes.of(0, 0, 10, 10, 0, 0, 10, 16);
        Boxes boxes = Boxes.of(0, 0, 10, 12);
        assertArrayEquals(
                new int[] {0},
                new Matcher(0.3f, 0.7f, Matcher.Best.POSITIVE)
                        .match(objects, boxes)
                        .object());
        assertArrayEquals(
                new int[] {1},
                new Matcher(0.3f, 0.7f, Matcher.Best.TAKEN)
                        .match(objects, boxes)
                        .object());
    }

    @Test
    void withoutObjectsAllIsBackground() {
        Matcher.Matches matches =
                new Matcher(0.3f, 0.7f, Matcher.Best.POSITIVE).match(Boxes.NONE, Boxes.of(0, 0, 1, 1));
        assertArrayEquals(new int[] {-1}, matches.object());
        assertArrayEquals(new byte[] {0}, matches.label());
    }

    @Test
    void vectorAndPlainKernelsGiveTheSameBits() {
        Philox draws = new Philox(4, 0, 0, 0);
        Boxes boxes = random(draws, 203);
        BoxColumns columns = BoxColumns.of(boxes);
        for (int i = 0; i < 20; i++) {
            float[] vector = new float[203];
            float[] plain = new float[203];
            new VectorOverlapKernel().iou(boxes, i, columns, 0, 203, vector);
            new PlainOverlapKernel().iou(boxes, i, columns, 0, 203, plain);
            assertArrayEquals(plain, vector);
            for (int j = 0; j < 203; j++) {
                assertEquals(iou(boxes, i, boxes, j), plain[j], 1e-6);
            }
            float threshold = 0.02f * i;
            boolean any = false;
            for (int j = 20; j < 203; j++) {
                any |= plain[j] > threshold;
            }
            BoxColumns others = new BoxColumns(0);
            for (int j = 20; j < 203; j++) {
                others.add(boxes, j);
            }
            assertEquals(any, new VectorOverlapKernel().anyAbove(threshold, boxes, i, others));
            assertEquals(any, new PlainOverlapKernel().anyAbove(threshold, boxes, i, others));
        }
    }
}
