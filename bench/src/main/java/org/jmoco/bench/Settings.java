package org.jmoco.bench;

import java.nio.file.Path;
import java.util.List;
import org.jmoco.tensor.plan.MemoryMode;
import picocli.CommandLine.Option;

/// What a benchmark is run with; the same in all its processes.
final class Settings {
    @Option(names = "--batch", paramLabel = "N", description = "images a batch (default: 8; the CIFAR benchmarks: 128)")
    int batch;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "2048",
            description = "rows and columns of the matrices of sgemm (default: ${DEFAULT-VALUE})")
    int size;

    @Option(names = "--threads", paramLabel = "N", description = "threads of either side (default: all cores)")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "timed rounds of either side, at least 5 for a result to quote (default: ${DEFAULT-VALUE})")
    int rounds;

    @Option(
            names = "--round",
            paramLabel = "SECONDS",
            defaultValue = "0.3",
            description = "a round repeats the work for at least so long (default: ${DEFAULT-VALUE})")
    double roundSeconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "how long a side runs before it is timed (default: by benchmark)")
    double warmUpSeconds;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "of a benchmark with several rows, those whose title has this in it")
    String only;

    @Option(
            names = "--memory",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description = "of our training steps: AUTO, or LEAST to compute up to a tenth of the work again (default: "
                    + "${DEFAULT-VALUE})")
    MemoryMode memory;

    @Option(
            names = "--avx2",
            description =
                    "hold both sides to AVX2, on a processor that has AVX-512: the JVM, oneDNN, OpenBLAS and ATen by "
                            + "their own switches")
    boolean avx2;

    @Option(names = "--folder", hidden = true)
    Path folder;

    /// The batch size asked for, else the benchmark's own.
    int batchOr(int standard) {
        return batch > 0 ? batch : standard;
    }

    /// Arguments that give another process the same settings.
    List<String> arguments() {
        return List.of(
                "--batch", Integer.toString(batch),
                "--size", Integer.toString(size),
                "--threads", Integer.toString(threads),
                "--memory", memory.name(),
                "--folder", folder.toString());
    }

    /// @throws BenchException if a number makes no sense
    void check() {
        if (batch < 0 || size < 1 || threads < 1 || rounds < 1 || !(roundSeconds > 0) || warmUpSeconds < 0) {
            throw new BenchException("batch, size, threads, rounds and seconds must be above 0");
        }
    }
}
