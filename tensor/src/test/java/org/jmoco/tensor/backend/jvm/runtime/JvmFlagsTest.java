package org.jmoco.tensor.backend.jvm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
    private static final String MIXED = "mixed mode, sharing";
    private static final Optional<List<String>> ALL =
            Optional.of(List.of("-Xmx1g", "-XX:Tier3DelayOn=100000", "-XX:PerMethodTrapLimit=100000"));

    @Test
    void theWorstIsSaidWithAllRemediesInOneLine() {
        assertEquals(Optional.empty(), JvmFlags.warning(MIXED, ALL, true));
        assertEquals(Optional.empty(), JvmFlags.warning(MIXED, Optional.empty(), true));
        assertEquals(
                "large kernels stay slow in some runs and not in others: start java with -XX:PerMethodTrapLimit=100000",
                JvmFlags.warning(MIXED, Optional.of(List.of("-XX:Tier3DelayOn=5")), true)
                        .orElseThrow());
        assertEquals(
                "kernels are plain Java loops, several times slower: start java with --add-modules "
                        + "jdk.incubator.vector -XX:Tier3DelayOn=100000 -XX:PerMethodTrapLimit=100000",
                JvmFlags.warning(MIXED, Optional.of(List.of()), false).orElseThrow());
        assertEquals(
                "kernels run without the JVM's optimising compiler, more than ten times slower: start java without "
                        + "-XX:TieredStopAtLevel=1 and with --add-modules jdk.incubator.vector",
                JvmFlags.warning("mixed mode, emulated-client, sharing", ALL, false)
                        .orElseThrow());
        assertEquals(
                "kernels run without the JVM's optimising compiler, more than ten times slower: start java without "
                        + "-Xint",
                JvmFlags.warning("interpreted mode, sharing", ALL, true).orElseThrow());
    }

    /// A program of somebody else's, which makes a device and nothing more.
    public static final class Library {
        private Library() {}

        public static void main(String[] args) {
            System.out.println(Device.jvm(1));
        }
    }

    private static List<String> start(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Library.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), out);
        return out.lines()
                .filter(l -> l.startsWith("WARNING: ") && l.contains("start java"))
                .toList();
    }

    @Test
    void aLibrarysUserIsWarnedOnceByTheFirstDevice() throws Exception {
        String[] right = {
            "--add-modules=jdk.incubator.vector", "-XX:Tier3DelayOn=100000", "-XX:PerMethodTrapLimit=100000"
        };
        assertEquals(List.of(), start(right));
        List<String> client = new ArrayList<>(List.of(right));
        client.add("-XX:TieredStopAtLevel=1");
        assertEquals(
                List.of("WARNING: kernels run without the JVM's optimising compiler, more than ten times slower: start "
                        + "java without -XX:TieredStopAtLevel=1"),
                start(client.toArray(String[]::new)));
        List<String> none = start();
        assertEquals(1, none.size(), none.toString());
        assertTrue(none.getFirst().contains("plain Java loops"), none.toString());
    }
}
