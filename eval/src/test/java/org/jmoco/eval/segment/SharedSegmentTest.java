package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.StoppedException;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segmentation by several processes, which are threads here: the bytes of one.
class SharedSegmentTest {
    private static final Encoder ENCODER =
            Encoder.untrained(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), 3);
    private static final SegmentTraining.Start START =
            new SegmentTraining.Start(ENCODER, Normalize.CIFAR, PaintedScenes.NAMES);

    @TempDir
    private Path folder;

    static SegmentConfig config(int atOnce, int ranks) {
        return new SegmentConfig(
                "painted",
                5,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new SegmentConfig.Model(4, false, 0.1, 0.4),
                new SegmentConfig.Crops(40, 33, 0.8, 1.5, 24, 0.75, 0.5, true),
                new SegmentConfig.Test(40, 33, SegmentPredictor.Testing.Mode.WHOLE, 24, 16),
                new SegmentConfig.Recipe(8, atOnce, 5, 0.05, 1e-4, 0.9, 0.9, 5e-4, ranks));
    }

    private static SegmentTraining training(SegmentConfig config, Device device, Processes processes) {
        return new SegmentTraining(
                config,
                START,
                new PaintedScenes(11, 1),
                new SegmentTraining.Manner(device, new Saving(Saving.Unit.STEPS, 2, 2), 1, processes, ""));
    }

    /// A run's weights and the result of the test; nothing if it was stopped. Process 0 alone has the folder.
    static void run(Path out, SegmentConfig config, Processes processes, BooleanSupplier stop) {
        boolean first = processes.number() == 0;
        RunOptions options = RunOptions.fresh()
                .withProcesses(processes)
                .withResume(Files.exists(out))
                .withStop(stop)
                .withProgress(new Progress(
                        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
        try (Device device = Device.jvm(1 + processes.number() % 2);
                Run run = Run.open(
                        first ? out : out.resolveSibling("nowhere"),
                        RunIdentity.EMPTY.with("config", config.toString()),
                        options)) {
            SegmentTraining training = training(config, device, processes);
            if (!TrainingLoop.run(run, training).finished()) {
                return;
            }
            PaintedScenes test = new PaintedScenes(21, 2);
            try (SegmentBenchmark benchmark = new SegmentBenchmark(config, training.net(), Normalize.CIFAR, device)) {
                SegmentBenchmark.Counted counted = benchmark.count(test, processes, () -> false, (done, of) -> {});
                if (first) {
                    ResultFolder.write(
                            out,
                            benchmark.result(
                                    "segment/painted",
                                    PaintedScenes.NAMES,
                                    11,
                                    counted,
                                    new Provenance("jmoco", Map.of(), 0, List.of())));
                }
            }
        }
    }

    private void run(Path out, SegmentConfig config, int processes, BooleanSupplier stop) {
        if (processes == 1) {
            run(out, config, new Alone("here"), stop);
        } else {
            ProcessesInOneJvm.run(processes, p -> run(out, config, p, p.number() == 1 ? stop : () -> false));
        }
    }

    static void assertSame(Path expected, Path found) {
        for (String file : List.of("final.safetensors", ResultFolder.RESULT, ResultFolder.ITEMS)) {
            try {
                assertArrayEquals(
                        Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(found.resolve(file)), file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The whole batch at once, on four ranks; and half of it, on two.
    @Test
    void anyNumberOfProcessesGivesTheSameBytes() {
        for (int ranks : List.of(4, 2)) {
            SegmentConfig config = config(2 * ranks, ranks);
            Path alone = folder.resolve("alone" + ranks);
            run(alone, config, 1, () -> false);
            for (int processes = 2; processes <= ranks; processes *= 2) {
                Path shared = folder.resolve("shared" + ranks + " " + processes);
                run(shared, config, processes, () -> false);
                assertSame(alone, shared);
            }
        }
        assertFalse(Files.exists(folder.resolve("nowhere")), "process 0 alone writes");
    }

    /// Process 1 alone is asked to stop; the run goes on with another number of processes.
    @Test
    void aRunGoesOnWithOtherProcesses() {
        SegmentConfig config = config(8, 4);
        Path straight = folder.resolve("straight");
        run(straight, config, 2, () -> false);
        Path stopped = folder.resolve("stopped");
        AtomicInteger asked = new AtomicInteger();
        run(stopped, config, 4, () -> asked.incrementAndGet() == 3);
        assertFalse(Files.exists(stopped.resolve("final.safetensors")), "the run was to be stopped");
        assertTrue(Files.exists(stopped.resolve("checkpoints/step-00000003.safetensors")));
        run(stopped, config, 1, () -> false);
        assertSame(straight, stopped);
    }

    /// Ranks share batch norm's statistics: what differs from one rank is rounding.
    @Test
    void ranksAreTheWholeBatchButForRounding() {
        try (Device device = Device.jvm(1)) {
            float[] one = firstLosses(config(8, 1), device);
            float[] four = firstLosses(config(8, 4), device);
            assertArrayEquals(one, four, 2e-4f);
            float[] apart = firstLosses(config(2, 1), device);
            assertTrue(Math.abs(apart[0] - one[0]) > 1e-3, "statistics of 2 images are those of 8");
        }
    }

    private static float[] firstLosses(SegmentConfig config, Device device) {
        SegmentTraining training = training(config, device, new Alone("here"));
        float[] losses = new float[2];
        try (var steps = training.from(0)) {
            for (int i = 0; i < losses.length; i++) {
                steps.load();
                losses[i] = steps.take().measured().get("loss");
            }
        }
        return losses;
    }

    /// One process is asked to stop while test images are counted: all stop.
    @Test
    void allStopWhereOneIsAskedTo() {
        SegmentConfig config = config(8, 2);
        ProcessesInOneJvm.run(2, processes -> {
            try (Device device = Device.jvm(1);
                    SegmentBenchmark benchmark = new SegmentBenchmark(
                            config, Segmenters.on(ENCODER, config.model().options(3), 1), Normalize.CIFAR, device)) {
                AtomicInteger seen = new AtomicInteger();
                assertThrows(
                        StoppedException.class,
                        () -> benchmark.count(
                                new PaintedScenes(40, 2),
                                processes,
                                () -> processes.number() == 1,
                                (done, of) -> seen.incrementAndGet()));
                assertEquals(8, seen.get());
            }
        });
    }

    @Test
    void ranksThatCannotBeSharedOutAreNamed() {
        ProcessesInOneJvm.run(3, processes -> {
            try (Device device = Device.jvm(1)) {
                assertEquals(
                        "recipe.ranks: 4 cannot be shared out to 3 processes, each of which needs as many as the others; "
                                + "start a number of processes that divides the ranks, or set recipe.ranks=3",
                        assertThrows(RunException.class, () -> training(config(8, 4), device, processes))
                                .getMessage());
            }
        });
        assertEquals(
                "recipe.images-at-once must be a multiple of recipe.ranks, which have equally many of them; got 8 and 3",
                assertThrows(IllegalArgumentException.class, () -> config(8, 3)).getMessage());
    }
}
