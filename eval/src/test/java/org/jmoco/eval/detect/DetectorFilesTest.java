package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.masks.MaskPaste;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.CocoCategories;
import org.jmoco.nn.data.dense.FloatResize;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.dense.ResizeShortest;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights of other libraries: names and orders, and what torchvision's own network finds.
class DetectorFilesTest {
    private static final DetectConfig.Recipe RECIPE =
            new DetectConfig.Recipe(2, 2, 10, 0.01, List.of(), 0, 0, 0.9, 1e-4, 0);

    /// torchvision's models.
    private static DetectConfig torchvision(
            int channels, int hidden, boolean masks, DetectConfig.Proposed proposed, DetectConfig.Test test) {
        return new DetectConfig(
                "torchvision",
                0,
                Flavour.TORCHVISION,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new DetectConfig.Model(
                        DetectConfig.Detector.FPN,
                        DetectConfig.Head.TWO_FC,
                        channels,
                        hidden,
                        DetectConfig.Norms.NONE,
                        1,
                        masks),
                new DetectConfig.Rpn(
                        channels == 8 ? List.of(8f, 16f, 24f, 32f, 48f) : List.of(32f, 64f, 128f, 256f, 512f),
                        List.of(0.5f, 1f, 2f),
                        0.3,
                        0.7,
                        256,
                        0.5,
                        proposed,
                        proposed,
                        0.7),
                new DetectConfig.Regions(0.5, 512, 0.25, 7, 14, 56),
                new DetectConfig.Views(List.of(64), 128, 0.5, 1),
                test,
                RECIPE);
    }

    /// One image grows and one shrinks, and their padded sides are no multiples of the last map's stride.
    @Test
    void torchvisionsNetworkFindsTheSame() {
        DetectConfig config = torchvision(
                8, 16, true, new DetectConfig.Proposed(200, 60), new DetectConfig.Test(75, 140, 0.05, 0.5, 20));
        for (Device device : TestDevices.all()) {
            finds(
                    EvalFixtures.path("detect/torchvision-net.safetensors"),
                    EvalFixtures.tensors("detect/torchvision-found.safetensors"),
                    config,
                    device);
        }
    }

    /// Needs what `make_torchvision_detector.py --full DIR` writes.
    @ParameterizedTest
    @ValueSource(strings = {"fasterrcnn", "maskrcnn"})
    @EnabledIfSystemProperty(named = "jmoco.torchvision", matches = ".+")
    void soDoItsPublishedOnesOnPhotographs(String name) {
        Path folder = Path.of(System.getProperty("jmoco.torchvision"));
        DetectConfig config = torchvision(
                256,
                1024,
                name.equals("maskrcnn"),
                new DetectConfig.Proposed(1000, 1000),
                new DetectConfig.Test(800, 1333, 0.05, 0.5, 100));
        SafeTensors found = SafeTensors.read(folder.resolve(name + "-found.safetensors"));
        System.out.println(
                name + ": " + finds(folder.resolve(name + "-net.safetensors"), found, config, Device.current()));
    }

    @Test
    void itsPixelsAreTheSame() {
        SafeTensors found = EvalFixtures.tensors("detect/torchvision-found.safetensors");
        ArrayData image = found.get("image0");
        ArrayData resized = found.get("resized0");
        float[] pixels = FloatResize.padded(
                new RgbImage((int) image.dim(1), (int) image.dim(0), bytes(image)),
                Normalize.IMAGENET,
                new RatioResize.Size(125, 75),
                new RatioResize.Size((int) resized.dim(1), (int) resized.dim(0)));
        assertTrue(farthest(resized.toFloatArray(), pixels) < 1e-6);
    }

    @Test
    void itsImagesAreAsLargeAsThere() {
        int[] sizes = EvalFixtures.tensors("detect/torchvision-found.safetensors")
                .get("sizes")
                .toIntArray();
        ResizeShortest resize = new ResizeShortest(List.of(800), 1333, Flavour.TORCHVISION.resize());
        for (int i = 0; i < sizes.length; i += 4) {
            assertEquals(new RatioResize.Size(sizes[i + 2], sizes[i + 3]), resize.of(sizes[i], sizes[i + 1]));
        }
    }

