package org.jmoco.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path temp;

    private static Checkpoints.State state(long step, float value) {
        return new Checkpoints.State(
                step, Map.of("w", ArrayData.ofFloats(new float[] {value, 2}, 2)), Map.of("config", "batch: 1"));
    }

    @Test
    void twoRunsNeverWriteOneFolder() {
        try (RunFolder first = RunFolder.open(temp.resolve("run"))) {
            String message = assertThrows(RunException.class, () -> RunFolder.open(first.path()))
                    .getMessage();
            assertTrue(message.startsWith("another run is writing to "), message);
        }
        RunFolder.open(temp.resolve("run")).close();
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        assertTrue(assertThrows(RunException.class, () -> RunFolder.open(file))
                .getMessage()
                .contains("a file of that name is in the way"));
    }

    @Test
    void theNewestCheckpointsAreKept() {
        Checkpoints checkpoints = new Checkpoints(temp.resolve("c"), 2);
        for (int step : new int[] {5, 10, 15}) {
            checkpoints.save(state(step, step));
        }
        assertEquals(
                List.of("step-00000010.safetensors", "step-00000015.safetensors"),
                checkpoints.list().stream().map(p -> p.getFileName().toString()).toList());
        Checkpoints.State latest = checkpoints.latest().orElseThrow();
        assertEquals(15, latest.step());
        assertEquals("batch: 1", latest.metadata().get("config"));
        assertEquals(15f, latest.arrays().get("w").toFloatArray()[0]);
    }

    @Test
    void everyDamagedByteIsNoticed() throws Exception {
        Checkpoints checkpoints = new Checkpoints(temp.resolve("c"), 3);
        checkpoints.save(state(1, 1));
        Path newest = checkpoints.save(state(2, 2));
        byte[] whole = Files.readAllBytes(newest);
        int accepted = 0;
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(newest, damaged);
            try {
                // A flipped bit in other metadata's text or in the padding may pass; what it holds must then be
                // unharmed.
                assertEquals(
                        2f, checkpoints.latest().orElseThrow().arrays().get("w").toFloatArray()[0]);
                accepted++;
            } catch (RunException e) {
                assertTrue(
                        e.getMessage().contains("delete it to go on from step-00000001.safetensors"), e.getMessage());
            }
        }
        assertTrue(accepted < whole.length / 4, accepted + " of " + whole.length + " damaged files were accepted");
        Files.write(newest, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThrows(RunException.class, checkpoints::latest);
    }

    @Test
    void metricsAreCutBackToTheCheckpoint() throws Exception {
        Path file = temp.resolve("metrics.jsonl");
        try (MetricsLog log = MetricsLog.open(file, 0)) {
            for (int step = 1; step <= 5; step++) {
                log.write(step, Map.of("loss", step * 0.5f));
            }
        }
        Files.writeString(file, Files.readString(file) + "{\"step\": 6, \"lo");
        try (MetricsLog log = MetricsLog.open(file, 3)) {
            log.write(4, Map.of("loss", Float.NaN));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(4, lines.size());
        assertEquals("{\"step\":3,\"loss\":1.5}", lines.get(2));
        assertEquals("{\"step\":4,\"loss\":\"NaN\"}", lines.get(3));
    }

    @Test
    void aFailedSaveLeavesNothingBehind() throws Exception {
        Path folder = temp.resolve("c");
        Checkpoints checkpoints = new Checkpoints(folder, 1);
        checkpoints.save(state(1, 1));
        Files.createDirectory(folder.resolve("step-00000002.safetensors"));
        Files.createFile(folder.resolve("step-00000002.safetensors/in-the-way"));
        assertThrows(java.io.UncheckedIOException.class, () -> checkpoints.save(state(2, 2)));
        try (Stream<Path> files = Files.list(folder)) {
            assertFalse(files.anyMatch(f -> f.toString().endsWith(".tmp")));
        }
    }

    @Test
    void whatAKilledRunWasWritingIsDeleted() throws Exception {
        Path checkpoints = Files.createDirectories(temp.resolve("run/checkpoints"));
        Files.createFile(checkpoints.resolve(".step-00000007.safetensors.4711-0.tmp"));
        Files.createFile(checkpoints.resolve("step-00000006.safetensors"));
        RunFolder.open(temp.resolve("run")).close();
        try (Stream<Path> files = Files.list(checkpoints)) {
            assertEquals(List.of(checkpoints.resolve("step-00000006.safetensors")), files.toList());
        }
    }

    @Test
    void onATerminalOneLineIsRewrittenAndTakenAwayForLinesThatStay() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);
        progress.show(0, "step 1");
        progress.show(1, "too soon");
        progress.show(1_000_000_000, "step 2");
        progress.print("epoch");
        progress.clear();
        assertEquals(
                "\r\u001b[K\u001b[?7lstep 1\u001b[?7h\r\u001b[K\u001b[?7lstep 2\u001b[?7h\r\u001b[Kepoch\n",
                bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
        bytes.reset();
        Progress plain = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
        plain.show(0, "step 1");
        plain.show(1_000_000_000, "too soon");
        plain.show(11_000_000_000L, "step 9");
        assertEquals("step 1\nstep 9\n", bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }
}
