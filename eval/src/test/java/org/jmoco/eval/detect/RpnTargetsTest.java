package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.Stem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Against the rules written down plainly in float64.
class RpnTargetsTest {
    private static final RpnTargets.Size IMAGE = new RpnTargets.Size(60, 90);
    private static final RpnTargets.Size PADDED = new RpnTargets.Size(64, 96);
    private static final Boxes OBJECTS = Boxes.of(3, 4, 33, 30, 20, 10, 75, 58, 70, 2, 83, 11, 21, 12, 77, 59);

    private static DetectConfig config(Flavour flavour, int samples) {
        DetectConfig d = DetectConfig.defaults();
        DetectConfig.Rpn rpn = new DetectConfig.Rpn(
                List.of(12f, 24f, 40f),
                List.of(0.5f, 1f, 2f),
                0.3,
                0.7,
                samples,
                0.5,
                d.rpn().training(),
                d.rpn().testing(),
                0.7);
        return new DetectConfig(
                d.name(),
                1,
                flavour,
                d.data(),
                d.encoder(),
                d.model(),
                rpn,
                d.regions(),
                d.views(),
                d.test(),
                d.recipe());
    }

    private static DetectBatch.AnchorSample draw(Flavour flavour, int samples, int step, Boxes objects) {
        return new RpnTargets(config(flavour, samples), Stem.CIFAR)
                .of(objects, IMAGE, PADDED, new RpnTargets.Draw(9, step, 5));
    }

    /// With more samples than anchors everything that has a label is drawn.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TORCHVISION")
    void positivesNegativesAndDeltasAreThoseOfTheRules(Flavour flavour) {
        Boxes anchors = config(flavour, 256).anchors(Stem.CIFAR).over(PADDED.height(), PADDED.width());
        int[] expected = reference(flavour, anchors);
        DetectBatch.AnchorSample sample = draw(flavour, 4 * anchors.size(), 0, OBJECTS);
        Set<Integer> positives = set(sample.numbers(), 0, sample.positives());
        Set<Integer> negatives = set(sample.numbers(), sample.positives(), sample.numbers().length);
        assertEquals(chosen(expected, 1, 99), positives);
        assertEquals(chosen(expected, 0, 0), negatives);
        assertTrue(positives.size() > 10 && negatives.size() > 500, positives.size() + ", " + negatives.size());
        for (int i = 0; i < sample.positives(); i++) {
            int a = sample.numbers()[i];
            int o = expected[a] - 1;
            double[] deltas = {
                (middle(OBJECTS.x0(o), OBJECTS.x1(o)) - middle(anchors.x0(a), anchors.x1(a))) / anchors.width(a),
                (middle(OBJECTS.y0(o), OBJECTS.y1(o)) - middle(anchors.y0(a), anchors.y1(a))) / anchors.height(a),
                Math.log(OBJECTS.width(o) / anchors.width(a)),
                Math.log(OBJECTS.height(o) / anchors.height(a))
            };
            for (int k = 0; k < 4; k++) {
                assertEquals(deltas[k], sample.deltas()[4 * i + k], 1e-5, "anchor " + a);
            }
        }
    }

    /// Of each anchor 1 + its object, 0 for background, −1 for neither.
    private static int[] reference(Flavour flavour, Boxes anchors) {
        int n = anchors.size();
        int m = OBJECTS.size();
        double[][] iou = new double[n][m];
        double[] bestOfObject = new double[m];
        boolean[] out = new boolean[n];
        for (int a = 0; a < n; a++) {
            out[a] = flavour == Flavour.MMDET
                    && (anchors.x0(a) < 0
                            || anchors.y0(a) < 0
                            || anchors.x1(a) >= IMAGE.width()
                            || anchors.y1(a) >= IMAGE.height());
            for (int o = 0; o < m; o++) {
                iou[a][o] = out[a] ? -1 : anchors.iou(a, OBJECTS, o);
                bestOfObject[o] = Math.max(bestOfObject[o], iou[a][o]);
            }
        }
        int[] result = new int[n];
        for (int a = 0; a < n; a++) {
            int best = 0;
            for (int o = 1; o < m; o++) {
                best = iou[a][o] > iou[a][best] ? o : best;
            }
            result[a] = out[a] ? -2 : iou[a][best] >= 0.7f ? best + 1 : iou[a][best] < 0.3f ? 0 : -1;
            for (int o = 0; o < m && !out[a]; o++) {
                boolean low = bestOfObject[o] > 0 && iou[a][o] == bestOfObject[o];
                if (low && flavour == Flavour.DETECTRON2) {
                    result[a] = best + 1;
                } else if (low && bestOfObject[o] >= 0.3f) {
                    result[a] = o + 1;
                }
            }
        }
        return result;
    }

    private static double middle(double a, double b) {
        return (a + b) / 2;
    }

    private static Set<Integer> chosen(int[] labels, int least, int most) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] >= least && labels[i] <= most)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> set(int[] numbers, int from, int to) {
        return Arrays.stream(numbers, from, to).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void halfAreDrawnAsTheStepSays() {
        DetectBatch.AnchorSample first = draw(Flavour.DETECTRON2, 16, 0, OBJECTS);
        assertEquals(16, first.numbers().length);
        assertEquals(8, first.positives());
        assertArrayEquals(
                first.numbers(), draw(Flavour.DETECTRON2, 16, 0, OBJECTS).numbers());
        assertTrue(!Arrays.equals(
                first.numbers(), draw(Flavour.DETECTRON2, 16, 1, OBJECTS).numbers()));
    }

    /// Beside a larger image an image of 40 × 50 pixels has padding beyond the 64 × 64 that it would have alone.
    @Test
    void anchorsBeyondTheOwnPaddingCountOrNot() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            DetectConfig config = DetectFixture.thin(
                    DetectConfig.Detector.FPN, flavour, DetectConfig.defaults().recipe());
            AnchorLevels anchors = config.anchors(Stem.IMAGENET);
            RpnTargets.Size image = new RpnTargets.Size(40, 50);
            RpnTargets.Size padded = new RpnTargets.Size(96, 160);
            Set<Integer> drawn = new TreeSet<>();
            for (int step = 0; step < 400; step++) {
                Arrays.stream(new RpnTargets(config, Stem.IMAGENET)
                                .of(Boxes.NONE, image, padded, new RpnTargets.Draw(1, step, 0))
                                .numbers())
                        .forEach(drawn::add);
            }
            Set<Integer> expected = new TreeSet<>();
            int number = 0;
            for (int level = 0; level < 5; level++) {
                int stride = 4 << level;
                for (int y = 0; y < Math.ceilDiv(96, stride); y++) {
                    for (int x = 0; x < Math.ceilDiv(160, stride); x++) {
                        for (int anchor = 0; anchor < 3; anchor++, number++) {
                            if (flavour == Flavour.DETECTRON2 || y * stride < 64 && x * stride < 64) {
                                expected.add(number);
                            }
                        }
                    }
                }
            }
            assertEquals(number, anchors.over(96, 160).size());
            assertTrue(expected.containsAll(drawn), "an anchor on the padding of others, " + flavour);
            assertTrue(drawn.size() > 0.9 * expected.size(), drawn.size() + " of " + expected.size());
        }
    }

    @Test
    void anImageWithoutObjectsIsBackground() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            DetectBatch.AnchorSample sample = draw(flavour, 16, 0, Boxes.NONE);
            assertEquals(0, sample.positives());
            assertEquals(16, sample.negatives());
        }
    }
}