    /// @return the largest differences, in words
    private static String finds(Path weights, SafeTensors found, DetectConfig config, Device device) {
        Detector net = DetectorFiles.read(weights, config);
        float scores = 0;
        float sides = 0;
        int count = 0;
        long different = 0;
        long pixels = 0;
        float cells = 0;
        double theirs = 0;
        try (DetectPredictor predictor = new DetectPredictor(net, Normalize.IMAGENET, device)) {
            for (int i = 0; found.arrays().containsKey("image" + i); i++) {
                ArrayData image = found.get("image" + i);
                int height = (int) image.dim(0);
                int width = (int) image.dim(1);
                Detections seen = predictor.detect(new RgbImage(width, height, bytes(image)));
                int[] labels = found.get("labels" + i).toIntArray();
                assertTrue(labels.length > 10, "too few to compare");
                assertArrayEquals(
                        labels, Arrays.stream(seen.classes()).map(c -> c + 1).toArray());
                scores = Math.max(scores, farthest(found.get("scores" + i).toFloatArray(), seen.scores()));
                sides = Math.max(
                        sides,
                        farthest(
                                found.get("boxes" + i).toFloatArray(),
                                seen.boxes().toArray()));
                count += labels.length;
                if (config.model().masks()) {
                    float[] expected = found.get("cells" + i).toFloatArray();
                    for (int k = 0; k < labels.length; k++) {
                        float[] mask = seen.masks().get(k);
                        cells = Math.max(
                                cells,
                                farthest(Arrays.copyOfRange(expected, k * mask.length, (k + 1) * mask.length), mask));
                    }
                    theirs = Math.max(theirs, found.get("far" + i).toDoubleArray()[2]);
                    byte[] bits = bytes(found.get("masks" + i));
                    different += differentPixels(bits, seen, config.flavour().paste(), height, width);
                    for (byte eight : bits) {
                        pixels += Integer.bitCount(eight & 0xFF);
                    }
                }
            }
        }
        String words = count + " objects, scores within " + scores + ", sides within " + sides
                + " pixels, cells of masks within " + cells + " (float32 within " + theirs + " of float64), "
                + different
                + " pixels of masks differ, which have " + pixels;
        assertTrue(scores <= 1e-4 && sides <= 1e-2 && different <= 1e-3 * pixels, words);
        assertTrue(cells <= 3 * theirs, words);
        return words;
    }

    private static long differentPixels(byte[] bits, Detections seen, MaskPaste paste, int height, int width) {
        int row = bits.length / seen.size();
        long different = 0;
        for (int i = 0; i < seen.size(); i++) {
            int cells = (int) Math.round(Math.sqrt(seen.masks().get(i).length));
            boolean[] mask = paste.paste(seen.masks().get(i), cells, seen.boxes(), i, height, width)
                    .toMask();
            for (int k = 0; k < mask.length; k++) {
                boolean theirs = (bits[i * row + k / 8] >> 7 - k % 8 & 1) == 1;
                different += mask[k] == theirs ? 0 : 1;
            }
        }
        return different;
    }

    private static float farthest(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        float most = 0;
        for (int i = 0; i < expected.length; i++) {
            most = Math.max(most, Math.abs(expected[i] - actual[i]));
        }
        return most;
    }

