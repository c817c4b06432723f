package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Sampler;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class RoiTargetsTest {
    private static final int CLASSES = 3;
    private static final DetectConfig.Recipe RECIPE =
            new DetectConfig.Recipe(2, 2, 10, 0.01, List.of(), 0, 0, 0.9, 1e-4, 0);

    private static DetectBatch.Image image(Boxes objects, int... classes) {
        return new DetectBatch.Image(
                4, 60, 90, objects, classes, List.of(), new DetectBatch.AnchorSample(new int[0], 0, new float[0]));
    }

    private static RoiTargets targets(
            DetectConfig.Detector detector, Flavour flavour, DetectBatch.Image image, Boxes proposals) {
        return RoiTargets.of(
                DetectFixture.thin(detector, flavour, RECIPE),
                image,
                proposals,
                CLASSES,
                (i, object, boxes, box, cells) -> new byte[] {(byte) object, (byte) cells},
                new Philox(1, 2, 3, 4));
    }

    /// A quarter of the regions is positive at most, each has its object's class and the way to it, and the
    /// objects themselves are among the proposals.
    @Test
    void regionsShowTheirObjects() {
        Boxes objects = Boxes.of(0, 0, 20, 20, 40, 10, 80, 50);
        List<Float> sides = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sides.addAll(List.of(1f + i / 10f, 0f, 21f, 20f)); // all near the first
        }
        for (int i = 0; i < 30; i++) {
            sides.addAll(List.of(60f + i / 3f, 40f, 88f, 60f)); // and far from either
        }
        float[] flat = new float[sides.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = sides.get(i);
        }
        for (Flavour flavour : DetectFixture.TRAINED) {
            RoiTargets t = targets(DetectConfig.Detector.FPN, flavour, image(objects, 2, 1), Boxes.of(flat));
            assertEquals(16, t.boxes().size());
            assertEquals(4, t.positives());
            for (int i = 0; i < 16; i++) {
                boolean near = t.boxes().iou(i, objects, 0) >= 0.5;
                boolean second = t.boxes().iou(i, objects, 1) >= 0.5;
                assertEquals(near ? 2 : second ? 1 : CLASSES, t.classes()[i]);
                assertEquals(i < 4, near || second);
            }
            for (int i = 0; i < 4; i++) {
                Boxes back = flavour.regionCoder().decode(t.boxes().select(i), t.deltas(), 4 * i, 4);
                float[] object = objects.select(t.objects()[i]).toArray();
                assertArrayEquals(object, back.toArray(), 1e-4f);
                assertArrayEquals(
                        new byte[] {(byte) t.objects()[i], 8}, t.masks().get(i));
            }
        }
    }

    /// With few of them all are taken: there the order of drawing shows where the objects stand.
    @Test
    void objectsStandFirstOrLast() {
        Boxes objects = Boxes.of(0, 0, 20, 20);
        Boxes proposals = Boxes.of(1, 0, 20, 20, 2, 0, 20, 20);
        Boxes first = objects.concat(proposals);
        Boxes last = proposals.concat(objects);
        for (Flavour flavour : DetectFixture.TRAINED) {
            RoiTargets t = targets(DetectConfig.Detector.C4, flavour, image(objects, 0), proposals);
            Boxes candidates = flavour.objectsFirst() ? first : last;
            // A random order of three numbers: the same draws, so the same numbers, of the boxes in their order.
            int[] order = Sampler.draw(new byte[] {1, 1, 1}, 16, 4, new Philox(1, 2, 3, 4))
                    .positives();
            assertEquals(candidates.select(order), t.boxes());
        }
    }

    @Test
    void withoutObjectsAllIsBackground() {
        Boxes proposals = Boxes.of(1, 0, 20, 20, 2, 0, 20, 20, 5, 5, 9, 9);
        RoiTargets t = targets(DetectConfig.Detector.C4, Flavour.DETECTRON2, image(Boxes.NONE), proposals);
        assertEquals(0, t.positives());
        assertArrayEquals(new int[] {CLASSES, CLASSES, CLASSES}, t.classes());
        Set<Float> edges = new HashSet<>();
        for (int i = 0; i < t.boxes().size(); i++) {
            edges.add(t.boxes().x0(i));
        }
        assertEquals(Set.of(1f, 2f, 5f), edges);
    }

    /// What an image has too few of repeats with weight 0; a mask slot without an object too.
    @Test
    void missingRegionsWeighNothing() {
        DetectConfig config = DetectFixture.thin(DetectConfig.Detector.FPN, Flavour.DETECTRON2, RECIPE);
        Detector net = Detector.of(ResNet.Config.of(Arch.RESNET18).width(2), config, CLASSES);
        DetectBatch.Image image = new DetectBatch.Image(
                0,
                64,
                96,
                Boxes.of(0, 0, 20, 20),
                new int[] {1},
                List.of(),
                new DetectBatch.AnchorSample(new int[] {5, 9, 1500}, 1, new float[] {1, 2, 3, 4}));
        RoiTargets few = new RoiTargets(
                Boxes.of(0, 0, 20, 21, 30, 30, 60, 60, 1, 1, 5, 5),
                new int[] {1, CLASSES, CLASSES},
                new int[] {0},
                new float[] {1, 2, 3, 4},
                List.of(new byte[64]));
        LearnInputs.Arrays arrays = new LearnInputs(net, 1)
                .of(new DetectBatch(64, 96, new byte[64 * 96 * 3], List.of(image)), List.of(few));
        float[] weights = (float[]) arrays.byName().get(LearnInputs.BOX_WEIGHTS);
        assertEquals(16, weights.length);
        for (int i = 0; i < 16; i++) {
            assertEquals(i < 3 ? 1 / 3f : 0, weights[i]);
        }
        float[] boxes = (float[]) arrays.byName().get(LearnInputs.BOXES);
        assertArrayEquals(Arrays.copyOf(boxes, 12), Arrays.copyOfRange(boxes, 12, 24));
        assertArrayEquals(
                new float[] {1 / 64f, 0, 0, 0}, (float[]) arrays.byName().get(LearnInputs.MASK_WEIGHTS));
        float[] anchors = (float[]) arrays.byName().get(LearnInputs.ANCHOR_WEIGHTS);
        assertArrayEquals(new float[] {1 / 32f, 1 / 32f, 1 / 32f, 0}, Arrays.copyOf(anchors, 4));
        int[] rows = (int[]) arrays.byName().get(LearnInputs.ANCHORS);
        assertArrayEquals(new int[] {5, 9, 1500, 5}, Arrays.copyOf(rows, 4));
    }
}
