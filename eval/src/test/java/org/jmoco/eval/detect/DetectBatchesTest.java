package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;

class DetectBatchesTest {
    private static ImageSource images(Flavour flavour, boolean masks, List<String> remarks) {
        return TrainingObjects.of(
                new ObjectData.Part(new PaintedObjects(11, 3), ObjectData.COCO, Optional.empty(), false),
                flavour,
                masks,
                remarks);
    }

    static DetectConfig config(Flavour flavour, DetectConfig.Detector detector, boolean masks) {
        DetectConfig d = DetectConfig.defaults();
        boolean c4 = detector == DetectConfig.Detector.C4;
        DetectConfig.Rpn rpn = new DetectConfig.Rpn(
                c4 ? List.of(12f, 20f) : List.of(8f, 12f, 20f, 30f, 40f),
                List.of(0.5f, 1f, 2f),
                0.3,
                0.7,
                32,
                0.5,
                d.rpn().training(),
                d.rpn().testing(),
                0.7);
        return new DetectConfig(
                "painted",
                7,
                flavour,
                d.data(),
                d.encoder(),
                new DetectConfig.Model(detector, DetectConfig.Head.TWO_FC, 8, 16, DetectConfig.Norms.NONE, 1, masks),
                rpn,
                d.regions(),
                new DetectConfig.Views(List.of(36, 44), 60, 0.5, 2),
                d.test(),
                new DetectConfig.Recipe(4, 2, 10, 0.02, List.of(8), 2, 0.001, 0.9, 1e-4, 0));
    }

    private static List<List<DetectBatch>> batches(DetectConfig config, long done, int count, int threads) {
        ImageSource source = images(config.flavour(), config.model().masks(), new ArrayList<>());
        List<List<DetectBatch>> batches = new ArrayList<>();
        try (DetectBatches all = new DetectBatches(source, config, Stem.CIFAR, done, threads)) {
            for (int i = 0; i < count; i++) {
                batches.add(all.next());
            }
        }
        return batches;
    }

    private static String text(List<List<DetectBatch>> batches) {
        StringBuilder text = new StringBuilder();
        for (List<DetectBatch> batch : batches) {
            for (DetectBatch part : batch) {
                text.append(part.height())
                        .append(' ')
                        .append(part.width())
                        .append(' ')
                        .append(Arrays.hashCode(part.pixels()));
                for (DetectBatch.Image image : part.images()) {
                    text.append(' ')
                            .append(image.number())
                            .append(image.boxes())
                            .append(Arrays.toString(image.classes()))
                            .append(Arrays.toString(image.anchors().numbers()))
                            .append(Arrays.toString(image.anchors().deltas()));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void aBatchIsTheSameOnAnyThreadsAndAfterAResume() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            DetectConfig config = config(flavour, DetectConfig.Detector.C4, false);
            List<List<DetectBatch>> all = batches(config, 0, 7, 1);
            assertEquals(text(all), text(batches(config, 0, 7, 3)), flavour + " on threads");
            assertEquals(text(all.subList(3, 7)), text(batches(config, 3, 4, 2)), flavour + " resumed");
        }
    }

    /// Both images of a part are wide or both are not; they are padded alike, as the flavour says.
    @Test
    void partsArePaddedToTheirLargestImage() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            for (List<DetectBatch> batch : batches(config(flavour, DetectConfig.Detector.C4, false), 0, 12, 2)) {
                assertEquals(2, batch.size());
                for (DetectBatch part : batch) {
                    DetectBatch.Image a = part.images().get(0);
                    DetectBatch.Image b = part.images().get(1);
                    assertEquals(a.width() > a.height(), b.width() > b.height());
                    int height = Math.max(a.height(), b.height());
                    int width = Math.max(a.width(), b.width());
                    boolean exact = flavour == Flavour.DETECTRON2;
                    assertEquals(exact ? height : Math.ceilDiv(height, 32) * 32, part.height());
                    assertEquals(exact ? width : Math.ceilDiv(width, 32) * 32, part.width());
                }
            }
        }
    }

    /// The pixels of a red object are red where its box is, also in a flipped view.
    @Test
    void boxesAndMasksLieOnTheirObjects() {
        for (Flavour flavour : DetectFixture.TRAINED) {
            int looked = 0;
            for (List<DetectBatch> batch : batches(config(flavour, DetectConfig.Detector.FPN, true), 0, 10, 2)) {
                for (DetectBatch part : batch) {
                    for (int slot = 0; slot < part.images().size(); slot++) {
                        looked += look(flavour, part, slot);
                    }
                }
            }
            assertEquals(40, looked);
        }
    }