    private static byte[] bytes(ArrayData array) {
        int[] values = array.toIntArray();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static Detector net(DetectConfig.Detector detector, Flavour flavour) {
        Detector net =
                Detector.of(ResNet.Config.of(Arch.RESNET18).width(2), DetectFixture.thin(detector, flavour, RECIPE), 3);
        net.initialize(4);
        return net;
    }

    /// Every array of every network goes out under the names of a library and comes back the same.
    @Test
    void namesLeadThereAndBack() {
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            for (Flavour flavour : Flavour.values()) {
                for (DetectorNames names : List.of(DetectorNames.MMDET, DetectorNames.DETECTRON2)) {
                    Detector net = net(detector, flavour);
                    Map<String, ArrayData> theirs = names.fromOurs(StateDict.of(net), net.config());
                    assertEquals(names, DetectorNames.of(theirs.keySet()).orElseThrow());
                    assertEquals(StateDict.of(net), names.toOurs(theirs, net.config()));
                }
            }
        }
        Detector plain = net(DetectConfig.Detector.FPN, Flavour.DETECTRON2);
        Map<String, ArrayData> theirs = DetectorNames.TORCHVISION.fromOurs(StateDict.of(plain), plain.config());
        assertEquals(StateDict.of(plain), DetectorNames.TORCHVISION.toOurs(theirs, plain.config()));
        assertTrue(theirs.keySet()
                .containsAll(SafeTensors.read(EvalFixtures.path("detect/torchvision-net.safetensors"))
                        .arrays()
                        .keySet()));
    }

    /// As a checkpoint of `pascal_voc_R_50_C4_24k_moco` and of a norm-carrying Mask R-CNN has them.
    @Test
    void detectron2sNamesAreItsOwn() {
        Detector c4 = net(DetectConfig.Detector.C4, Flavour.MMDET);
        assertTrue(DetectorNames.DETECTRON2
                .fromOurs(StateDict.of(c4), c4.config())
                .keySet()
                .containsAll(List.of(
                        "backbone.stem.conv1.weight",
                        "backbone.stem.conv1.norm.running_var",
                        "backbone.res2.0.conv1.weight",
                        "backbone.res4.1.conv2.norm.bias",
                        "backbone.res3.0.shortcut.weight",
                        "backbone.res3.0.shortcut.norm.weight",
                        "proposal_generator.rpn_head.conv.weight",
                        "proposal_generator.rpn_head.objectness_logits.bias",
                        "proposal_generator.rpn_head.anchor_deltas.weight",
                        "roi_heads.res5.0.conv1.weight",
                        "roi_heads.res5.1.conv2.norm.weight",
                        "roi_heads.res5.0.shortcut.norm.running_mean",
                        "roi_heads.res5.norm.weight",
                        "roi_heads.box_predictor.cls_score.weight",
                        "roi_heads.box_predictor.bbox_pred.bias")));
        Detector fpn = net(DetectConfig.Detector.FPN, Flavour.MMDET);
        assertTrue(DetectorNames.DETECTRON2
                .fromOurs(StateDict.of(fpn), fpn.config())
                .keySet()
                .containsAll(List.of(
                        "backbone.bottom_up.stem.conv1.weight",
                        "backbone.bottom_up.res5.1.conv2.norm.running_mean",
                        "backbone.fpn_lateral2.weight",
                        "backbone.fpn_lateral2.norm.weight",
                        "backbone.fpn_output5.norm.bias",
                        "roi_heads.box_head.conv1.weight",
                        "roi_heads.box_head.conv4.norm.weight",
                        "roi_heads.box_head.fc1.weight",
                        "roi_heads.mask_head.mask_fcn1.weight",
                        "roi_heads.mask_head.mask_fcn4.norm.bias",
                        "roi_heads.mask_head.deconv.weight",
                        "roi_heads.mask_head.predictor.bias")));
    }

