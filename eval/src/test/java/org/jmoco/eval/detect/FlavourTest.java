package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Matcher;
import org.jmoco.eval.masks.MaskPaste;
import org.jmoco.nn.Arch;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Each place where the libraries differ, in what it does to a network, a box or a loss.
class FlavourTest {
    private static final Flavour D2 = Flavour.DETECTRON2;
    private static final Flavour MM = Flavour.MMDET;
    private static final Flavour TV = Flavour.TORCHVISION;

    private static DetectConfig config(DetectConfig.Detector detector, Flavour flavour) {
        return DetectFixture.thin(
                detector, flavour, new DetectConfig.Recipe(2, 2, 10, 0.01, List.of(), 0, 0, 0.9, 1e-4, 0));
    }

    @Test
    void anchorsOfAPositionStandSizeBySizeOrRatioByRatio() {
        Boxes d2 = config(DetectConfig.Detector.C4, D2).anchors(Stem.IMAGENET).over(1, 1);
        Boxes mm = config(DetectConfig.Detector.C4, MM).anchors(Stem.IMAGENET).over(1, 1);
        assertEquals(9, d2.size());
        assertEquals(-8f, d2.select(1).x0(0)); // the first size, ratio 1
        assertEquals(-16f, mm.select(4).x0(0)); // ratio 1, the second size
        assertEquals(d2.select(0, 3, 6, 1, 4, 7, 2, 5, 8), mm);
        assertEquals(Anchors.Order.SIZE_BY_SIZE, D2.anchorOrder());
    }

    @Test
    void anObjectTakesItsBestAnchorsOrNot() {
        Boxes objects = Boxes.of(0, 0, 10, 10, 0, 0, 10, 9);
        Boxes anchors = Boxes.of(0, 0, 10, 10);
        assertArrayEquals(
                new int[] {0},
                D2.anchorMatcher(0.3, 0.7).match(objects, anchors).object());
        assertArrayEquals(
                new int[] {1},
                MM.anchorMatcher(0.3, 0.7).match(objects, anchors).object());
    }

