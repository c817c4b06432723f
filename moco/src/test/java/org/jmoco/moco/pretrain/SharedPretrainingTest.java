package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs of several processes that are threads here: who stops, who is refused, what is written.
class SharedPretrainingTest {
    @TempDir
    Path temp;

    private static MocoConfig config(String... more) {
        List<String> all = new java.util.ArrayList<>(
                List.of("ranks=2", "schedule.steps=4", "checkpoint.every-steps=9", "model.width=2", "data.limit=48"));
        all.addAll(List.of(more));
        return TinyRun.config(all.toArray(String[]::new));
    }

    /// Process 1 alone is asked to stop, in its second step; all stop there, and one process goes on.
    @Test
    void oneThatIsAskedToStopStopsAll() throws IOException {
        Path out = temp.resolve("stopped");
        ProcessesInOneJvm.run(2, processes -> {
            int[] asked = {0};
            try (Device device = Device.jvm(1)) {
                PretrainResult result = Pretraining.run(
                        config(),
                        TinyRun.into(processes.number() == 0 ? out : temp.resolve("nowhere"), device)
                                .withProcesses(processes)
                                .withStop(() -> processes.number() == 1 && ++asked[0] == 2));
                assertFalse(result.finished());
                assertEquals(2, result.steps());
            }
        });
        assertFalse(Files.exists(temp.resolve("nowhere")), "process 0 alone writes");
        assertTrue(Files.exists(out.resolve("checkpoints/step-00000002.safetensors")));
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .filter(l -> l.contains("slowestProcess"))
                .toList();
        assertEquals(2, lines.size());
        assertTrue(
                lines.getFirst()
                        .matches(
                                "\\{\"step\":1,\"processes\":2,\"slowestProcess\":[01],\"slowestHost\":\"thread-[01]\","
                                        + "\"slowestLoadMillis\":[0-9.]+,\"slowestComputeMillis\":[0-9.]+,"
                                        + "\"slowestWaitMillis\":[0-9.]+}"),
                lines.getFirst());
        try (Device device = Device.jvm(2)) {
            byte[] whole = TinyRun.weights(Pretraining.run(config(), TinyRun.into(temp.resolve("whole"), device)));
            assertArrayEquals(
                    whole,
                    TinyRun.weights(
                            Pretraining.run(config(), TinyRun.into(out, device).withResume(true))));
        }
    }

    @Test
    void anotherConfigurationIsRefusedOnAll() {
        ProcessesInOneJvm.run(2, processes -> {
            try (Device device = Device.jvm(1)) {
                assertEquals(
                        "process 1 on thread-1 has another optimizer.lr than process 0 on thread-0: 0.02 instead of "
                                + "0.01",
                        assertThrows(
                                        ProcessesException.class,
                                        () -> Pretraining.run(
                                                config("optimizer.lr=0.0" + (1 + processes.number())),
                                                TinyRun.into(temp.resolve("refused"), device)
                                                        .withProcesses(processes)))
                                .getMessage());
            }
        });
        assertFalse(Files.exists(temp.resolve("refused")));
    }

    /// All see the same loss, search together, and name the same op.
    @Test
    void aFaultIsFoundTogether() {
        ProcessesInOneJvm.run(2, processes -> {
            try (Device device = Device.jvm(1)) {
                String message = assertThrows(
                                RunException.class,
                                () -> Pretraining.run(
                                        config("optimizer.lr=1e30"),
                                        TinyRun.into(temp.resolve("fault"), device)
                                                .withProcesses(processes)))
                        .getMessage();
                assertTrue(
                        message.matches("step \\d: the loss is NaN; in step \\d the op .* was the first to give one.*"),
                        message);
            }
        });
    }
}