    /// An anchor keeps its scores, wherever its library has it.
    @Test
    void anchorsKeepTheirScores() {
        Detector mm = net(DetectConfig.Detector.C4, Flavour.MMDET);
        Boxes ours = mm.config().anchors(Stem.IMAGENET).over(1, 1);
        Boxes theirs = net(DetectConfig.Detector.C4, Flavour.DETECTRON2)
                .config()
                .anchors(Stem.IMAGENET)
                .over(1, 1);
        float[] numbers = new float[ours.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        mm.named().get("rpn_head.rpn_cls.bias").set(numbers);
        float[] moved = DetectorNames.DETECTRON2
                .fromOurs(StateDict.of(mm), mm.config())
                .get("proposal_generator.rpn_head.objectness_logits.bias")
                .toFloatArray();
        for (int i = 0; i < numbers.length; i++) {
            assertEquals(ours.select((int) moved[i]), theirs.select(i));
        }
    }

    /// mmdet lays a region's cells out channel by channel.
    @Test
    void cellsAreTurnedOver() {
        Detector net = net(DetectConfig.Detector.FPN, Flavour.MMDET);
        String name = "roi_head.bbox_head.shared_fcs.0.weight";
        float[] ours = StateDict.of(net).get(name).toFloatArray();
        float[] theirs = DetectorNames.MMDET
                .fromOurs(StateDict.of(net), net.config())
                .get(name)
                .toFloatArray();
        int side = 3;
        int channels = 4;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int c = 0; c < channels; c++) {
                    assertEquals(
                            ours[(y * side + x) * channels + c], theirs[(c * side + y) * side + x]); // the first output
                }
            }
        }
    }

    @Test
    void aWrittenNetworkIsReadAgain(@TempDir Path folder) {
        Detector net = net(DetectConfig.Detector.C4, Flavour.DETECTRON2);
        Path file = folder.resolve("final.safetensors");
        DetectorFiles.write(file, net, DetectorNames.DETECTRON2);
        assertEquals(StateDict.of(net), StateDict.of(DetectorFiles.read(file, net.config())));
        Path other = EvalFixtures.path("extract/resnet18-cifar-weights.safetensors");
        String refusal = assertThrows(FormatException.class, () -> DetectorFiles.read(other, net.config()))
                .getMessage();
        assertTrue(refusal.contains("holds no detector") && !refusal.contains("\n"), refusal);
        Map<String, ArrayData> arrays = DetectorNames.MMDET.fromOurs(StateDict.of(net), net.config());
        DetectConfig c = net.config();
        DetectConfig.Rpn rpn = c.rpn();
        DetectConfig fewer = new DetectConfig(
                c.name(),
                c.seed(),
                c.flavour(),
                c.data(),
                c.encoder(),
                c.model(),
                new DetectConfig.Rpn(
                        List.of(16f, 32f),
                        rpn.ratios(),
                        rpn.low(),
                        rpn.high(),
                        rpn.samples(),
                        rpn.positives(),
                        rpn.training(),
                        rpn.testing(),
                        rpn.nms()),
                c.regions(),
                c.views(),
                c.test(),
                c.recipe());
        assertThrows(IllegalArgumentException.class, () -> DetectorNames.MMDET.toOurs(arrays, fewer));
        DetectConfig masks = DetectFixture.thin(DetectConfig.Detector.FPN, Flavour.DETECTRON2, RECIPE);
        String pyramid = assertThrows(FormatException.class, () -> DetectorFiles.read(file, masks))
                .getMessage();
        assertTrue(!pyramid.contains("\n"), pyramid);
    }

    /// Files alone lead there and back: nothing but names and shapes says what network they hold.
    @Test
    void filesAreConvertedWithoutAConfiguration(@TempDir Path folder) {
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            for (Flavour flavour : Flavour.values()) {
                Detector net = net(detector, flavour);
                Path ours = folder.resolve("ours.safetensors");
                DetectorFiles.write(ours, net, DetectorNames.MMDET);
                Path previous = ours;
                for (String step :
                        List.of("a.pth detectron2", "b.pth mmdet", "c.pkl detectron2", "d.safetensors mmdet")) {
                    Path next = folder.resolve(step.substring(0, step.indexOf(' ')));
                    convert(previous, next, step.substring(step.indexOf(' ') + 1));
                    previous = next;
                    assertEquals(StateDict.of(net), StateDict.of(DetectorFiles.read(next, net.config())), step);
                }
                assertEquals(
                        SafeTensors.read(ours).arrays(),
                        SafeTensors.read(previous).arrays());
            }
        }
    }

    private static String convert(Path from, Path to, String names) {
        return DetectorConversion.of(from, Optional.empty()).orElseThrow().write(to, Optional.of(names));
    }

    /// The rows of background that nobody uses are zeros afterwards; all else is as it was.
    @Test
    void torchvisionsFilesAreConvertedToo(@TempDir Path folder) {
        Path theirs = EvalFixtures.path("detect/torchvision-net.safetensors");
        Path d2 = folder.resolve("d2.safetensors");
        Path back = folder.resolve("back.safetensors");
        assertTrue(convert(theirs, d2, "detectron2").contains("FPN detector of 4 classes, torchvision to detectron2"));
        convert(d2, back, "torchvision");
        Map<String, ArrayData> before = SafeTensors.read(theirs).arrays();
        Map<String, ArrayData> after = SafeTensors.read(back).arrays();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, array) -> {
            float[] expected = array.toFloatArray();
            if (name.contains("roi_heads.box_predictor.bbox_pred") || name.contains("mask_fcn_logits")) {
                int rows = name.contains("bbox_pred") ? 4 : 1;
                Arrays.fill(expected, 0, rows * (expected.length / (int) array.dim(0)), 0);
            }
            assertArrayEquals(expected, after.get(name).toFloatArray(), name);
        });
        Path c4 = folder.resolve("c4.safetensors");
        DetectorFiles.write(c4, net(DetectConfig.Detector.C4, Flavour.DETECTRON2), DetectorNames.MMDET);
        for (String wrong : List.of("no.safetensors torchvision", "no.pkl mmdet", "no.onnx mmdet", "no.pth caffe")) {
            Path target = folder.resolve(wrong.substring(0, wrong.indexOf(' ')));
            String names = wrong.substring(wrong.indexOf(' ') + 1);
            assertThrows(IllegalArgumentException.class, () -> convert(c4, target, names));
            assertFalse(Files.exists(target));
        }
        Map<String, ArrayData> cut = new LinkedHashMap<>(before);
        cut.remove("roi_heads.box_head.fc7.bias");
        SafeTensors.write(d2, cut, Map.of());
        String refusal = assertThrows(FormatException.class, () -> convert(d2, back, "mmdet"))
                .getMessage();
        assertTrue(refusal.contains("shared_fcs.1.bias") && !refusal.contains("\n"), refusal);
        assertTrue(
                DetectorConversion.of(EvalFixtures.path("extract/resnet18-cifar-weights.safetensors"), Optional.empty())
                        .isEmpty());
    }

    /// torchvision's first weights were trained without epsilon: batch norm's weights make up for ours.
    @Test
    void variancesWithoutEpsilonAreMadeUpFor() {
        Path file = EvalFixtures.path("detect/torchvision-net.safetensors");
        DetectConfig usual = torchvision(
                8, 16, true, new DetectConfig.Proposed(200, 60), new DetectConfig.Test(75, 140, 0.05, 0.5, 20));
        DetectConfig.Model m = usual.model();
        DetectConfig none = new DetectConfig(
                usual.name(),
                0,
                usual.flavour(),
                usual.data(),
                usual.encoder(),
                new DetectConfig.Model(
                        m.detector(), m.head(), m.channels(), m.hidden(), m.norm(), m.finest(), m.masks(), 0),
                usual.rpn(),
                usual.regions(),
                usual.views(),
                usual.test(),
                usual.recipe());
        Map<String, ArrayData> before = StateDict.of(DetectorFiles.read(file, usual));
        Map<String, ArrayData> after = StateDict.of(DetectorFiles.read(file, none));
        int norms = 0;
        for (String name : before.keySet()) {
            float[] then = before.get(name).toFloatArray();
            float[] now = after.get(name).toFloatArray();
            ArrayData variances = before.get(name.replaceFirst("weight$", "running_var"));
            if (!name.endsWith("weight") || variances == null) {
                assertArrayEquals(then, now, name);
                continue;
            }
            for (int i = 0; i < then.length; i++) {
                double variance = variances.doubleAt(i);
                double wanted = then[i] / Math.sqrt(variance);
                assertEquals(wanted, now[i] / Math.sqrt(variance + 1e-5), 1e-6 * Math.abs(wanted));
            }
            norms++;
        }
        assertEquals(20, norms);
        assertThrows(
                IllegalArgumentException.class,
                () -> new DetectConfig(
                        usual.name(),
                        0,
                        Flavour.DETECTRON2,
                        usual.data(),
                        usual.encoder(),
                        none.model(),
                        usual.rpn(),
                        usual.regions(),
                        usual.views(),
                        usual.test(),
                        usual.recipe()));
    }

    /// detectron2's files may say what pixels they want; networks that see blue first are not those here.
    @Test
    void pixelsAreThoseOfTheFile(@TempDir Path folder) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        Path file = folder.resolve("model.safetensors");
        arrays.put("pixel_mean", ArrayData.ofFloats(new float[] {123.675f, 116.28f, 103.53f}, 3, 1, 1));
        arrays.put("pixel_std", ArrayData.ofFloats(new float[] {58.395f, 57.12f, 57.375f}, 3, 1, 1));
        SafeTensors.write(file, arrays, Map.of());
        Normalize seen = DetectorFiles.pixels(file, Stem.CIFAR);
        for (int c = 0; c < 3; c++) {
            assertEquals(Normalize.IMAGENET.mean().get(c), seen.mean().get(c), 1e-6);
            assertEquals(Normalize.IMAGENET.std().get(c), seen.std().get(c), 1e-6);
        }
        arrays.put("pixel_mean", ArrayData.ofFloats(new float[] {103.53f, 116.28f, 123.675f}, 3, 1, 1));
        SafeTensors.write(file, arrays, Map.of());
        String refusal = assertThrows(FormatException.class, () -> DetectorFiles.pixels(file, Stem.IMAGENET))
                .getMessage();
        assertTrue(refusal.contains("blue, green, red"), refusal);
    }

    /// COCO's 80 categories have ids up to 90, by which torchvision's networks count.
    @Test
    void torchvisionsClassesAreIdsOfCategories() {
        assertEquals(80, CocoCategories.names().size());
        assertEquals(90, CocoCategories.byId().size());
        assertEquals("stop sign", CocoCategories.byId().get(12));
        assertEquals("toothbrush", CocoCategories.names().getLast());
        DetectConfig config = torchvision(
                2, 2, false, new DetectConfig.Proposed(2, 2), new DetectConfig.Test(75, 140, 0.05, 0.5, 20));
        Detector net = Detector.of(ResNet.Config.of(Arch.RESNET18).width(1), config, 90);
        Path file = Path.of("model.pth");
        int[] labels = Detectors.labels(file, net, List.of(1L, 13L, 90L));
        assertEquals(0, labels[0]);
        assertEquals(-1, labels[1]);
        assertEquals(1, labels[12]);
        assertEquals(2, labels[89]);
        Detections found = new Detections(
                        Boxes.of(0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 3, 3),
                        new float[] {0.9f, 0.8f, 0.7f},
                        new int[] {12, 1, 89},
                        List.of())
                .labelled(labels);
        assertArrayEquals(new int[] {1, 2}, found.classes());
        assertEquals(Boxes.of(0, 0, 1, 1, 0, 0, 3, 3), found.boxes());
        assertThrows(FormatException.class, () -> Detectors.labels(file, net, List.of(1L, 91L)));
    }

    /// An encoder of another depth or stem than the recipe wants ends in one line that names both.
    @Test
    void anEncoderThatDoesNotFitIsRefused() {
        Path cifar = EvalFixtures.path("extract/resnet18-cifar-weights.safetensors");
        Encoder.Wanted wanted =
                new Encoder.Wanted(Optional.of(Arch.RESNET50), Optional.of(Stem.IMAGENET), Optional.empty());
        String refusal = assertThrows(FormatException.class, () -> Encoder.read(cifar, wanted))
                .getMessage();
        assertTrue(refusal.contains("what differs: depth, stem") && !refusal.contains("\n"), refusal);
    }
}
