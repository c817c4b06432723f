package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.eval.result.ResultFolder;

/// `jmoco linear`, `semi` and `evaluate` on 40 small images and a thin network: a second or two each.
final class SmallBenchmarks {
    private static final String CONFIGS = "../configs/benchmarks/";
    private static final List<Object> THIN =
            List.of("--untrained", "--arch", "resnet18", "--stem", "cifar", "--width", 1, "--threads", 1);

    private SmallBenchmarks() {}

    /// Five classifiers on stored features.
    static List<Object> linear(Path data) {
        return command(
                data,
                "linear",
                "--config",
                CONFIGS + "resnet18_mhead_linear-b256-steplr-30e_cifar10.yaml",
                "--set",
                "recipe.epochs=45",
                "--set",
                "recipe.milestones=[25]",
                "--set",
                "recipe.batch=16",
                "--set",
                "recipe.evaluate-every=15");
    }

    /// Two cells.
    static List<Object> semi(Path data) {
        return command(
                data,
                "semi",
                "--config",
                CONFIGS + "resnet18_head_b64-steplr-20e_cifar10-10pct.yaml",
                "--set",
                "recipe.epochs=12",
                "--set",
                "recipe.milestones=[6]",
                "--set",
                "recipe.batch=4",
                "--set",
                "fraction=0.5",
                "--set",
                "grid={lr: [0.01], head: [1, 10]}",
                "--deterministic");
    }

    /// Everything twice.
    static List<Object> evaluate(Path data) {
        return command(
                data,
                "evaluate",
                "--suite",
                "cifar10",
                "--seeds",
                2,
                "--set",
                "svm.shots=[1]",
                "--set",
                "multi-head={epochs: 3, milestones: []}",
                "--set",
                "avgpool={epochs: 3, milestones: []}",
                "--set",
                "one-percent={recipe: {epochs: 2, milestones: []}, grid: {lr: [0.01], head: [1]}}",
                "--set",
                "ten-percent={recipe: {epochs: 2, milestones: []}, grid: {lr: [0.01], head: [1]}}");
    }

    private static List<Object> command(Path data, Object... words) {
        List<Object> command = new ArrayList<>(Arrays.asList(words));
        command.addAll(THIN);
        command.addAll(List.of("--data", data));
        return command;
    }

    static Object[] with(List<Object> command, Object... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toArray();
    }

    /// What a benchmark is for is the same in both folders, byte for byte.
    ///
    /// @param more files besides those that every benchmark writes
    static void assertSame(Path a, Path b, String... more) throws IOException {
        for (String file : Stream.concat(Stream.of(ResultFolder.RESULT, "config.yaml"), Stream.of(more))
                .toList()) {
            assertEquals(-1, Files.mismatch(a.resolve(file), b.resolve(file)), file);
        }
        Path items = a.resolve(ResultFolder.ITEMS);
        assertTrue(!Files.exists(items) || Files.mismatch(items, b.resolve(ResultFolder.ITEMS)) == -1);
    }

    /// What a log says of steps and epochs, times left out.
    static List<String> metrics(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.contains("checkpointMillis"))
                .map(line -> line.replaceAll(",\"(imagesPerSecond|stepMillis|loadMillis)\":[^,}]*", ""))
                .toList();
    }
}
