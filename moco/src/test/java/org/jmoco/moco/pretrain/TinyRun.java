package org.jmoco.moco.pretrain;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;

/// A run that is over in seconds: four channels, views of 16 pixels, 60 steps; in this process or in one of its own.
public final class TinyRun {
    static final int STEPS = 60;

    static final String YAML = """
        data: {kind: sample, limit: 320, workers: 2}
        views:
          transforms: [RandomResizedCrop: {size: 16}, RandomGrayscale: {p: 0.5}, RandomHorizontalFlip]
          normalize: {mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}
        model: {arch: resnet18, stem: cifar, width: 4, dim: 16}
        contrast: {temperature: 0.1, queue: 64, momentum: 0.9}
        batch: 16
        bn: {splits: 2}
        optimizer: {lr: 0.03}
        schedule: {kind: cosine, epochs: 3}
        knn: {every: 0}
        checkpoint: {every-steps: 7}
        """;
    private static final long PATIENCE_SECONDS = 300;

    private TinyRun() {}

    public static MocoConfig config(String... overrides) {
        return parse(YAML, overrides);
    }

    static MocoConfig parse(String yaml, String... overrides) {
        return Binder.bind(
                ConfigTree.override(ConfigTree.parse(yaml, "tiny.yaml"), List.of(overrides)), MocoConfig.defaults());
    }

    static PretrainOptions into(Path out, Device device) {
        return PretrainOptions.into(out, device)
                .withProgress(new Progress(
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
    }

    static byte[] weights(PretrainResult result) throws IOException {
        return Files.readAllBytes(result.weights());
    }

    /// Starts this run as `jmoco pretrain` in a process of its own.
    ///
    /// @param limit lines to put before the command, such as `ulimit -f 100`
    static Process start(Path out, Path losses, Optional<String> limit) throws IOException {
        return start(limit, YAML, List.of("-Xmx512m"), out, losses, List.of());
    }

    /// Starts any run.
    ///
    /// @param java flags of the JVM   @param options of the command
    static Process start(String yaml, List<String> java, Path out, Path losses, List<String> options)
            throws IOException {
        return start(Optional.empty(), yaml, java, out, losses, options);
    }

    private static Process start(
            Optional<String> limit, String yaml, List<String> java, Path out, Path losses, List<String> options)
            throws IOException {
        Path file = Files.writeString(out.resolveSibling("tiny.yaml"), yaml);
        List<String> command = new ArrayList<>();
        limit.ifPresent(l -> command.addAll(List.of("bash", "-c", l + "; exec \"$@\"", "bash")));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData"));
        command.addAll(java);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.jmoco.moco.Main",
                "pretrain",
                "--config",
                file.toString(),
                "--out",
                out.toString(),
                "--resume",
                "--log-losses",
                losses.toString()));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(out.resolveSibling("err.txt").toFile())
                .start();
    }

    /// Waits until the run has written a line about a step.
    static void awaitStep(Process process, Path out, int step) throws IOException, InterruptedException {
        Path metrics = out.resolve("metrics.jsonl");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!(Files.exists(metrics) && Files.readString(metrics).contains("{\"step\":" + step + ",\"loss\""))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the run did not come to step " + step + ": " + errors(out));
            }
            Thread.sleep(2);
        }
    }

    static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the process hangs");
        }
        return process.exitValue();
    }

    /// What the last process wrote to its error stream, warnings of the JVM aside.
    static String errors(Path out) throws IOException {
        return String.join(
                "\n",
                Files.readAllLines(out.resolveSibling("err.txt")).stream()
                        .filter(line -> !line.startsWith("WARNING: Using incubator") && !line.startsWith("SLF4J"))
                        .toList());
    }
}
