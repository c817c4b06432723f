package org.jmoco.moco.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.moco.pretrain.HealthMonitor;
import org.jmoco.moco.pretrain.KnnMonitor;
import org.jmoco.moco.pretrain.Timetable;
import org.jmoco.moco.pretrain.TinyRun;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.backend.DeviceMemory;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.junit.jupiter.api.Test;

/// How far what is foretold is from whole runs stands in `docs/decisions/README.md`.
class ForecastTest {
    private static final long MIB = 1 << 20;

    @Test
    void theLargestNumberThatFitsIsFoundFromEverywhere() {
        for (int most = 1; most < 40; most++) {
            for (int limit = 0; limit <= most + 3; limit++) {
                for (int start = 1; start < 45; start++) {
                    int fits = limit;
                    assertEquals(
                            Math.min(limit, most),
                            Forecast.largest(start, most, n -> n <= fits),
                            limit + " of " + most + " from " + start);
                }
            }
        }
    }

    @Test
    void theLargestBatchFitsAndTheNextOneDoesNot() {
        MocoConfig config = TinyRun.config();
        try (Device device = Device.jvm(1)) {
            double needed = Forecast.of(config, device, OptionalInt.empty()).residentMebibytes();
            long limit = (long) ((needed + 10) * MIB);
            int batch = Forecast.of(config, device, OptionalInt.empty())
                    .largestBatch(limit)
                    .orElseThrow();
            assertTrue(batch > 16 && batch < 320 && batch % 2 == 0, "largest batch " + batch);
            assertTrue(Forecast.of(config.withBatch(batch), device, OptionalInt.empty())
                    .within(limit)
                    .fits(limit));
            assertFalse(Forecast.of(config.withBatch(batch + 2), device, OptionalInt.empty())
                    .within(limit)
                    .fits(limit));
            assertEquals(
                    320,
                    Forecast.of(config, device, OptionalInt.empty())
                            .largestBatch(1L << 50)
                            .orElseThrow(),
                    "the data set fills no larger one");
            assertTrue(Forecast.of(config, device, OptionalInt.empty())
                    .largestBatch(100 * MIB)
                    .isEmpty());
        }
    }

    @Test
    void memoryIsTheSumOfItsPartsAndGrowsWithWhatNeedsIt() {
        try (Device device = Device.jvm(1)) {
            Forecast plain = Forecast.of(TinyRun.config(), device, OptionalInt.empty());
            assertTrue(
                    plain.residentMebibytes() > plain.heapMebibytes() + plain.offHeapMebibytes(),
                    "what the JVM needs for itself is missing");
            double wider = Forecast.of(TinyRun.config("model.width=32"), device, OptionalInt.empty())
                    .offHeapMebibytes();
            // Activations of a four times wider network are eight times as large, weights 64 times.
            assertTrue(wider > 6 * plain.offHeapMebibytes(), wider + " MiB after " + plain.offHeapMebibytes());
            double watched = Forecast.of(TinyRun.config("knn={every: 1, k: 50}"), device, OptionalInt.empty())
                    .offHeapMebibytes();
            assertTrue(watched > plain.offHeapMebibytes(), "the monitor's features and programs are not counted");
            double larger = Forecast.of(TinyRun.config("knn={every: 1, k: 50, size: 32}"), device, OptionalInt.empty())
                    .offHeapMebibytes();
            assertTrue(larger > watched, "the monitor's images are four times as large, and are not counted so");
        }
    }

    @Test
    void timeIsMeasuredOnARunsOwnBatches() {
        MocoConfig config = TinyRun.config("knn={every: 2, k: 50}");
        try (Device device = Device.jvm(1)) {
            Forecast forecast = Forecast.of(config, device, OptionalInt.empty());
            assertTrue(forecast.totalSeconds().isEmpty());
            forecast.measure(3, 3, 20);
            assertEquals(20, forecast.stepsPerEpoch());
            assertEquals(60, forecast.steps());
            assertEquals(64 / 16 / 20.0, forecast.queueEpochs());
            double steps = 60 * forecast.stepSeconds().orElseThrow();
            assertTrue(
                    steps > 0 && forecast.totalSeconds().orElseThrow() > steps,
                    "looks and the first steps are not counted");
        }
    }

    @Test
    void looksAreCountedAsTheRunHasThem() {
        assertEquals(
                3,
                TimeForecast.looks(
                        new Timetable(TinyRun.config("knn={every: 2, k: 50}"), 20))); // first, after epochs 2 and 3
        assertEquals(
                2, TimeForecast.looks(new Timetable(TinyRun.config("knn={every: 1, k: 50}", "schedule.steps=7"), 20)));
        assertEquals(0, TimeForecast.looks(new Timetable(TinyRun.config(), 20)));
    }

    @Test
    void aDataSetThatIsNotHereIsPlannedFor() {
        MocoConfig config = TinyRun.config("data={kind: folder, path: /nowhere}", "knn={every: 1, k: 50}");
        try (Device device = Device.jvm(1)) {
            assertThrows(DataException.class, () -> Forecast.of(config, device, OptionalInt.empty()));
            Forecast forecast =
                    Forecast.of(config, device, OptionalInt.of(1000)).measure(1, 2, 20);
            assertEquals(62, forecast.stepsPerEpoch());
            assertTrue(forecast.stepSeconds().orElseThrow() > 0);
            assertThrows(DataException.class, () -> Forecast.of(config, device, OptionalInt.of(15)));
        }
    }

    @Test
    void theDeviceHoldsWhatIsForetold() {
        TestDevices.requireSdk();
        MocoConfig config = TinyRun.config("knn={every: 1, k: 50}");
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device device = new Device(backend)) {
            Forecast forecast = Forecast.of(config, device, OptionalInt.empty());
            DeviceMemory foretold = forecast.deviceMemory().orElseThrow();
            assertTrue(
                    forecast.residentMebibytes() * MIB > foretold.host(),
                    "what the arenas take of the machine is not counted");
            assertTrue(forecast.fits(1L << 50));
            assertFalse(forecast.fits(100 * MIB));
            long before = backend.held();
            Moco moco = new Moco(config, Trial.pixels(config));
            List<Compiled> programs = new ArrayList<>();
            moco.programs().forEach(p -> programs.add(device.compile(p)));
            programs.add(device.compile(moco.features(KnnMonitor.BATCH)));
            programs.add(device.compile(moco.features(Math.min(HealthMonitor.MOST_PAIRS, config.batch()))));
            assertEquals(foretold.programs(), backend.held());
            assertTrue(backend.held() > before && programs.size() > 2);
        }
    }
}
