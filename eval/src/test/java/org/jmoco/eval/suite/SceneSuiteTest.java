package org.jmoco.eval.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.SceneDetectors;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.LabelledPatterns;
import org.jmoco.eval.result.Comparison;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentPredictor;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.SceneFiles;
import org.jmoco.nn.data.dense.SceneMaker;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.StoppedException;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The suite on scenes: what is measured, what follows from it, and that a suite that was stopped ends with the
/// same bytes.
class SceneSuiteTest {
    private static final ResNet.Config NETWORK =
            ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2);
    private static final Provenance NOTHING = new Provenance("jmoco", Map.of(), 0, List.of());

    @TempDir
    private Path temp;

    private SceneSuiteConfig config(int seeds) {
        return config(seeds, 4);
    }

    private SceneSuiteConfig config(int seeds, int stride, SceneSuiteConfig.Task... tasks) {
        return new SceneSuiteConfig(
                "small",
                seeds,
                tasks.length == 0 ? List.of(SceneSuiteConfig.Task.SEGMENTATION) : List.of(tasks),
                DataSpec.DEFAULT.at(temp.resolve("scenes").toString()),
                new SceneSuiteConfig.Segmentation(
                        new SegmentConfig.Model(stride, false, 0.1, 0.4),
                        new SegmentConfig.Crops(32, 32, 1, 1.5, 24, 0.9, 0.5, false),
                        new SegmentConfig.Test(32, 32, SegmentPredictor.Testing.Mode.WHOLE, 24, 16),
                        new SegmentConfig.Recipe(4, 4, 3, 0.05, 1e-4, 0.9, 0.9, 5e-4)),
                small(SceneDetectors.c4(), 2),
                small(SceneDetectors.fpn(), 0));
    }

    private static SceneSuiteConfig.Detection small(DetectConfig of, int preciseBatchNorm) {
        DetectConfig.Model model = of.model();
        DetectConfig.Rpn rpn = of.rpn();
        DetectConfig.Proposed few = new DetectConfig.Proposed(40, 12);
        return new SceneSuiteConfig.Detection(
                of.flavour(),
                new DetectConfig.Model(
                        model.detector(), model.head(), 4, 8, model.norm(), model.finest(), model.masks()),
                new DetectConfig.Rpn(rpn.sizes(), rpn.ratios(), 0.3, 0.7, 16, 0.5, few, few, 0.7),
                new DetectConfig.Regions(0.5, 8, 0.25, 3, 3, 14),
                new DetectConfig.Views(List.of(32), 32, 0.5, 4),
                new DetectConfig.Test(32, 32, 0.01, 0.5, 10),
                new DetectConfig.Recipe(4, 4, 3, 0.05, List.of(2), 1, 0.1, 0.9, 1e-4, preciseBatchNorm));
    }

    private static RunOptions options(BooleanSupplier stop) {
        Progress quiet =
                new Progress(new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
        return RunOptions.fresh().withResume(true).withProgress(quiet).withStop(stop);
    }

    private static SceneSuite.Encoders encoders(Encoder... trained) {
        return new SceneSuite.Encoders(
                List.of(trained),
                List.of(trained).stream().map(e -> Normalize.CIFAR).toList());
    }

    private static EvaluationResult suite(SceneSuiteConfig config, Path folder, Encoder trained, BooleanSupplier stop) {
        try (Run run = Run.open(folder, RunIdentity.EMPTY, options(stop))) {
            SceneSuite suite = new SceneSuite(
                    config,
                    config.open(),
                    encoders(trained),
                    Device.current(),
                    run,
                    new SceneSuite.Manner("suite/small", NOTHING));
            suite.run(new SceneSuite.Listener() {});
            ResultFolder.write(folder, suite.result());
            return suite.result();
        }
    }

    /// A trained encoder that is an untrained one is neither ahead nor behind in its own seed.
    @Test
    void everySeedIsAPairAndAStoppedSuiteEndsWithTheSameBytes() throws IOException {
        scenes();
        Encoder first = Encoder.untrained(NETWORK, 0);
        SceneSuiteConfig config = config(2);
        EvaluationResult result = suite(config, temp.resolve("a"), first, () -> false);
        assertEquals("segmentation mIoU", result.metrics().getFirst().name());
        assertEquals(2 + 4, result.metrics().size());
        assertEquals(
                result.metric("segmentation mIoU, seed 0").value(),
                result.metric("segmentation mIoU, untrained, seed 0").value());
        Path folder = temp.resolve("a/segmentation/untrained-1");
        assertTrue(Files.exists(folder.resolve("final.safetensors")));
        assertTrue(Files.exists(folder.resolve(ResultFolder.PICTURES)));
        assertNotEquals(
                -1,
                Files.mismatch(
                        folder.resolve("final.safetensors"),
                        temp.resolve("a/segmentation/trained-1/final.safetensors")));
        List<Comparison> same = Comparison.of(List.of("a", "b"), result, ResultFolder.read(temp.resolve("a")), 0);
        assertEquals(4, same.size());

        Path stopped = temp.resolve("b");
        int stops = 0;
        for (int after = 2; !Files.exists(stopped.resolve(ResultFolder.RESULT)); after += 5) {
            AtomicInteger asked = new AtomicInteger();
            int patience = after;
            try {
                suite(config, stopped, first, () -> asked.incrementAndGet() > patience);
            } catch (StoppedException e) {
                stops++;
            }
        }
        assertTrue(stops > 3, stops + " stops");
        for (String file : List.of(
                ResultFolder.RESULT,
                ResultFolder.ITEMS,
                "segmentation/trained-1/final.safetensors",
                "segmentation/untrained-0/result.json")) {
            assertEquals(-1, Files.mismatch(temp.resolve("a").resolve(file), stopped.resolve(file)), file);
        }
    }

    /// Boxes by one detector, masks and boxes by the other. In its own seed a trained encoder that is an untrained
    /// one finds the same to the last digit.
    @Test
    void detectorsAreMeasuredInTheSameWay() throws IOException {
        scenes();
        Encoder first = Encoder.untrained(NETWORK, 0);
        SceneSuiteConfig config = config(2, 4, SceneSuiteConfig.Task.DETECTION, SceneSuiteConfig.Task.INSTANCES);
        EvaluationResult result = suite(config, temp.resolve("a"), first, () -> false);
        ResultTable answers = result.tables().getFirst();
        assertEquals(
                List.of("detection AP", "instances mask AP", "instances box AP"),
                answers.rows().stream().map(List::getFirst).toList());
        assertEquals(3 * (2 + 4), result.metrics().size());
        for (String row : List.of("detection AP", "instances mask AP", "instances box AP")) {
            assertEquals(
                    result.metric(row + ", seed 0").value(),
                    result.metric(row + ", untrained, seed 0").value(),
                    row);
            assertTrue(result.metric(row + ", seed 1").items().isPresent(), row);
        }
        List<Object> all = result.tables().get(1).rows().stream()
                .<Object>map(List::getFirst)
                .toList();
        assertTrue(all.contains("detection AP75") && all.contains("instances mask AP50"), all.toString());
        for (String file : List.of("final.safetensors", "detections.json", ResultFolder.PICTURES, "metrics.jsonl")) {
            assertTrue(Files.exists(temp.resolve("a/instances/untrained-1").resolve(file)), file);
        }

        Path stopped = temp.resolve("b");
        int stops = 0;
        for (int after = 8; !Files.exists(stopped.resolve(ResultFolder.RESULT)); after += 12) {
            AtomicInteger asked = new AtomicInteger();
            int patience = after;
            try {
                suite(config, stopped, first, () -> asked.incrementAndGet() > patience);
            } catch (StoppedException e) {
                stops++;
            }
        }
        assertTrue(stops > 1, stops + " stops");
        for (String file : List.of(
                ResultFolder.RESULT,
                ResultFolder.ITEMS,
                "detection/trained-1/final.safetensors",
                "instances/untrained-0/detections.json")) {
            assertEquals(-1, Files.mismatch(temp.resolve("a").resolve(file), stopped.resolve(file)), file);
        }
    }

    private void scenes() throws IOException {
        new SceneFiles(new SceneMaker(32, 12, 20, 2, 1, 1), 6, 5, line -> {})
                .write(
                        temp.resolve("scenes"),
                        new Named(new LabelledPatterns(20)),
                        new Named(new LabelledPatterns(15)));
    }

    /// Patterns whose classes have names.
    private record Named(LabelledPatterns patterns) implements ImageSource {
        @Override
        public int size() {
            return patterns.size();
        }

        @Override
        public String name(int index) {
            return patterns.name(index);
        }

        @Override
        public Target.Kind targets() {
            return patterns.targets();
        }

        @Override
        public Target target(int index) {
            return patterns.target(index);
        }

        @Override
        public List<String> classes() {
            return List.of("a", "b", "c", "d", "e");
        }

        @Override
        public RgbImage load(int index) {
            return patterns.load(index);
        }
    }

    /// What is told from measurements, on measurements that are known.
    ///
    /// @param images that the trained encoder gets right more often
    private record Known(AtomicInteger measured) implements SceneBenchmark {
        private static final int IMAGES = 200;

        @Override
        public String name() {
            return "known";
        }

        @Override
        public List<String> compared() {
            return List.of("accuracy");
        }

        @Override
        public List<Provenance.Input> inputs() {
            return List.of();
        }

        @Override
        public void require(Start start, Device device) {}

        @Override
        public EvaluationResult measure(Start start, Course course) {
            measured.incrementAndGet();
            boolean trained = course.title().contains(", trained");
            boolean[] correct = new boolean[IMAGES];
            for (int i = 0; i < IMAGES; i++) {
                correct[i] = i % 10 < (trained ? 6 : 4) || trained && i < start.seed();
            }
            Metric accuracy = Metric.percent("accuracy", new Items.Correct(correct, new int[IMAGES]), 0);
            return new EvaluationResult(course.protocol(), List.of(accuracy), List.of(), List.of(), NOTHING);
        }
    }

    @Test
    void theAnswerIsAPairedTestOverImagesAndOneOverSeeds() {
        AtomicInteger measured = new AtomicInteger();
        List<SceneBenchmark> known = List.of(new Known(measured));
        for (int times = 0; times < 2; times++) {
            try (Run run = Run.open(temp.resolve("known"), RunIdentity.EMPTY, options(() -> false))) {
                SceneSuite suite = new SceneSuite(
                        config(3),
                        known,
                        encoders(Encoder.untrained(NETWORK, 0)),
                        Device.current(),
                        run,
                        new SceneSuite.Manner("suite/known", NOTHING));
                List<String> order = new ArrayList<>();
                suite.run(new SceneSuite.Listener() {
                    @Override
                    public void measured(SceneSuite.Cell cell, List<Metric> metrics) {
                        order.add(cell.folder() + " " + metrics.getFirst().value());
                    }
                });
                assertEquals("known/trained-0 60.0", order.getFirst());
                assertEquals("known/untrained-2 40.0", order.getLast());
                assertEquals("[known accuracy]", suite.rows().toString());
                SceneSuite.Answer answer = suite.answer(suite.rows().getFirst());
                assertEquals(20, answer.difference().value(), 1e-9);
                assertTrue(answer.difference().low() > 10 && answer.difference().high() < 30, answer.toString());
                assertTrue(answer.pImages() < 0.002, answer.toString());
                assertEquals(3, answer.ahead());
                assertEquals(0, answer.seeds().orElseThrow().pValue());
                EvaluationResult result = suite.result();
                assertEquals(
                        "3 of 3", result.tables().getFirst().rows().getFirst().getLast());
                assertEquals(40, result.metric("known accuracy, untrained").value(), 1e-9);
            }
        }
        assertEquals(6, measured.get(), "what has a result is not measured again");
    }

    @Test
    void encodersThatDoNotFitAreRefused() throws IOException {
        new SceneFiles(new SceneMaker(32, 12, 20, 2, 1, 1), 2, 2, line -> {})
                .write(
                        temp.resolve("scenes"),
                        new Named(new LabelledPatterns(20)),
                        new Named(new LabelledPatterns(15)));
        Encoder coarse = Encoder.untrained(ResNet.Config.of(Arch.RESNET18).width(1), 0);
        SceneBenchmark segmentation = config(1, 2).open().getFirst();
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> segmentation.require(
                                new SceneBenchmark.Start(coarse, Normalize.CIFAR, 0), Device.current()))
                .getMessage();
        assertTrue(message.contains("output stride"), message);
        try (Run run = Run.open(temp.resolve("two"), RunIdentity.EMPTY, options(() -> false))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new SceneSuite(
                            config(3),
                            List.of(),
                            encoders(coarse, coarse),
                            Device.current(),
                            run,
                            new SceneSuite.Manner("suite/small", NOTHING)));
        }
        assertFalse(Files.exists(temp.resolve("two/segmentation")));
    }
}