    /// mmdet's FPN recipe matches low qualities from an overlap of 0.5 on, its C4 recipe does not.
    @Test
    void anObjectTakesItsBestProposalsInOneRecipeAlone() {
        Boxes objects = Boxes.of(0, 0, 10, 10, 0, 0, 10, 9);
        Boxes proposals = Boxes.of(0, 0, 10, 10, 0, 0, 10, 4);
        for (Flavour flavour : DetectFixture.TRAINED) {
            for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
                Matcher.Matches m = flavour.proposalMatcher(detector, 0.5).match(objects, proposals);
                int taker = flavour == MM && detector == DetectConfig.Detector.FPN ? 1 : 0;
                assertEquals(taker, m.object()[0]);
                assertEquals(Matcher.NEGATIVE, m.label()[1]);
            }
        }
    }

    @Test
    void lossesOfAnchorsAreDividedByThoseAskedForOrDrawn() {
        assertEquals(256, D2.anchorsCounted(256, 3, 100));
        assertEquals(103, MM.anchorsCounted(256, 3, 100));
        assertEquals(101, MM.anchorsCounted(256, 0, 100)); // none counts as one
    }

    @Test
    void proposalsAreRankedByLogitOrSigmoid() {
        assertEquals(20f, D2.rank(20));
        assertEquals(MM.rank(20), MM.rank(21)); // both are 1 in float32
        assertEquals(0.5f, MM.rank(0));
        assertEquals(20f, TV.rank(20)); // in a level
        assertEquals(TV.rankOverLevels(20), TV.rankOverLevels(21));
        assertEquals(20f, D2.rankOverLevels(D2.rank(20)));
        assertEquals(0.5f, MM.rankOverLevels(MM.rank(0)));
    }

    @Test
    void logarithmsAreClampedAboveOrOnBothSides() {
        Boxes box = Boxes.of(0, 0, 100, 100);
        float[] deltas = {0, 0, -9, 9};
        Boxes d2 = D2.anchorCoder().decode(box, deltas, 0, 4);
        Boxes mm = MM.anchorCoder().decode(box, deltas, 0, 4);
        assertEquals(100 * StrictMath.exp(-9), d2.width(0), 1e-4);
        assertEquals(100 * 16 / 1000f, mm.width(0), 1e-4);
        assertEquals(d2.height(0), mm.height(0));
        assertEquals(BoxCoder.weighted(true), MM.regionCoder());
    }

    @Test
    void levelsFollowTheSideOfARegion() {
        for (Flavour flavour : Flavour.values()) {
            assertEquals(0, flavour.level(56 * 56, 56));
            assertEquals(1, flavour.level(112 * 112, 56));
            assertEquals(2, flavour.level(224 * 224, 56));
            assertEquals(1, flavour.level(223 * 223, 56));
        }
        // 1e-6 lifts a side that is just too short, 1e-8 does not.
        float justBelow = 55.99996f * 55.99996f;
        assertEquals(-1, D2.level(justBelow, 56));
        assertEquals(0, MM.level(justBelow, 56));
        assertEquals(0, TV.level(justBelow, 56));
    }

    /// A padded side of 96 pixels has two positions of stride 64: in torchvision they are 48 pixels apart.
    @Test
    void torchvisionsAnchorsAreWholeAndFillTheirMap() {
        Boxes d2 = config(DetectConfig.Detector.FPN, D2).anchors(Stem.IMAGENET).over(4, 96, 128);
        Boxes tv = config(DetectConfig.Detector.FPN, TV).anchors(Stem.IMAGENET).over(4, 96, 128);
        assertEquals(Boxes.of(-64, -64, 64, 64), tv.select(1));
        assertEquals(Boxes.of(0, -64, 128, 64), tv.select(4)); // to the right
        assertEquals(Boxes.of(-64, -16, 64, 112), tv.select(7)); // below
        assertEquals(Boxes.of(-64, 0, 64, 128), d2.select(7));
        assertEquals(Boxes.of(-91, -45, 91, 45), tv.select(0));
        assertEquals(-90.51f, d2.x0(0), 0.01f);
    }

    /// A box of 2 by 4 pixels with one cell: the rim of one cell makes it 6 by 12, whole pixels 7 by 13.
    @Test
    void torchvisionsMasksFillWholePixels() {
        Boxes box = Boxes.of(10.3f, 10.3f, 12.3f, 14.3f);
        float[] mask = {1};
        // Sides −2 and +2 of the middle 11.3 are 8.3 and 14.3, pixels 8 to 14; of 12.3 6.3 and 18.3, pixels 6 to 18.
        // A pixel is inside where 1 − |u| · 1 − |v| is ½ or more, u = (x − 11) · 3/7, v = (y − 12) · 3/13.
        int inside = 0;
        boolean[] pixels = TV.paste().paste(mask, 1, box, 0, 30, 30).toMask();
        for (int y = 0; y < 30; y++) {
            for (int x = 0; x < 30; x++) {
                double u = Math.max(0, 1 - Math.abs(x - 11) * 3 / 7.0);
                double v = Math.max(0, 1 - Math.abs(y - 12) * 3 / 13.0);
                assertEquals(u * v >= 0.5, pixels[y * 30 + x], x + " " + y);
                inside += pixels[y * 30 + x] ? 1 : 0;
            }
        }
        assertTrue(inside > 4, inside + " pixels");
        assertEquals(MaskPaste.PLACES, D2.paste());
        assertEquals(MaskPaste.PLACES, MM.paste());
    }

    @Test
    void torchvisionDropsTheTinyAndTrainsNothing() {
        assertEquals(1e-3f, TV.smallestProposal());
        assertEquals(1e-2f, TV.smallestDetection());
        assertEquals(0, D2.smallestProposal() + MM.smallestDetection());
        assertArrayEquals(new int[] {1}, Boxes.of(0, 0, 5, 0.5f, 0, 0, 1, 1).atLeast(1));
        DetectConfig config = config(DetectConfig.Detector.FPN, TV);
        String refusal = assertThrows(
                        IllegalArgumentException.class,
                        () -> new DetectOutline(config, ResNet.Config.of(Arch.RESNET18), 3))
                .getMessage();
        assertTrue(refusal.contains("trained by flavour detectron2 or mmdet"), refusal);
    }

    @Test
    void weightDecayPassesOverNormsOrNot() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            Detector net =
                    Detector.of(ResNet.Config.of(Arch.RESNET18).width(2), config(DetectConfig.Detector.C4, flavour), 3);
            net.initialize(1);
            float[] before = ((BatchNorm2d) net.modules().get("roi_head.shared_head.norm"))
                    .parameters()
                    .getFirst()
                    .toArray();
            assertEquals(1, before[0]);
            Sgd sgd = net.sgd();
            Program decay = Program.trace(
                    "decay",
                    p -> sgd.update(
                            sgd.parameters().stream()
                                    .map(v -> Tensor.zeros(v.shape()))
                                    .toList(),
                            p.scalar("lr")));
            Device.current().compile(decay).feed("lr", 100f).run();
            float after = ((BatchNorm2d) net.modules().get("roi_head.shared_head.norm"))
                    .parameters()
                    .getFirst()
                    .toArray()[0];
            assertEquals(flavour.decaysNorms() ? 0.99f : 1, after, 1e-6f); // 1 − 100 · 1e-4
        }
    }

    @Test
    void whatTheDataIsMadeByIsSaid() {
        assertTrue(D2.resizesAsPillow() && !MM.resizesAsPillow());
        assertEquals(0, D2.vocEdge());
        assertEquals(1, MM.vocEdge());
        assertTrue(D2.trainsOnDifficult() && !MM.trainsOnDifficult());
        assertEquals(1, D2.padding(DetectConfig.Detector.C4));
        assertEquals(32, D2.padding(DetectConfig.Detector.FPN));
        assertEquals(32, MM.padding(DetectConfig.Detector.C4));
        assertTrue(MM.trainsInside(DetectConfig.Detector.C4) && !MM.trainsInside(DetectConfig.Detector.FPN));
        assertFalse(D2.trainsInside(DetectConfig.Detector.C4));
        assertTrue(D2.drawsPolygons() && !MM.drawsPolygons());
        assertTrue(D2.overlapsStrictly() && !MM.overlapsStrictly());
        assertTrue(D2.endsWithPreciseBatchNorm() && !MM.endsWithPreciseBatchNorm());
    }
}
