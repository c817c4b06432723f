package org.jmoco.eval.detect;

import static org.jmoco.nn.Close.assertClose;
import static org.jmoco.nn.Close.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Faster R-CNN C4 and Mask R-CNN FPN against a module tree of PyTorch and torchvision in float64, see
/// `make_detect.py`, fed the same samples and regions: losses, every gradient, running statistics; and the regions
/// that are proposed.
///
/// The step is run by the float64 reference too, which shows that it is that network to the rounding of the stored
/// numbers. In float32 all gradients together may be three times as far from float64 as PyTorch's float32 is, and
/// so may single ones in the geometric mean; a single one, often a sum that nearly cancels, may be three times as
/// far as the farthest of PyTorch's.
class DetectorTest {
    private static final double ROUNDED = 5e-7;
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] STD = {0.229f, 0.224f, 0.225f};

    private static List<DetectFixture> fixtures() {
        List<DetectFixture> all = new ArrayList<>();
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            for (Flavour flavour : DetectFixture.TRAINED) {
                String name = (detector + "-" + flavour).toLowerCase(Locale.ROOT);
                all.add(DetectFixture.of(EvalFixtures.tensors("detect/" + name + ".safetensors"), detector, flavour));
            }
        }
        return all;
    }

    private static Program stepOf(Detector net, DetectFixture fixture) {
        int n = DetectFixture.IMAGES;
        return Program.trace("step", p -> {
            Tensor images = p.input("images", Shape.of(n, fixture.height(), fixture.width(), 3), DType.U8)
                    .normalizeImage(MEAN, STD)
                    .zeroOutside(p.input("extents", Shape.of(n, 2), DType.I32));
            List<Tensor> maps = net.maps(images, Mode.TRAIN);
            LearnInputs.Traced in = new LearnInputs(net, n).trace(p);
            BoxHead.Scores boxes = net.boxes(maps, in.boxes(), Mode.TRAIN);
            SequencedMap<String, Tensor> losses =
                    DetectLoss.of(net, maps, net.proposals(maps, Mode.TRAIN), boxes, in, Mode.TRAIN);
            losses.forEach(p::output);
            List<Tensor> gradients = Gradients.of(losses.get(DetectLoss.LOSS), net.parameters());
            int i = 0;
            for (String name : net.namedParameters().keySet()) {
                p.output("gradient." + name, gradients.get(i++));
            }
        });
    }

    private static LearnInputs.Arrays inputs(Detector net, DetectFixture fixture) {
        return new LearnInputs(net, DetectFixture.IMAGES)
                .of(fixture.batch(), List.of(fixture.targets(0), fixture.targets(1)));
    }

    @Test
    void aStepInFloat64IsPyTorchs() {
        for (DetectFixture fixture : fixtures()) {
            Detector net = fixture.net();
            Map<String, double[]> fed = new HashMap<>();
            inputs(net, fixture).byName().forEach((name, values) -> fed.put(name, wide(values)));
            fed.put("images", wide(fixture.pixels()));
            fed.put("extents", wide(fixture.extents()));
            Reference reference = new Reference();
            Map<String, double[]> found = reference.run(stepOf(net, fixture).graph(), fed);
            found.forEach((name, values) -> assertClose(fixture.expected(name), values, ROUNDED, "float64 " + name));
            net.namedBuffers()
                    .forEach((name, v) ->
                            assertClose(fixture.expected("after." + name), reference.value(v), ROUNDED, name));
        }
    }

    private static double[] wide(Object values) {
        return switch (values) {
            case float[] floats -> doubles(floats);
            case int[] ints -> Arrays.stream(ints).asDoubleStream().toArray();
            default -> {
                byte[] bytes = (byte[]) values;
                double[] wide = new double[bytes.length];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = bytes[i] & 0xFF;
                }
                yield wide;
            }
        };
    }

    @Test
    void aStepInFloat32IsAsNearAsPyTorchs() {
        for (DetectFixture fixture : fixtures()) {
            for (Device device : TestDevices.all()) {
                checkStep(device, fixture);
            }
        }
    }

    /// Needs what `make_detect.py --full DIR` writes.
    @Test
    @EnabledIfSystemProperty(named = "jmoco.detect", matches = ".+")
    void theNetworksOfTheRecipesToo() {
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            for (Flavour flavour : DetectFixture.TRAINED) {
                String name = (detector + "-" + flavour).toLowerCase(Locale.ROOT) + ".safetensors";
                SafeTensors file = SafeTensors.read(
                        Path.of(System.getProperty("jmoco.detect")).resolve(name));
                System.out.println(checkStep(Device.current(), full(file, detector, flavour)));
            }
        }
    }

    private static DetectFixture full(SafeTensors file, DetectConfig.Detector detector, Flavour flavour) {
        DetectFixture thin = DetectFixture.of(file, detector, flavour);
        DetectConfig c = thin.config();
        boolean c4 = detector == DetectConfig.Detector.C4;
        DetectConfig config = new DetectConfig(
                "full",
                c.seed(),
                flavour,
                c.data(),
                c.encoder(),
                new DetectConfig.Model(
                        detector,
                        c.model().head(),
                        256,
                        1024,
                        c.model().norm(),
                        1,
                        c.model().masks()),
                c.rpn(),
                new DetectConfig.Regions(0.5, 16, 0.25, c4 ? 14 : 7, 14, 16),
                c.views(),
                c.test(),
                c.recipe());
        return new DetectFixture(file, config, ResNet.Config.of(Arch.RESNET50));
    }

    /// What was seen, in words.
    private static String checkStep(Device device, DetectFixture fixture) {
        Detector net = fixture.net();
        Compiled step = device.compile(stepOf(net, fixture))
                .feed("images", fixture.pixels())
                .feed("extents", fixture.extents());
        inputs(net, fixture).feed(step);
        step.run();
        SafeTensors file = fixture.file();
        double losses = 0;
        for (String loss : DetectLoss.names(fixture.config())) {
            losses = Math.max(losses, assertClose(fixture.expected(loss), step.floats(loss), 1e-5, loss));
        }
        List<String> names = net.namedParameters().keySet().stream()
                .map(name -> "gradient." + name)
                .toList();
        double farthest = names.stream()
                .mapToDouble(name -> file.get("distance." + name).doubleAt(0))
                .max()
                .orElseThrow();
        List<Double> ratios = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (String name : names) {
            double distance =
                    assertClose(fixture.expected(name), step.floats(name), 3 * farthest, name + " on " + device);
            double theirDistance = file.get("distance." + name).doubleAt(0);
            if (distance > 0 && theirDistance > 0) { // of few numbers some are exact
                ratios.add(distance / theirDistance);
            }
            Arrays.stream(doubles(step.floats(name))).forEach(ours::add);
            Arrays.stream(fixture.expected(name)).forEach(theirs::add);
        }
        double mean = Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
        double torch = file.get("wholeGradientDistance").doubleAt(0);
        double whole = assertClose(array(theirs), array(ours), 3 * torch, "all gradients on " + device);
        assertTrue(mean <= 3, "gradients are on average " + mean + " times as far from float64 as PyTorch's");
        net.namedBuffers()
                .forEach((name, v) ->
                        assertClose(fixture.expected("after." + name), v.toArray(), 1e-5, name + " on " + device));
        step.close();
        return String.format(
                Locale.ROOT,
                "%s %s: losses %.1e; all gradients %.2f times PyTorch's distance %.1e; %d single ones: mean %.2f, "
                        + "%d above 3, largest %.1f",
                fixture.config().model().detector(),
                fixture.config().flavour(),
                losses,
                whole / torch,
                torch,
                ratios.size(),
                mean,
                ratios.stream().filter(r -> r > 3).count(),
                ratios.stream().mapToDouble(r -> r).max().orElseThrow());
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    /// By the scores that PyTorch found, so that thresholds decide alike.
    @Test
    void regionsAreProposedAsBothLibrariesDo() {
        for (DetectFixture fixture : fixtures()) {
            AnchorLevels anchors = fixture.net().anchors();
            for (int i = 0; i < DetectFixture.IMAGES; i++) {
                List<Proposals.Level> levels = new ArrayList<>();
                for (int level = 0; level < anchors.levels().size(); level++) {
                    int count = anchors.count(level, fixture.height(), fixture.width());
                    levels.add(new Proposals.Level(
                            anchors.over(level, fixture.height(), fixture.width()),
                            part(fixture.file().get("logits" + level), i, count),
                            part(fixture.file().get("deltas" + level), i, 4 * count)));
                }
                DetectConfig config = fixture.config();
                Proposals found = Proposals.of(
                        levels,
                        config.flavour(),
                        config.rpn(),
                        config.rpn().training(),
                        fixture.extents()[2 * i],
                        fixture.extents()[2 * i + 1]);
                assertArrayEquals(
                        fixture.file().get("proposed" + i).toFloatArray(),
                        found.boxes().toArray(),
                        1e-4f,
                        config.model().detector() + " " + config.flavour());
                assertArrayEquals(fixture.file().get("ranks" + i).toFloatArray(), found.scores(), 1e-6f);
            }
        }
    }

    private static float[] part(ArrayData all, int image, int count) {
        return Arrays.copyOfRange(all.toFloatArray(), image * count, (image + 1) * count);
    }

    @Test
    void anchorsAreScoredInThePauseAsPyTorchDoes() {
        for (DetectFixture fixture : fixtures()) {
            Detector net = fixture.net();
            DetectPrograms programs = new DetectPrograms(net, Normalize.IMAGENET);
            Compiled step = Device.current()
                    .compile(programs.whole(DetectFixture.IMAGES, fixture.height(), fixture.width(), net.sgd()))
                    .feed(DetectPrograms.IMAGES, fixture.pixels())
                    .feed(DetectPrograms.EXTENTS, fixture.extents());
            List<float[]> before =
                    net.parameters().stream().map(Variable::toArray).toList();
            assertFalse(step.run(programs.scores(), () -> {
                for (String scores : programs.scores()) {
                    assertClose(fixture.file().get(scores).toDoubleArray(), step.floats(scores), 1e-4, scores);
                }
                return false;
            }));
            assertEquals(2 * net.anchors().levels().size(), programs.scores().size());
            for (int i = 0; i < before.size(); i++) {
                assertArrayEquals(before.get(i), net.parameters().get(i).toArray());
            }
        }
    }

    /// Through both programs of a prediction, or three with masks, and the host's choices between them.
    @Test
    void aDeviceFindsWhatTheJvmFinds() {
        Device sdk = TestDevices.requireSdk();
        for (DetectFixture fixture : fixtures()) {
            Detector net = fixture.net();
            int bytes = 3 * fixture.height() * fixture.width();
            try (DetectPredictor onJvm = new DetectPredictor(net, Normalize.IMAGENET, TestDevices.jvm());
                    DetectPredictor onSdk = new DetectPredictor(net, Normalize.IMAGENET, sdk)) {
                for (int i = 0; i < DetectFixture.IMAGES; i++) {
                    RgbImage image = new RgbImage(
                            fixture.width(),
                            fixture.height(),
                            Arrays.copyOfRange(fixture.pixels(), i * bytes, (i + 1) * bytes));
                    Detections expected = onJvm.detect(image);
                    Detections found = onSdk.detect(image);
                    assertTrue(expected.size() > 0, "nothing is found");
                    assertArrayEquals(expected.classes(), found.classes());
                    assertArrayEquals(expected.boxes().toArray(), found.boxes().toArray(), 1e-3f);
                    assertArrayEquals(expected.scores(), found.scores(), 1e-5f);
                    assertEquals(expected.masks().size(), found.masks().size());
                    for (int k = 0; k < expected.masks().size(); k++) {
                        assertArrayEquals(expected.masks().get(k), found.masks().get(k), 1e-5f);
                    }
                }
            }
        }
    }

    @Test
    void stepsHaveTheSameBitsOnOneThreadAndTwo() {
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            List<List<Float>> losses = new ArrayList<>();
            List<Map<String, ArrayData>> after = new ArrayList<>();
            for (int threads = 1; threads <= 2; threads++) {
                Detector net = net(detector, 2);
                try (Device device = Device.jvm(threads);
                        DetectStep step = step(net, device)) {
                    List<Float> seen = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        seen.addAll(step.run(parts(detector), i, 0.02f).values());
                    }
                    losses.add(seen);
                    after.add(StateDict.of(net));
                }
            }
            assertEquals(losses.getFirst(), losses.getLast());
            assertEquals(after.getFirst(), after.getLast());
            assertTrue(losses.getFirst().stream().allMatch(Float::isFinite), losses.toString());
        }
    }

    /// A batch in two parts: a step along the mean of the parts' gradients.
    @Test
    void partsAddTheirGradients() {
        DetectBatch batch = fixture(DetectConfig.Detector.FPN).batch();
        Detector parted = net(DetectConfig.Detector.FPN, 2);
        Map<String, ArrayData> start = StateDict.of(parted);
        float all;
        try (DetectStep step = step(parted, Device.current())) {
            all = step.run(List.of(batch, batch), 0, 0.5f).get(DetectLoss.LOSS);
        }
        Detector single = net(DetectConfig.Detector.FPN, 1);
        try (DetectStep step = step(single, Device.current())) {
            assertEquals(step.run(List.of(batch), 0, 0.5f).get(DetectLoss.LOSS), all);
        }
        assertEquals(StateDict.of(single), StateDict.of(parted));
        assertTrue(!start.equals(StateDict.of(parted)), "a step changed nothing");
    }

    @Test
    void aLossThatIsNotFiniteStandsFirst() {
        for (Map.Entry<String, String> fault : Map.of(
                        "rpn_head.rpn_cls.bias", DetectLoss.RPN_CLASS,
                        "rpn_head.rpn_reg.bias", DetectLoss.RPN_BOX,
                        "roi_head.bbox_head.fc_cls.bias", DetectLoss.CLASS,
                        "roi_head.bbox_head.fc_reg.bias", DetectLoss.BOX,
                        "roi_head.mask_head.conv_logits.bias", DetectLoss.MASK)
                .entrySet()) {
            Detector net = net(DetectConfig.Detector.FPN, 1);
            float[] wrong = net.named().get(fault.getKey()).toArray();
            Arrays.fill(wrong, Float.NaN);
            net.named().get(fault.getKey()).set(wrong);
            try (DetectStep step = step(net, Device.current())) {
                DetectBatch batch = fixture(DetectConfig.Detector.FPN).batch();
                Map.Entry<String, Float> first =
                        step.run(List.of(batch), 0, 0.01f).firstEntry();
                assertEquals(fault.getValue(), first.getKey());
                assertTrue(first.getValue().isNaN());
            }
        }
    }

    private static DetectFixture fixture(DetectConfig.Detector detector) {
        return fixtures().stream()
                .filter(f ->
                        f.config().model().detector() == detector && f.config().flavour() == Flavour.DETECTRON2)
                .findFirst()
                .orElseThrow();
    }

    private static Detector net(DetectConfig.Detector detector, int parts) {
        DetectFixture fixture = fixture(detector);
        DetectConfig.Recipe recipe = new DetectConfig.Recipe(2 * parts, 2, 10, 0.01, List.of(), 0, 0, 0.9, 1e-4, 0);
        return new DetectFixture(
                        fixture.file(), DetectFixture.thin(detector, Flavour.DETECTRON2, recipe), fixture.encoder())
                .net();
    }

    private static DetectStep step(Detector net, Device device) {
        return new DetectStep(net, Normalize.IMAGENET, net.sgd(), DetectorTest::leftHalf, device);
    }

    private static byte[] leftHalf(DetectBatch.Image image, int object, Boxes boxes, int box, int cells) {
        byte[] mask = new byte[cells * cells];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (i % cells < cells / 2 ? 1 : 0);
        }
        return mask;
    }

    /// Two parts, the second of other pixels.
    private static List<DetectBatch> parts(DetectConfig.Detector detector) {
        DetectBatch batch = fixture(detector).batch();
        byte[] others = batch.pixels().clone();
        for (int i = 0; i < others.length; i++) {
            others[i] = (byte) (255 - others[i]);
        }
        return List.of(batch, new DetectBatch(batch.height(), batch.width(), others, batch.images()));
    }

    /// Every array of the encoder has its place, or nothing is taken over.
    @Test
    void anEncoderIsTakenOverAsAWhole() {
        ResNet.Config config = ResNet.Config.of(Arch.RESNET50).width(4);
        ResNet encoder = new ResNet(config);
        encoder.initialize(3);
        Map<String, ArrayData> arrays = StateDict.of(encoder);
        for (DetectConfig.Detector detector : DetectConfig.Detector.values()) {
            Detector net = Detector.of(config, fixture(detector).config(), 5);
            net.initialize(1);
            assertEquals(265, net.begin(arrays)); // 53 convolutions, 53 norms of 4
            Map<String, ArrayData> own = StateDict.of(net);
            arrays.forEach((name, array) -> assertEquals(array, own.get(net.nameOf(name)), name));
            Map<String, ArrayData> less = new LinkedHashMap<>(arrays);
            less.remove("layer4.2.bn3.running_var");
            String refusal = assertThrows(IllegalArgumentException.class, () -> net.begin(less))
                    .getMessage();
            assertTrue(refusal.contains("missing: layer4.2.bn3.running_var") && !refusal.contains("\n"), refusal);
            assertEquals(own, StateDict.of(net));
        }
    }
}
