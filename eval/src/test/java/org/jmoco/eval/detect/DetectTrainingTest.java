package org.jmoco.eval.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training and measuring on painted objects.
class DetectTrainingTest {
    private static final Encoder ENCODER =
            Encoder.untrained(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), 3);
    private static final DetectTraining.Start START =
            new DetectTraining.Start(ENCODER, Normalize.CIFAR, PaintedObjects.NAMES);

    @TempDir
    private Path folder;

    private static DetectConfig config(Flavour flavour, boolean pyramid, int atOnce, long iterations, int precise) {
        DetectConfig d = DetectConfig.defaults();
        return new DetectConfig(
                "painted",
                7,
                flavour,
                d.data(),
                d.encoder(),
                new DetectConfig.Model(
                        pyramid ? DetectConfig.Detector.FPN : DetectConfig.Detector.C4,
                        DetectConfig.Head.TWO_FC,
                        8,
                        16,
                        DetectConfig.Norms.ALL,
                        2,
                        pyramid),
                new DetectConfig.Rpn(
                        pyramid ? List.of(8f, 16f, 24f, 36f) : List.of(12f, 18f, 27f),
                        List.of(0.5f, 1f, 2f),
                        0.3,
                        0.7,
                        32,
                        0.5,
                        new DetectConfig.Proposed(200, 40),
                        new DetectConfig.Proposed(100, 20),
                        0.7),
                new DetectConfig.Regions(0.5, 16, 0.25, 4, 4, 14),
                new DetectConfig.Views(List.of(36, 44), 60, 0.5, 2),
                new DetectConfig.Test(40, 60, 0.05, 0.5, 20),
                new DetectConfig.Recipe(4, atOnce, iterations, 0.02, List.of(300), 3, 0.1, 0.9, 1e-4, precise));
    }

    private static ImageSource images(DetectConfig config, int count, long seed) {
        return TrainingObjects.of(
                new ObjectData.Part(new PaintedObjects(count, seed), ObjectData.COCO, Optional.empty(), false),
                config.flavour(),
                config.model().masks(),
                new ArrayList<>());
    }

    private byte[] train(String name, DetectConfig config, Device device, int threads, BooleanSupplier stop)
            throws IOException {
        Path out = folder.resolve(name);
        RunOptions options = RunOptions.fresh()
                .withResume(Files.exists(out))
                .withStop(stop)
                .withProgress(new Progress(
                        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
        try (Run run = Run.open(out, RunIdentity.EMPTY.with("config", config.toString()), options)) {
            TrainingLoop.run(
                    run,
                    new DetectTraining(
                            config,
                            START,
                            images(config, 9, 1),
                            new DetectTraining.Manner(device, new Saving(Saving.Unit.STEPS, 2, 2), threads, "")));
        }
        Path weights = out.resolve("final.safetensors");
        return Files.exists(weights) ? Files.readAllBytes(weights) : new byte[0];
    }

    /// C4 in parts by detectron2, and a pyramid with masks at once by mmdet, whatever the threads, stopped in the
    /// middle of an epoch or not.
    @Test
    void aRunThatWasStoppedEndsWithTheSameBytes() throws IOException {
        for (DetectConfig config :
                List.of(config(Flavour.DETECTRON2, false, 2, 5, 2), config(Flavour.MMDET, true, 4, 5, 0))) {
            String name = config.flavour().name();
            try (Device one = Device.jvm(1);
                    Device two = Device.jvm(2)) {
                byte[] straight = train("straight" + name, config, one, 1, () -> false);
                assertTrue(straight.length > 0);
                AtomicInteger asked = new AtomicInteger();
                byte[] stopped = train("stopped" + name, config, two, 3, () -> asked.incrementAndGet() > 3);
                assertEquals(0, stopped.length, "the run was to be stopped");
                assertArrayEquals(straight, train("stopped" + name, config, two, 3, () -> false), name);
            }
        }
    }

    /// detectron2 takes batch norm's statistics anew, mmdet does not, whatever the recipe says; weights are the same.
    @Test
    void preciseBatchNormChangesStatisticsAlone() throws IOException {
        for (Flavour flavour : DetectFixture.TRAINED) {
            train("without" + flavour, config(flavour, false, 4, 2, 0), Device.current(), 2, () -> false);
            train("with" + flavour, config(flavour, false, 4, 2, 3), Device.current(), 2, () -> false);
            Map<String, ArrayData> without = arrays("without" + flavour);
            arrays("with" + flavour).forEach((name, array) -> {
                float[] before = without.get(name).toFloatArray();
                if (name.contains("running_var") && flavour == Flavour.DETECTRON2) {
                    assertNotEquals(sum(before), sum(array.toFloatArray()), name);
                } else if (!name.contains("running_mean") || flavour == Flavour.MMDET) {
                    assertArrayEquals(before, array.toFloatArray(), name);
                }
            });
        }
    }

    private Map<String, ArrayData> arrays(String name) {
        return SafeTensors.read(folder.resolve(name).resolve("final.safetensors"))
                .arrays();
    }

    private static double sum(float... values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return sum;
    }

    private static double named(String line) {
        return Double.parseDouble(line.replaceAll(".*\"namedRegions\":\\s*([0-9.eE-]+).*", "$1"));
    }

    @Test
    void trainingFindsColouredBoxes() throws IOException {
        DetectConfig config = config(Flavour.DETECTRON2, false, 4, 240, 10);
        train("learned", config, Device.current(), 2, () -> false);
        List<String> steps = Files.readAllLines(folder.resolve("learned/metrics.jsonl")).stream()
                .filter(line -> line.contains("\"namedRegions\""))
                .toList();
        assertTrue(named(steps.getFirst()) < 0.9, steps.getFirst());
        assertTrue(named(steps.getLast()) > 0.95, steps.getLast());
        Path weights = folder.resolve("learned/final.safetensors");
        assertEquals(PaintedObjects.NAMES, Detectors.classNames(weights));
        Detector net = DetectorFiles.read(weights, config);
        DetectData data = data(config, 8);
        try (DetectBenchmark benchmark = new DetectBenchmark(config, net, Normalize.CIFAR, Device.current());
                DetectBenchmark untrained = new DetectBenchmark(
                        config, Detectors.on(ENCODER, config, 2), Normalize.CIFAR, Device.current())) {
            List<Detections> found = benchmark.detect(data, (done, of) -> {});
            EvaluationResult result = benchmark.result("detect/painted", data, found, provenance());
            double before = untrained
                    .result("detect/painted", data, untrained.detect(data, (done, of) -> {}), provenance())
                    .metric("AP50")
                    .value();
            double after = result.metric("AP50").value();
            assertTrue(after > 30 && after > before + 20, "AP50 " + after + ", untrained " + before);
            assertEquals(
                    found.get(3).found(),
                    benchmark.predict(data.test().load(3)).found(),
                    "an image does not depend on the others");
        }
        FormatException other =
                assertThrows(FormatException.class, () -> Detectors.labels(weights, net, List.of(1L, 2L, 3L)));
        assertTrue(other.getMessage().contains("tells 2 classes apart, the data has 3"), other.getMessage());
        FormatException pyramid = assertThrows(
                FormatException.class, () -> DetectorFiles.read(weights, config(Flavour.MMDET, true, 4, 1, 0)));
        assertTrue(pyramid.getMessage().contains("is no fpn detector"), pyramid.getMessage());
    }

    private static DetectData data(DetectConfig config, int count) {
        PaintedObjects test = new PaintedObjects(count, 2);
        CocoAnnotations truth = new CocoAnnotations(
                LongStream.rangeClosed(1, count).boxed().toList(),
                IntStream.range(0, count).mapToObj(test::id).toList(),
                IntStream.range(0, count)
                        .mapToObj(i -> (Target.Objects) test.target(i))
                        .toList(),
                List.of(1L, 2L),
                PaintedObjects.NAMES);
        return new DetectData(images(config, 9, 1), test, ObjectData.VOC, truth, false, List.of());
    }

    private static Provenance provenance() {
        return new Provenance("jmoco", Map.of(), 0, List.of());
    }
}
