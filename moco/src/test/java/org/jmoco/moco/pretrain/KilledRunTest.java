package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jmoco.moco.config.MocoConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A run of a few seconds that saves every step, in processes that are killed: every other one at any moment of
/// its life, the others when they are seen to write a checkpoint. What is left goes on until the run ends; then
/// the next run begins, up to `-Djmoco.kills=N` kills (2).
class KilledRunTest {
    private static final int KILLS = Integer.getInteger("jmoco.kills", 2);
    private static final int STEPS = 16;
    private static final String YAML = """
            data: {kind: sample, limit: 32, workers: 1}
            views:
              transforms: [RandomResizedCrop: {size: 8}, RandomGrayscale: {p: 0.5}, RandomHorizontalFlip]
              normalize: {mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}
            model: {arch: resnet18, stem: cifar, width: 2, dim: 8}
            contrast: {temperature: 0.1, queue: 8, momentum: 0.9}
            batch: 4
            bn: {splits: 2}
            optimizer: {lr: 0.03}
            schedule: {kind: cosine, epochs: 2}
            knn: {every: 0}
            checkpoint: {every-steps: 1}
            """;

    @TempDir
    Path temp;

    static MocoConfig config(String... overrides) {
        return TinyRun.parse(YAML, overrides);
    }

    private final TestReporter reporter;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    KilledRunTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    /// The files that a run leaves.
    private record Run(Path out) {
        Path losses() {
            return out.resolveSibling(out.getFileName() + ".tsv");
        }

        Path weights() {
            return out.resolve("final.safetensors");
        }

        /// Temporary files of checkpoints: one is there while a checkpoint is written, and stays if the process is
        /// killed then.
        List<Path> unfinished() throws IOException {
            Path checkpoints = out.resolve("checkpoints");
            if (!Files.isDirectory(checkpoints)) {
                return List.of();
            }
            List<Path> found = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoints, ".*.tmp")) {
                files.forEach(found::add);
            }
            return found;
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void endsLikeTheOneThatWasNotKilled() throws Exception {
        long begin = System.nanoTime();
        Run unbroken = new Run(temp.resolve("unbroken"));
        assertEquals(0, TinyRun.exitCode(start(unbroken)), TinyRun.errors(unbroken.out));
        long lifetime = System.nanoTime() - begin;
        int kills = 0;
        int hits = 0;
        int ends = 0;
        for (; more(kills, hits); ends++) {
            Run run = new Run(temp.resolve("run" + ends));
            boolean ended = false;
            while (!ended) {
                Process process = start(run);
                if (more(kills, hits)
                        && (kills % 2 == 0
                                ? awaitWrite(process, run, random.nextInt(1, 9))
                                : !process.waitFor(random.nextLong(lifetime), TimeUnit.NANOSECONDS))) {
                    process.destroyForcibly().waitFor();
                    kills++;
                    hits += run.unfinished().isEmpty() ? 0 : 1;
                } else {
                    assertEquals(0, TinyRun.exitCode(process), TinyRun.errors(run.out));
                    ended = true;
                }
            }
            assertSame(unbroken, run);
        }
        reporter.publishEntry(
                "SIGKILL",
                kills + " kills, " + hits + " of them in the middle of a checkpoint, in " + ends
                        + " runs, each ended like the unbroken one; seed " + seed + ", "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s, the unbroken run "
                        + TimeUnit.NANOSECONDS.toMillis(lifetime) + " ms");
        assertTrue(hits > 0, "no kill hit a checkpoint; seed " + seed);
    }

    /// A few more than asked for, if none has hit the writing of a checkpoint yet.
    private static boolean more(int kills, int hits) {
        return kills < KILLS || hits == 0 && kills < KILLS + 20;
    }

    private static Process start(Run run) throws IOException {
        // Such a run is over before the better compiler has begun; its bits are the same.
        return TinyRun.start(
                YAML,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                run.out,
                run.losses(),
                List.of("--threads", "1"));
    }

    /// Waits until the process is seen writing its n-th checkpoint.
    ///
    /// @return whether it was, before it ended
    private boolean awaitWrite(Process process, Run run, int n) throws IOException, InterruptedException {
        Set<Path> seen = new HashSet<>(run.unfinished()); // what earlier processes left
        int old = seen.size();
        while (process.isAlive()) {
            seen.addAll(run.unfinished());
            if (seen.size() >= old + n) {
                return true;
            }
            Thread.sleep(0, 100_000);
        }
        return false;
    }

    private void assertSame(Run expected, Run run) throws IOException {
        assertArrayEquals(Files.readAllBytes(expected.weights()), Files.readAllBytes(run.weights()), "seed " + seed);
        List<String> losses = Files.readAllLines(expected.losses());
        assertEquals(STEPS, losses.size());
        assertEquals(losses, Files.readAllLines(run.losses()), "seed " + seed);
        assertEquals(List.of(), run.unfinished());
        List<String> steps = Files.readAllLines(run.out.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> line.replaceAll("\\{\"step\":(\\d+),.*", "$1"))
                .toList();
        assertEquals(IntStream.rangeClosed(1, STEPS).mapToObj(Integer::toString).toList(), steps, "seed " + seed);
    }
}