    private static int look(Flavour flavour, DetectBatch part, int slot) {
        DetectBatch.Image image = part.images().get(slot);
        for (int o = 0; o < image.classes().length; o++) {
            // A rectangle fills its own box, and half of one that is twice as wide to the right of its middle.
            Boxes boxes = image.boxes();
            float middle = (boxes.x0(o) + boxes.x1(o)) / 2;
            Boxes asked = boxes.concat(Boxes.of(middle, boxes.y0(o), middle + boxes.width(o), boxes.y1(o)));
            assertEquals(1, inside(image.masks().get(o).in(asked, o, 8)), 0.15, flavour + " whole");
            if (asked.x1(boxes.size()) <= image.width()) {
                byte[] half = image.masks().get(o).in(asked, boxes.size(), 8);
                assertEquals(0.5, inside(half), 0.2, flavour + " half");
            }
        }
        // The green object, which was painted last, is whole.
        int green = 1;
        int x = (int) ((image.boxes().x0(green) + image.boxes().x1(green)) / 2);
        double greenness = 0;
        int y = (int) ((image.boxes().y0(green) + image.boxes().y1(green)) / 2);
        for (int dy = -3; dy <= 3; dy++) {
            for (int dx = -3; dx <= 3; dx++) {
                int at = 3 * ((slot * part.height() + y + dy) * part.width() + x + dx);
                greenness += (part.pixels()[at + 1] & 0xFF) - (part.pixels()[at] & 0xFF);
            }
        }
        assertTrue(greenness / 49 > 80, "greenness " + greenness / 49);
        return 1;
    }

    private static double inside(byte... cells) {
        int sum = 0;
        for (byte cell : cells) {
            sum += cell;
        }
        return (double) sum / cells.length;
    }

    @Test
    void whatIsNotToBeFoundIsLeftOutAndSaid() {
        List<String> remarks = new ArrayList<>();
        ImageSource mmdet = images(Flavour.MMDET, true, remarks);
        assertEquals(2, ((Target.Objects) mmdet.target(4)).instances().size(), "a difficult one");
        assertEquals(2, ((Target.Objects) mmdet.target(3)).instances().size(), "a crowd");
        assertEquals(
                List.of(
                        "2 objects of the training images stand for many objects and are not trained on, the first in"
                                + " painted 3",
                        "2 objects of the training images are difficult and are not trained on, the first in painted"
                                + " 4"),
                remarks);
        ImageSource detectron = images(Flavour.DETECTRON2, true, new ArrayList<>());
        assertEquals(3, ((Target.Objects) detectron.target(4)).instances().size());
    }

    @Test
    void vocsBoxesAreThoseOfTheFlavour() {
        ObjectData.Part voc = new ObjectData.Part(new PaintedObjects(1, 3), ObjectData.VOC, Optional.empty(), false);
        Target.Box d2 = first(TrainingObjects.of(voc, Flavour.DETECTRON2, false, new ArrayList<>()));
        Target.Box mm = first(TrainingObjects.of(voc, Flavour.MMDET, false, new ArrayList<>()));
        assertEquals(new Target.Box(d2.x0(), d2.y0(), d2.x1() - 1, d2.y1() - 1), mm);
        assertEquals(
                ((Target.Objects) voc.images().target(0)).instances().getFirst().box(), d2);
    }

    private static Target.Box first(ImageSource source) {
        return ((Target.Objects) source.target(0)).instances().getFirst().box();
    }

    @Test
    void aDataSetWithoutObjectsIsRefused() {
        ImageSource none = new ImageSource() {
            private final PaintedObjects images = new PaintedObjects(2, 1);

            @Override
            public int size() {
                return 2;
            }

            @Override
            public String name(int index) {
                return images.name(index);
            }

            @Override
            public Target.Kind targets() {
                return Target.Kind.OBJECTS;
            }

            @Override
            public Target target(int index) {
                return new Target.Objects(40, 40, List.of());
            }

            @Override
            public List<String> classes() {
                return PaintedObjects.NAMES;
            }

            @Override
            public org.jmoco.nn.data.image.RgbImage load(int index) {
                return images.load(index);
            }
        };
        ObjectData.Part part = new ObjectData.Part(none, ObjectData.COCO, Optional.empty(), false);
        DataException e = assertThrows(
                DataException.class, () -> TrainingObjects.of(part, Flavour.DETECTRON2, false, new ArrayList<>()));
        assertEquals("painted 0 and the other 1 training images have no object to find", e.getMessage());
        assertArrayEquals(new String[] {"red", "green"}, none.classes().toArray());
    }
}
