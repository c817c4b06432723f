package org.jmoco.tensor.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is foretold of a run must not hang on what the collector has made of the heap so far.
class JvmFootprintTest {
    @ParameterizedTest
    @CsvSource({"-XX:+UseParallelGC, 128", "-XX:+UseSerialGC, 128", "-XX:+UseG1GC, 128", "-XX:+UseZGC, 512"})
    void theYoungGenerationIsItsBoundAlone(String collector, long mebibytes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        collector,
                        "-Xmx512m",
                        collector.contains("ZGC") ? "-Xms16m" : "-XX:MaxNewSize=128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Young.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals((mebibytes << 20) + " " + (mebibytes << 20), printed.strip());
    }

    /// Tells it before and after some collections.
    static final class Young {
        private Young() {}

        public static void main(String[] args) {
            long before = JvmFootprint.young();
            long sum = 0;
            for (int i = 0; i < 300; i++) {
                sum += new byte[1 << 20].length;
            }
            System.out.println(before + " " + JvmFootprint.young() + (sum > 0 ? "" : " nothing"));
        }
    }
}
