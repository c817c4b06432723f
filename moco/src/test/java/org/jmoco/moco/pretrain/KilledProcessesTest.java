package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jmoco.nn.processes.mpi.Mpirun;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Runs over processes of which one is killed at a random step, again and again: what is left goes on under the
/// other MPI with another number of processes, to the bytes of a run that nobody has touched.
/// `-Djmoco.process.kills=N` kills (1).
@EnabledOnOs(OS.LINUX)
class KilledProcessesTest {
    private static final int KILLS = Integer.getInteger("jmoco.process.kills", 1);
    private static final int STEPS = 12;
    private static final List<String> SETTINGS = List.of(
            "ranks=4",
            "bn.splits=1",
            "model.width=2",
            "data.limit=64",
            "data.workers=1",
            "schedule.epochs=3",
            "checkpoint.every-steps=1");

    @TempDir
    Path temp;

    private final TestReporter reporter;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    KilledProcessesTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    private byte[] unbroken() throws IOException {
        try (Device device = Device.jvm(2)) {
            return TinyRun.weights(Pretraining.run(
                    TinyRun.config(SETTINGS.toArray(String[]::new)), TinyRun.into(temp.resolve("alone"), device)));
        }
    }

    private Mpirun.Running start(Mpirun mpirun, int processes, Path out) throws IOException {
        Path config = Files.writeString(temp.resolve("tiny.yaml"), TinyRun.YAML);
        List<String> command = new ArrayList<>(List.of(
                "org.jmoco.moco.Main",
                "pretrain",
                "--config",
                config.toString(),
                "--out",
                out.toString(),
                "--threads",
                Integer.toString(random.nextInt(1, 3)),
                "--process-timeout",
                Long.toString(Mpirun.PATIENCE_SECONDS / 2),
                "--resume"));
        SETTINGS.forEach(s -> command.addAll(List.of("--set", s)));
        return mpirun.start(List.of(), processes, List.of(), List.of(), command.toArray(String[]::new));
    }

    /// Waits until a step is in the log, or the run has ended.
    private static void awaitStep(Mpirun.Running running, Path out, int step) throws Exception {
        Path metrics = out.resolve("metrics.jsonl");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Mpirun.PATIENCE_SECONDS);
        while (running.process().isAlive()
                && !(Files.exists(metrics) && Files.readString(metrics).contains("{\"step\":" + step + ",\"loss\""))) {
            assertTrue(System.nanoTime() < deadline, () -> "no step " + step);
            running.process().waitFor(2, TimeUnit.MILLISECONDS);
        }
    }

    private static int stepsIn(Path out) throws IOException {
        Path metrics = out.resolve("metrics.jsonl");
        return Files.exists(metrics)
                ? (int) Files.readAllLines(metrics).stream()
                        .filter(line -> line.contains("\"loss\""))
                        .count()
                : 0;
    }

    @Test
    void endsLikeTheOneThatWasNotKilled() throws Exception {
        byte[] expected = unbroken();
        int kills = 0;
        int launches = random.nextInt(2);
        int before = 0;
        List<String> history = new ArrayList<>(List.of("seed " + seed));
        for (int run = 0; kills < KILLS; run++) {
            Path out = temp.resolve("run" + run);
            for (int code = -1; code != 0; launches++) {
                Mpirun mpirun = Mpirun.values()[launches % 2];
                int processes = before;
                while (processes == before) {
                    processes = 1 << random.nextInt(3);
                }
                before = processes;
                Mpirun.Running running = start(mpirun, processes, out);
                if (kills < KILLS && processes > 1) {
                    awaitStep(running, out, Math.min(STEPS - 1, stepsIn(out) + random.nextInt(1, 5)));
                    List<ProcessHandle> all = running.process()
                            .descendants()
                            .filter(p -> p.info().command().orElse("").endsWith("java"))
                            .toList();
                    if (!all.isEmpty()) {
                        all.get(random.nextInt(all.size())).destroyForcibly();
                        kills++;
                        history.add(mpirun + " × " + processes + " killed at step " + stepsIn(out));
                    }
                }
                Mpirun.Result result = running.result();
                code = result.code();
                assertTrue(
                        code == 0
                                || kills > 0 && result.lines("jmoco: a defect").isEmpty(),
                        history + ": " + result);
            }
            assertArrayEquals(expected, Files.readAllBytes(out.resolve("final.safetensors")), history.toString());
        }
        reporter.publishEntry("killed", history.toString());
    }

    @Test
    void aFileStopSavesAndStops() throws Exception {
        Path out = temp.resolve("stopped");
        Mpirun.Running running = start(Mpirun.MPICH, 2, out);
        awaitStep(running, out, 1);
        Files.createFile(out.resolve("stop"));
        Mpirun.Result result = running.result();
        assertNotEquals(0, result.code(), result.toString());
        assertEquals(
                1,
                result.output().stream()
                        .filter(l -> l.startsWith("stopped after step "))
                        .count(),
                result.toString());
        try (Device device = Device.jvm(2)) {
            assertArrayEquals(
                    unbroken(),
                    TinyRun.weights(Pretraining.run(
                            TinyRun.config(SETTINGS.toArray(String[]::new)),
                            TinyRun.into(out, device).withResume(true))));
        }
    }
}
