package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.moco.run.RunException;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to a run, it ends with the bytes of the one to which nothing happened.
class InterruptedRunTest {
    private static final Device TWO = Device.jvm(2);
    private static final Device ONE = Device.jvm(1);

    @TempDir
    static Path temp;

    private static byte[] unbroken;
    private static List<String> unbrokenLosses;

    @BeforeAll
    static void runWithoutABreak() throws IOException {
        Path losses = temp.resolve("unbroken.tsv");
        unbroken = TinyRun.weights(Pretraining.run(TinyRun.config(), TinyRun.into(temp.resolve("unbroken"), TWO).withLosses(Optional.of(losses))));
        unbrokenLosses = Files.readAllLines(losses);
        assertEquals(TinyRun.STEPS, unbrokenLosses.size());
    }

    @AfterAll
    static void close() {
        TWO.close();
        ONE.close();
    }

    private static void assertEndsLikeTheUnbrokenOne(Path out, Path losses, PretrainResult result) throws IOException {
        assertTrue(result.finished());
        assertArrayEquals(unbroken, TinyRun.weights(result));
        assertEquals(unbrokenLosses, Files.readAllLines(losses));
        List<String> steps = Files.readAllLines(out.resolve("metrics.jsonl")).stream().filter(line -> line.contains("\"loss\"")).map(line -> line.replaceAll("\\{\"step\":(\\d+),.*", "$1")).toList();
        assertEquals(IntStream.rangeClosed(1, TinyRun.STEPS).mapToObj(Integer::toString).toList(), steps);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void killedTwiceAtRandomSteps() throws Exception {
        Path out = temp.resolve("killed");
        Path losses = temp.resolve("killed.tsv");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int first = random.nextInt(1, 30);
        for (int step : new int[] {first, random.nextInt(30, 55)}) {
            Process process = TinyRun.start(out, losses, Optional.empty());
            TinyRun.awaitStep(process, out, step);
            process.destroyForcibly().waitFor();
            assertFalse(Files.exists(out.resolve("final.safetensors")), "seed " + seed + ": the run had ended before it was killed");
        }
        assertEndsLikeTheUnbrokenOne(out, losses, Pretraining.run(TinyRun.config(), TinyRun.into(out, ONE).withResume(true).withLosses(Optional.of(losses))));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void askedToStopWithASignal() throws Exception {
        Path out = temp.resolve("asked");
        Path losses = temp.resolve("asked.tsv");
        Process process = TinyRun.start(out, losses, Optional.empty());
        TinyRun.awaitStep(process, out, 3);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertEquals(Interrupts.EXIT_CODE, TinyRun.exitCode(process), TinyRun.errors(out));
        assertTrue(TinyRun.errors(out).matches("(?s).*stopped after step \\d+, saved; go on with --resume\\s*"), TinyRun.errors(out));
        assertEndsLikeTheUnbrokenOne(out, losses, Pretraining.run(TinyRun.config(), TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theDiskWasFull() throws Exception {
        Path out = temp.resolve("full");
        Path losses = temp.resolve("full.tsv");
        // A checkpoint takes half a MiB: no file may become larger than 200 KiB.
        Process process = TinyRun.start(out, losses, Optional.of("ulimit -f 200"));
        assertEquals(1, TinyRun.exitCode(process));
        String last = TinyRun.errors(out).lines().reduce((a, b) -> b).orElseThrow();
        assertTrue(last.startsWith("jmoco: cannot write " + out.resolve("checkpoints/step-00000007.safetensors")) && last.contains("File too large"), TinyRun.errors(out));
        try (Stream<Path> files = Files.list(out.resolve("checkpoints"))) {
            assertEquals(List.of(), files.toList());
        }
        assertEndsLikeTheUnbrokenOne(out, losses, Pretraining.run(TinyRun.config(), TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    @Test
    void oneThread() throws IOException {
        Path losses = temp.resolve("one.tsv");
        assertEndsLikeTheUnbrokenOne(temp.resolve("one"), losses, Pretraining.run(TinyRun.config(), TinyRun.into(temp.resolve("one"), ONE).withLosses(Optional.of(losses))));
    }

    @Test
    void itsNewestCheckpointIsDamagedAndDeleted() throws IOException {
        Path out = temp.resolve("damaged");
        Path losses = temp.resolve("damaged.tsv");
        int[] asked = {0};
        PretrainResult stopped = Pretraining.run(TinyRun.config(), TinyRun.into(out, TWO).withLosses(Optional.of(losses)).withStop(() -> ++asked[0] > 17));
        assertFalse(stopped.finished());
        Path newest = out.resolve("checkpoints").resolve(String.format("step-%08d.safetensors", stopped.steps()));
        byte[] whole = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(RunException.class, () -> Pretraining.run(TinyRun.config(), TinyRun.into(out, TWO).withResume(true))).getMessage();
        assertTrue(message.contains(newest + " is damaged") && message.contains("delete it to go on from step-00000014.safetensors"), message);
        Files.delete(newest);
        assertEndsLikeTheUnbrokenOne(out, losses, Pretraining.run(TinyRun.config(), TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }
}
