package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.metrics.MeanIou;
import org.jmoco.eval.result.Comparison;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.Scene;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training and measuring on painted scenes.
class SegmentTrainingTest {
    private static final Encoder ENCODER =
            Encoder.untrained(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), 3);
    private static final SegmentTraining.Start START =
            new SegmentTraining.Start(ENCODER, Normalize.CIFAR, PaintedScenes.NAMES);

    @TempDir
    private Path folder;

    private static SegmentConfig config(int atOnce, long iterations) {
        return new SegmentConfig(
                "painted",
                5,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new SegmentConfig.Model(4, false, 0.1, 0.4),
                new SegmentConfig.Crops(40, 33, 0.8, 1.5, 24, 0.75, 0.5, true),
                new SegmentConfig.Test(40, 33, SegmentPredictor.Testing.Mode.WHOLE, 24, 16),
                new SegmentConfig.Recipe(4, atOnce, iterations, 0.05, 1e-4, 0.9, 0.9, 5e-4));
    }

    private static SegmentTraining training(SegmentConfig config, Device device, int threads) {
        return new SegmentTraining(
                config,
                START,
                new PaintedScenes(9, 1),
                new SegmentTraining.Manner(device, new Saving(Saving.Unit.STEPS, 2, 2), threads, ""));
    }

    private byte[] train(String name, SegmentConfig config, Device device, int threads, BooleanSupplier stop)
            throws IOException {
        Path out = folder.resolve(name);
        RunOptions options = RunOptions.fresh()
                .withResume(Files.exists(out))
                .withStop(stop)
                .withProgress(new Progress(
                        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
        try (Run run = Run.open(out, RunIdentity.EMPTY.with("config", config.toString()), options)) {
            TrainingLoop.run(run, training(config, device, threads));
        }
        Path weights = out.resolve("final.safetensors");
        return Files.exists(weights) ? Files.readAllBytes(weights) : new byte[0];
    }

    /// Whole batches and parts, whatever the threads, stopped in the middle of an epoch or not.
    @Test
    void aRunThatWasStoppedEndsWithTheSameBytes() throws IOException {
        for (int atOnce : List.of(4, 2)) {
            SegmentConfig config = config(atOnce, 7);
            try (Device one = Device.jvm(1);
                    Device two = Device.jvm(2)) {
                byte[] straight = train("straight" + atOnce, config, one, 1, () -> false);
                assertTrue(straight.length > 0);
                AtomicInteger asked = new AtomicInteger();
                byte[] stopped = train("stopped" + atOnce, config, two, 3, () -> asked.incrementAndGet() > 3);
                assertEquals(0, stopped.length, "the run was to be stopped");
                assertArrayEquals(straight, train("stopped" + atOnce, config, two, 3, () -> false));
            }
        }
    }

    @Test
    void trainingTellsColoursApartAndItsWeightsSayAllThatPredictionNeeds() throws IOException {
        SegmentConfig config = config(4, 60);
        train("learned", config, Device.current(), 2, () -> false);
        Path weights = folder.resolve("learned/final.safetensors");
        assertEquals(PaintedScenes.NAMES, Segmenters.classNames(weights));
        Segmenter net = Segmenters.read(weights, config.model().options(3));
        PaintedScenes test = new PaintedScenes(6, 2);
        SegmentBenchmark benchmark = new SegmentBenchmark(config, net, Normalize.CIFAR, Device.current());
        SegmentBenchmark.Counted counted = benchmark.count(test, (done, of) -> {});
        EvaluationResult result = benchmark.result("segment/painted", PaintedScenes.NAMES, 9, counted, provenance());
        assertEquals(plainMeanIou(benchmark, test), result.metric("mIoU").value() / 100, 1e-12);
        assertTrue(
                result.metric("mIoU").value() > 40,
                "mIoU " + result.metric("mIoU").value());
        assertTrue(result.metric("mIoU").interval().orElseThrow().low()
                < result.metric("mIoU").value());

        Segmenter untrained = Segmenters.on(ENCODER, config.model().options(3), 1);
        SegmentBenchmark other = new SegmentBenchmark(config, untrained, Normalize.CIFAR, Device.current());
        EvaluationResult worse = other.result(
                "segment/painted", PaintedScenes.NAMES, 9, other.count(test, (done, of) -> {}), provenance());
        ResultFolder.write(folder.resolve("a"), result);
        ResultFolder.write(folder.resolve("b"), worse);
        Comparison compared = Comparison.of(
                        List.of("a", "b"),
                        ResultFolder.read(folder.resolve("a")),
                        ResultFolder.read(folder.resolve("b")),
                        0)
                .getFirst();
        assertEquals("mIoU", compared.metric());
        assertEquals(
                result.metric("mIoU").value() - worse.metric("mIoU").value(),
                compared.difference().value(),
                1e-9);
        assertTrue(compared.pValue() < 0.01, "p " + compared.pValue());
    }

    /// Only the recipe as it is, on all images of the data set it is about.
    @Test
    void publishedNumbersStandBesideTheirOwnProtocol() {
        String voc = "segment/fcn_r50-d8_512x512_20k_voc12aug";
        List<Published> beside = published(voc, 10_582, 1449);
        assertEquals(
                67.55,
                beside.stream()
                        .filter(p ->
                                p.method().equals("MoCo v2 200e") && p.metric().equals("mIoU"))
                        .findFirst()
                        .orElseThrow()
                        .value());
        assertEquals(List.of(), published(voc + " [batch norm of 4]", 10_582, 1449));
        assertEquals(List.of(), published(voc, 1464, 1449));
        assertEquals(List.of(), published(voc, 10_582, 9));
        List<Published> cityscapes = published("segment/fcn_r50-d8_769x769_40k_cityscapes", 2975, 500);
        assertEquals(List.of(71.47), cityscapes.stream().map(Published::value).toList());
    }

    private static List<Published> published(String protocol, int training, int test) {
        SegmentConfig config = config(4, 1);
        Segmenter net = Segmenters.on(ENCODER, config.model().options(3), 1);
        MeanIou.Counts image = MeanIou.Counts.of(new byte[] {0, 1, 2}, new byte[] {0, 1, 1}, 3);
        SegmentBenchmark.Counted counted = new SegmentBenchmark.Counted(
                new Items.Segmented(Collections.nCopies(test, image)), new long[][] {{1, 0, 0}, {0, 1, 1}, {0, 0, 0}});
        try (SegmentBenchmark benchmark = new SegmentBenchmark(config, net, Normalize.CIFAR, Device.current())) {
            return benchmark
                    .result(protocol, PaintedScenes.NAMES, training, counted, provenance())
                    .published();
        }
    }

    private static Provenance provenance() {
        return new Provenance("jmoco", Map.of(), 0, List.of());
    }

    /// Class by class over all pixels, as the definition says.
    private static double plainMeanIou(SegmentBenchmark benchmark, PaintedScenes scenes) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            long both = 0;
            long either = 0;
            for (int i = 0; i < scenes.size(); i++) {
                Scene scene = Scene.load(scenes, i);
                byte[] found = benchmark.predict(scene.image()).classes();
                for (int at = 0; at < found.length; at++) {
                    int label = scene.labels().classes()[at] & 0xFF;
                    both += label == c && found[at] == c ? 1 : 0;
                    either += label != 255 && (label == c || found[at] == c) ? 1 : 0;
                }
            }
            sum += (double) both / either;
        }
        return sum / 3;
    }

    @Test
    void weightsThatDoNotFitAreRefused() throws IOException {
        SegmentConfig config = config(4, 1);
        train("short", config, Device.current(), 1, () -> false);
        Path weights = folder.resolve("short/final.safetensors");
        FormatException classes = assertThrows(
                FormatException.class,
                () -> Segmenters.read(weights, config.model().options(5)));
        assertTrue(classes.getMessage().contains("3 classes"), classes.getMessage());
        Path encoder = folder.resolve("encoder.safetensors");
        SafeTensors.write(encoder, StateDict.of(ENCODER.net()), Map.of());
        FormatException none = assertThrows(
                FormatException.class,
                () -> Segmenters.read(encoder, config.model().options(3)));
        assertTrue(none.getMessage().contains("no segmenter"), none.getMessage());
    }

    /// The deep stem has other names in MMSegmentation.
    @Test
    void namesOfTheDeepStemGoOutAndComeIn() {
        Segmenter net = new Segmenter(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.DEEP).width(4), new Segmenter.Options(8, 3, false, 0), 1);
        Path file = folder.resolve("deep.safetensors");
        Segmenters.write(file, net, START, 0);
        assertTrue(SafeTensors.read(file)
                .arrays()
                .keySet()
                .containsAll(List.of(
                        "backbone.stem.0.weight",
                        "backbone.stem.1.weight",
                        "backbone.stem.6.weight",
                        "backbone.stem.7.bias",
                        "decode_head.convs.0.conv.weight",
                        "decode_head.conv_cat.bn.running_var",
                        "auxiliary_head.conv_seg.bias")));
        Segmenter read = Segmenters.read(file, net.options());
        StateDict.of(net)
                .forEach((name, array) -> assertArrayEquals(
                        array.toFloatArray(), StateDict.of(read).get(name).toFloatArray(), name));
    }
}
