package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.train.Saving;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.Plan;
import org.junit.jupiter.api.Test;

class SegmentForecastTest {
    private static final long ENDLESS = 1L << 50;
    private static final ResNet.Config NET =
            ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4);

    private static SegmentOutline outline(int batch, int atOnce, SegmentPredictor.Testing.Mode mode) {
        SegmentConfig config = new SegmentConfig(
                "painted",
                5,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new SegmentConfig.Model(4, false, 0.1, 0.4),
                new SegmentConfig.Crops(80, 66, 0.8, 1.5, 64, 0.75, 0.5, true),
                new SegmentConfig.Test(80, 66, mode, 24, 16),
                new SegmentConfig.Recipe(batch, atOnce, 10, 0.05, 1e-4, 0.9, 0.9, 5e-4));
        return new SegmentOutline(config, NET, 3);
    }

    private static SegmentOutline outline(int batch, int atOnce) {
        return outline(batch, atOnce, SegmentPredictor.Testing.Mode.WHOLE);
    }

    @Test
    void aStepTakesWhatIsForetold() {
        for (int atOnce : List.of(4, 2)) {
            try (Device device = Device.jvm(1)) {
                SegmentForecast forecast = SegmentForecast.of(outline(4, atOnce), ENDLESS, device);
                Segmenter net = new Segmenter(NET, new Segmenter.Options(4, 3, false, 0.1), 1);
                SegmentStep step = new SegmentStep(
                        net,
                        Normalize.CIFAR,
                        new Sgd(new Sgd.Options(0.9f, 5e-4f), net.parameters()),
                        new SegmentStep.Batch(4, atOnce, 64, 64),
                        0.4,
                        device);
                List<Plan> plans = step.programs().stream().map(Compiled::plan).toList();
                assertEquals(
                        plans.stream().mapToLong(Plan::activationBytes).max().orElseThrow(), forecast.activations());
                assertEquals(
                        plans.stream()
                                .flatMap(p -> p.buffers().stream())
                                .filter(Buffer.State.class::isInstance)
                                .distinct()
                                .mapToLong(b -> b.size() * b.dtype().bytes())
                                .sum(),
                        forecast.state());
                long values = net.named().values().stream()
                        .mapToLong(v -> v.shape().size())
                        .sum();
                assertTrue(forecast.state() > 2 * 4 * values - 4096, "parameters and momenta");
                assertTrue(
                        forecast.copies() > 4 * values && forecast.copies() < 8 * values,
                        "the network as it is written, and the encoder that was read");
                assertEquals(0, forecast.repeated());
            }
        }
    }

    @Test
    void theScoresOfWindowsAreCounted() {
        try (Device device = Device.jvm(1)) {
            SegmentForecast whole = SegmentForecast.of(outline(1, 1), ENDLESS, device);
            SegmentForecast slide =
                    SegmentForecast.of(outline(1, 1, SegmentPredictor.Testing.Mode.SLIDE), ENDLESS, device);
            assertEquals(4 * 4 * 64 * 64, whole.images());
            assertEquals(4 * 80 * 66 * (3 + 1), slide.images());
            assertTrue(slide.exchange() >= slide.images(), "the scores are fed to a program");
        }
    }

    @Test
    void theLargestPartFitsAndTheNextOneDoesNot() {
        try (Device device = Device.jvm(1)) {
            long least = SegmentForecast.of(outline(4, 1), 1, device).total(); // all computed again that can be
            long all = SegmentForecast.of(outline(4, 4), ENDLESS, device).total();
            assertEquals(
                    4,
                    SegmentForecast.largest(outline(4, 1), all, device),
                    "the whole batch needs no sums of gradients, so three images may be too many where four fit");
            assertEquals(0, SegmentForecast.largest(outline(4, 1), 1 << 20, device));
            int images = SegmentForecast.largest(outline(4, 4), least, device);
            int part = SegmentForecast.largestPart(outline(4, 4), images).orElseThrow();
            assertTrue(part >= 1 && part <= images && images < 4, images + " images");
            for (int n : List.of(1, 2, 4)) {
                assertEquals(
                        n <= part,
                        SegmentForecast.of(outline(4, n), least, device).fits(least),
                        n + " of " + images + " at once");
            }
        }
        assertEquals(OptionalInt.of(4), SegmentOutline.part(12, 5));
        assertEquals(OptionalInt.empty(), SegmentOutline.part(12, 0));
    }

    /// A machine with as much memory as one image at once takes.
    @Test
    void aRefusalNamesWhatFits() {
        long limit;
        try (Device device = Device.jvm(1)) {
            Backend backend = device.backend();
            limit = backend.memory(
                            backend.plan(outline(4, 1).training(1).getFirst().graph(), ENDLESS))
                    .total();
        }
        try (Device device = new Device(new JvmBackend(1, limit))) {
            String message = assertThrows(
                            DeviceMemoryException.class,
                            () -> training(outline(4, 4), device).requireRoom())
                    .getMessage();
            Matcher m = Pattern.compile(
                            "program segment-step needs .* for the JVM; there are [\\d,]+ MiB; recipe.images-at-once="
                                    + "(\\d+) fits, and is another protocol: .* the largest batch that fits at once is (\\d+)")
                    .matcher(message);
            assertTrue(m.matches(), message);
            int part = Integer.parseInt(m.group(1));
            int largest = Integer.parseInt(m.group(2));
            assertTrue(4 % part == 0 && part <= largest && largest < 2 * part && largest < 4, message);
            training(outline(4, part), device).requireRoom();
            assertThrows(
                    DeviceMemoryException.class,
                    () -> training(outline(4, 2 * part), device).requireRoom());
        }
        try (Device device = new Device(new JvmBackend(1, 1 << 20))) {
            String message = assertThrows(
                            DeviceMemoryException.class,
                            () -> training(outline(4, 4), device).requireRoom())
                    .getMessage();
            assertTrue(message.endsWith("not even one image fits at once, a smaller crops.side needs less"), message);
            assertFalse(message.contains("\n"));
        }
    }

    private static SegmentTraining training(SegmentOutline what, Device device) {
        SegmentTraining.Start start =
                new SegmentTraining.Start(Encoder.untrained(what.encoder(), 1), Normalize.CIFAR, PaintedScenes.NAMES);
        return new SegmentTraining(
                what.config(),
                start,
                new PaintedScenes(9, 1),
                new SegmentTraining.Manner(device, new Saving(Saving.Unit.STEPS, 2, 2), 1, ""));
    }
}
