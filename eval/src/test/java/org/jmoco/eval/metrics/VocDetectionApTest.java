package org.jmoco.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.metrics.VocDetectionAp.Rules;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class VocDetectionApTest {
    private static final int CLASSES = 3;

    /// Random sets with tied scores, difficult objects, duplicates, images with nothing, against the
    /// definitions in float64, written as they stand.
    @Test
    void randomSetsEqualThePlainDefinitions() {
        Philox draws = new Philox(20, 0, 0, 0);
        double spread = 0;
        for (int set = 0; set < 300; set++) {
            List<Target.Objects> truth = new ArrayList<>();
            List<Detections> found = new ArrayList<>();
            made(draws, truth, found);
            for (Rules rules : Rules.values()) {
                for (Interpolation how : List.of(Interpolation.POINTS_11, Interpolation.AREA)) {
                    VocDetectionAp ap = VocDetectionAp.measure(truth, found, CLASSES, rules, how);
                    String name = rules + " " + how + " set " + set;
                    double sum = 0;
                    for (int t = 0; t < 10; t++) {
                        double mean = 0;
                        int classes = 0;
                        for (int c = 0; c < CLASSES; c++) {
                            double plain = plain(truth, found, c, t, rules, how);
                            double ours = ap.matched().averagePrecision(c, t, how);
                            assertEquals(plain, ours, 1e-12, name + " class " + c + " threshold " + t);
                            mean += Double.isNaN(plain) ? 0 : plain;
                            classes += Double.isNaN(plain) ? 0 : 1;
                        }
                        mean /= classes;
                        sum += mean / 10;
                        if (t == 0) {
                            assertEquals(mean, ap.ap50(), 1e-12, name);
                            spread = Math.max(spread, Double.isNaN(mean) ? 0 : mean);
                        } else if (t == 5) {
                            assertEquals(mean, ap.ap75(), 1e-12, name);
                        }
                    }
                    assertEquals(sum, ap.ap(), 1e-12, name);
                }
            }
        }
        assertTrue(spread > 0.3, "sets of some worth: " + spread);
    }

    private static void made(Philox draws, List<Target.Objects> truth, List<Detections> found) {
        int images = 1 + draws.below(6);
        for (int i = 0; i < images; i++) {
            List<Target.Instance> objects = new ArrayList<>();
            List<Detection> detections = new ArrayList<>();
            for (int o = draws.below(5); o > 0; o--) {
                int x = draws.below(40);
                int y = draws.below(40);
                int w = 4 + draws.below(30);
                int h = 4 + draws.below(30);
                int label = draws.below(CLASSES);
                boolean difficult = draws.below(4) == 0;
                objects.add(new Target.Instance(
                        label, new Target.Box(x, y, x + w, y + h), w * h, difficult, false, Optional.empty()));
                for (int d = draws.below(4); d > 0; d--) {
                    float off = draws.below(5) / 2f; // halves: overlaps tie, and some are a threshold exactly
                    detections.add(
                            found(draws.below(5) == 0 ? draws.below(CLASSES) : label, draws, x + off, y, w - off, h));
                }
            }
            for (int d = draws.below(4); d > 0; d--) {
                detections.add(found(
                        draws.below(CLASSES),
                        draws,
                        40 * draws.nextFloat(),
                        40 * draws.nextFloat(),
                        30 * draws.nextFloat(),
                        30 * draws.nextFloat()));
            }
            truth.add(new Target.Objects(80, 80, objects));
            found.add(new Detections(detections));
        }
    }

    /// Scores of which many tie, some only when they are rounded.
    private static Detection found(int label, Philox draws, float x, float y, float w, float h) {
        double score = draws.below(6) / 8.0 + (draws.below(2) == 0 ? 0 : 1e-4);
        return new Detection(label, score, x, y, w, h, Optional.empty());
    }

    private record Flat(int image, double score, double x0, double y0, double x1, double y1) {}

    private static double plain(
            List<Target.Objects> truth, List<Detections> found, int c, int t, Rules rules, Interpolation how) {
        boolean d2 = rules == Rules.DETECTRON2;
        List<Flat> all = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            for (Detection d : found.get(i).found()) {
                if (d.label() == c) {
                    double x1 = d.x() + d.width();
                    double y1 = d.y() + d.height();
                    all.add(
                            d2
                                    ? new Flat(
                                            i,
                                            text(d.score(), 3),
                                            text(d.x() + 1, 1),
                                            text(d.y() + 1, 1),
                                            text(x1, 1),
                                            text(y1, 1))
                                    : new Flat(i, d.score(), d.x(), d.y(), x1, y1));
                }
            }
        }
        all.sort((a, b) -> Double.compare(b.score, a.score));
        int objects = 0;
        List<boolean[]> taken = new ArrayList<>();
        for (Target.Objects image : truth) {
            taken.add(new boolean[image.instances().size()]);
            for (Target.Instance o : image.instances()) {
                objects += o.label() == c && !o.difficult() ? 1 : 0;
            }
        }
        if (objects == 0) {
            return Double.NaN;
        }
        List<double[]> points = new ArrayList<>(); // recall and precision behind every detection that counts
        int right = 0;
        int wrong = 0;
        double threshold = (50 + 5 * t) / 100.0;
        for (Flat d : all) {
            List<Target.Instance> instances = truth.get(d.image).instances();
            int best = -1;
            double most = -1;
            for (int pass = 0; pass < 2; pass++) {
                for (int g = 0; g < instances.size(); g++) {
                    Target.Instance o = instances.get(g);
                    boolean now = d2 ? pass == 0 : o.difficult() == (pass == 1);
                    double overlap = now && o.label() == c ? overlap(d, o.box(), d2) : -1;
                    if (overlap > most) {
                        most = overlap;
                        best = g;
                    }
                }
            }
            boolean matched = best >= 0 && (d2 ? most > threshold : most >= threshold);
            if (matched && instances.get(best).difficult()) {
                points.add(new double[] {right, right == 0 ? 0 : (double) right / (right + wrong)});
                continue;
            }
            if (matched && !taken.get(d.image)[best]) {
                taken.get(d.image)[best] = true;
                right++;
            } else {
                wrong++;
            }
            points.add(new double[] {right, (double) right / (right + wrong)});
        }
        double ap = 0;
        if (how == Interpolation.POINTS_11) {
            for (double recall : new double[] {0, 0.1, 0.2, 0.1 * 3, 0.4, 0.5, 0.1 * 6, 0.1 * 7, 0.8, 0.9, 1}) {
                double best = 0;
                for (double[] p : points) {
                    best = p[0] / objects >= recall ? Math.max(best, p[1]) : best;
                }
                ap += best / 11;
            }
            return ap;
        }
        for (int k = 1; k <= right; k++) {
            double best = 0;
            for (double[] p : points) {
                best = p[0] >= k ? Math.max(best, p[1]) : best;
            }
            ap += best / objects;
        }
        return ap;
    }

    private static double overlap(Flat d, Target.Box o, boolean d2) {
        if (d2) {
            double w = Math.max(Math.min(d.x1, o.x1()) - Math.max(d.x0, o.x0() + 1) + 1, 0);
            double h = Math.max(Math.min(d.y1, o.y1()) - Math.max(d.y0, o.y0() + 1) + 1, 0);
            double gt = (o.x1() - (o.x0() + 1) + 1) * (o.y1() - (o.y0() + 1) + 1);
            return w * h / ((d.x1 - d.x0 + 1) * (d.y1 - d.y0 + 1) + gt - w * h);
        }
        float w = Math.max((float) (Math.min((float) d.x1, o.x1() - 1)) - (float) Math.max(d.x0, o.x0()) + 1, 0);
        float h = Math.max((float) (Math.min((float) d.y1, o.y1() - 1)) - (float) Math.max(d.y0, o.y0()) + 1, 0);
        float gt = (float) ((o.x1() - o.x0()) * (o.y1() - o.y0()));
        float area = ((float) d.x1 - (float) d.x0 + 1) * ((float) d.y1 - (float) d.y0 + 1);
        return w * h / (area + gt - w * h);
    }

    private static double text(double value, int decimals) {
        return Double.parseDouble(
                new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toString());
    }

    /// IoU exactly 1/2: enough for MMDetection only. One row more is enough for both.
    @Test
    void theRulesDifferAtTheThreshold() {
        Target.Objects truth = new Target.Objects(
                50,
                50,
                List.of(new Target.Instance(0, new Target.Box(0, 0, 10, 20), 200, false, false, Optional.empty())));
        for (int rows : new int[] {10, 11}) {
            Detections d2 = new Detections(List.of(new Detection(0, 1, 0, 0, 10, rows, Optional.empty())));
            Detections mm = new Detections(List.of(new Detection(0, 1, 0, 0, 9, rows - 1, Optional.empty())));
            assertEquals(rows == 10 ? 0 : 1, ap50(truth, d2, Rules.DETECTRON2));
            assertEquals(1, ap50(truth, mm, Rules.MMDETECTION));
        }
    }

    /// 3 of 10 objects do not reach the recall 3·0.1, which is 0.30000000000000004.
    @Test
    void theThirdPointOfElevenLiesAboveThreeTenths() {
        List<Target.Instance> objects = new ArrayList<>();
        List<Detection> found = new ArrayList<>();
        for (int o = 0; o < 10; o++) {
            objects.add(new Target.Instance(
                    0, new Target.Box(20 * o, 0, 20 * o + 10, 10), 100, false, false, Optional.empty()));
            if (o < 3) {
                found.add(new Detection(0, 1, 20 * o, 0, 10, 10, Optional.empty()));
            }
        }
        Target.Objects truth = new Target.Objects(300, 50, objects);
        assertEquals(3 / 11.0, ap50(truth, new Detections(found), Rules.DETECTRON2), 1e-15);
    }

    @Test
    void decimalsAreThoseOfTheText() {
        assertEquals(0.1, VocDetectionAp.rounded(0.05, 1), "the float64 next to 0.05 lies above it");
        for (double v :
                new double[] {0.25, 0.35, 0.15, 2.5, -0.25, 123.45, 0.0005, 0.0015, 0.1235, 0.9995, 1e6 + 0.05, 0.3, 7
                }) {
            for (int decimals : new int[] {1, 3}) {
                assertEquals(text(v, decimals), VocDetectionAp.rounded(v, decimals), v + " to " + decimals);
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> VocDetectionAp.measure(List.of(), List.of(), 1, Rules.DETECTRON2, Interpolation.AREA));
        Detections third = new Detections(List.of(new Detection(2, 1, 0, 0, 1, 1, Optional.empty())));
        Target.Objects none = new Target.Objects(9, 9, List.of());
        assertThrows(
                IllegalArgumentException.class,
                () -> VocDetectionAp.measure(List.of(none), List.of(third), 2, Rules.DETECTRON2, Interpolation.AREA));
        assertTrue(Double.isNaN(ap50(none, Detections.NONE, Rules.MMDETECTION)));
    }

    private static double ap50(Target.Objects truth, Detections found, Rules rules) {
        return VocDetectionAp.measure(List.of(truth), List.of(found), 1, rules, Interpolation.POINTS_11)
                .ap50();
    }
}
