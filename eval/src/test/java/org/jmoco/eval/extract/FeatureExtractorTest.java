package org.jmoco.eval.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.extract.Encoder.Wanted;
import org.jmoco.eval.extract.Tap.Pooling;
import org.jmoco.eval.extract.Tap.Stage;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;

class FeatureExtractorTest {
    private static final Pipeline AS_IS = new Pipeline(List.of(), Normalize.IMAGENET);
    private static final double BOUND = 1e-4;

    @Test
    void everyTapOfAResNet50IsTorchs() {
        List<Tap> taps = new ArrayList<>(Tap.maps(Pooling.SPECIFIED));
        taps.addAll(Tap.maps(Pooling.ADAPTIVE));
        taps.addAll(List.of(Tap.AVGPOOL, Tap.HEAD));
        assertTorchs("resnet50", taps, new PatternImages(2, 224), AS_IS);
    }

    @Test
    void everyTapOfACifarResNetIsTorchs() {
        List<Tap> taps = new ArrayList<>(Tap.maps(Pooling.ADAPTIVE));
        taps.addAll(List.of(Tap.AVGPOOL, Tap.HEAD));
        assertTorchs("resnet18-cifar", taps, new PatternImages(3, 32), Preset.CIFAR_TEST.pipeline());
    }

    private static void assertTorchs(String name, List<Tap> taps, PatternImages images, Pipeline pipeline) {
        Encoder encoder = Encoder.read(EvalFixtures.path("extract/" + name + "-weights.safetensors"));
        SafeTensors expected = EvalFixtures.tensors("extract/" + name + "-features.safetensors");
        Map<Tap, FeatureTable> tables =
                new FeatureExtractor(encoder, taps, LoaderOptions.evaluation(2)).tables(images, pipeline);
        for (Tap tap : taps) {
            String key = (tap.stage().isMap() ? tap.pooling() == Pooling.ADAPTIVE ? "adaptive." : "specified." : "")
                    + tap.stage().key();
            ArrayData torch = expected.get(key);
            ArrayData ours = tables.get(tap).values();
            assertArrayEquals(torch.shape(), ours.shape(), key);
            for (long i = 0; i < torch.count(); i++) {
                assertEquals(
                        torch.doubleAt(i),
                        ours.doubleAt(i),
                        BOUND * Math.max(1, Math.abs(torch.doubleAt(i))),
                        key + " " + i);
            }
        }
    }

    @Test
    void aRowDoesNotDependOnItsBatch() {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), 1);
        PatternImages images = new PatternImages(7, 32);
        ArrayData together = table(encoder, images, 7).values();
        assertEquals(together, table(encoder, images, 3).values());
        assertEquals(together, table(encoder, images, 1).values());
    }

    /// A server's threads share an encoder, and some of them an extractor.
    @Test
    void threadsGetTheFeaturesOfOne() throws Exception {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
        PatternImages images = new PatternImages(9, 32);
        ArrayData expected = table(encoder, images, 3).values();
        try (Device device = Device.jvm(2);
                ExecutorService pool = Executors.newFixedThreadPool(8)) {
            FeatureExtractor shared =
                    new FeatureExtractor(device, encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(3));
            List<Callable<ArrayData>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                FeatureExtractor extractor = i % 2 == 0
                        ? shared
                        : new FeatureExtractor(device, encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(2 + i));
                tasks.add(() ->
                        extractor.table(images, Preset.CIFAR_TEST.pipeline()).values());
            }
            for (Future<ArrayData> found : pool.invokeAll(tasks)) {
                assertEquals(expected, found.get());
            }
        }
    }

    private static FeatureTable table(Encoder encoder, PatternImages images, int batch) {
        return new FeatureExtractor(encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(batch))
                .table(images, Preset.CIFAR_TEST.pipeline());
    }

    @Test
    void unreadableImagesAreLeftOutAndTold() {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(1), 1);
        PatternImages images = new PatternImages(300, 32, Set.of(1, 299));
        FeatureExtractor extractor = new FeatureExtractor(encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(64));
        List<String> told = extractor.stream(images, Preset.CIFAR_TEST.pipeline(), batch -> {});
        assertEquals(List.of("pattern1: is broken", "pattern299: is broken"), told);
        FeatureTable table = extractor.table(images, Preset.CIFAR_TEST.pipeline());
        assertEquals(298, table.size());
        assertEquals(298, table.values().dim(0));
        assertEquals(2, table.indices()[1]);
        assertEquals(2, table.labels()[1]);
        assertEquals(3, table.classes());
    }

    /// The monitor of a training loop keeps its extractor: features follow the weights.
    @Test
    void featuresOfANetworkInTrainingAreThoseOfTheMoment() {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
        FeatureExtractor extractor = new FeatureExtractor(encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(4));
        ArrayData before = extractor
                .table(new PatternImages(4, 32), Preset.CIFAR_TEST.pipeline())
                .values();
        Variable scale = encoder.net().named().get("layer4.1.bn2.weight");
        scale.set(new float[(int) scale.shape().size()]);
        assertFalse(before.equals(extractor
                .table(new PatternImages(4, 32), Preset.CIFAR_TEST.pipeline())
                .values()));
    }

    @Test
    void featuresThatAreNotFiniteAreRefusedWithTheImage() {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
        Variable mean = encoder.net().named().get("bn1.running_mean");
        mean.set(Float.NaN, 0);
        DataException e = assertThrows(DataException.class, () -> table(encoder, new PatternImages(4, 32), 4));
        assertTrue(
                e.getMessage().startsWith("pattern0: feature ")
                        && e.getMessage().contains("NaN"),
                e.getMessage());
    }

    @Test
    void aWindowLargerThanTheMapIsRefused() {
        Encoder encoder = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
        FeatureExtractor extractor =
                new FeatureExtractor(encoder, List.of(Tap.of(Stage.FEATURE5)), LoaderOptions.evaluation(4));
        ShapeException e = assertThrows(
                ShapeException.class, () -> extractor.table(new PatternImages(4, 32), Preset.CIFAR_TEST.pipeline()));
        assertTrue(e.getMessage().contains("4×4") && e.getMessage().contains("adaptive"), e.getMessage());
    }

    @Test
    void theHeadOfABackboneIsRefused() {
        Encoder encoder = Encoder.untrained(ResNet.Config.of(Arch.RESNET18).width(2), 1);
        assertThrows(
                DataException.class,
                () -> new FeatureExtractor(encoder, List.of(Tap.HEAD), LoaderOptions.evaluation(4)));
    }

    @Test
    void anotherNetworkThanTheWantedOneIsRefused() {
        FormatException e = assertThrows(
                FormatException.class,
                () -> Encoder.read(
                        EvalFixtures.path("extract/resnet18-cifar-weights.safetensors"),
                        new Wanted(Optional.of(Arch.RESNET50), Optional.empty(), Optional.empty())));
        assertTrue(
                e.getMessage().contains("ResNet-18 (CIFAR stem, width 3, head 6)")
                        && e.getMessage().contains("wanted is a ResNet-50"),
                e.getMessage());
    }
}
