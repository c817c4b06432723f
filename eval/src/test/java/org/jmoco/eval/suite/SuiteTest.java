package org.jmoco.eval.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.LabelledPatterns;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The suite on a few pattern images: what it measures is tested with each benchmark, here that all of it comes
/// together, again and after an interruption.
class SuiteTest {
    private static final LabelledPatterns TRAIN = new LabelledPatterns(60);
    private static final LabelledPatterns TEST = new LabelledPatterns(25);

    private static final Progress QUIET =
            new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);

    @TempDir
    private Path temp;

    private static SuiteConfig small() {
        Pipeline asIs = Preset.CIFAR_TEST.pipeline();
        Recipe short1 = new Recipe(16, 1, 0.01, 0.9, true, 1e-4, 2, List.of(), 0.1, 2, Recipe.Report.LAST);
        SemiConfig.Tuning tuning = new SemiConfig.Tuning(8, 1, 0.9, 5e-4, 1, List.of(), 0.2, 1);
        SemiConfig.Grid grid = new SemiConfig.Grid(List.of(0.01), List.of(10.0));
        return new SuiteConfig(
                "small",
                2,
                DataSpec.SAMPLE,
                new LinearConfig.Views(asIs, asIs),
                new SuiteConfig.Knn(200, 0.1),
                new SuiteConfig.Svm(50, List.of(1, 2), 2),
                short1,
                short1,
                new SuiteConfig.Labels(0.2, tuning, grid),
                new SuiteConfig.Labels(0.5, tuning, grid));
    }

    private record Measurement(String encoder, int seed, String benchmark, double value) {}

    private static Encoder encoder() {
        return Encoder.read(EvalFixtures.path("extract/resnet18-cifar-weights.safetensors"));
    }

    private static List<Measurement> run(Path folder, List<Encoder> encoders) throws IOException {
        List<Measurement> measured = new ArrayList<>();
        RunOptions options = RunOptions.fresh().withResume(true).withProgress(QUIET);
        try (Run run = Run.open(folder, RunIdentity.EMPTY, options)) {
            Suite suite = new Suite(small(), encoders, Classified.of(TRAIN, TEST, 0), Device.current(), run);
            suite.run(new Suite.Listener() {
                @Override
                public void measured(String which, int seed, String benchmark, double value) {
                    measured.add(new Measurement(which, seed, benchmark, value));
                }
            });
            ResultFolder.write(folder, suite.result("suite/small", new Provenance("jmoco", Map.of(), 0, List.of())));
        }
        return measured;
    }

    @Test
    void everythingIsMeasuredOfBothEncodersAndAgainTheSame() throws IOException {
        List<Measurement> measured = run(temp.resolve("a"), List.of(encoder()));
        List<String> benchmarks = small().benchmarks();
        assertEquals(2 * 2 * benchmarks.size(), measured.size());
        for (Measurement m : measured) {
            assertTrue(benchmarks.contains(m.benchmark) && m.value >= 0 && m.value <= 100, m.toString());
        }
        assertEquals(value(measured, Suite.TRAINED, 0, "kNN top-1"), value(measured, Suite.TRAINED, 1, "kNN top-1"));
        EvaluationResult result = ResultFolder.read(temp.resolve("a"));
        assertEquals(2 * benchmarks.size(), result.metrics().size());
        double mean =
                (value(measured, Suite.UNTRAINED, 0, "SVM mAP") + value(measured, Suite.UNTRAINED, 1, "SVM mAP")) / 2;
        assertEquals(mean, result.metric("SVM mAP, untrained").value(), 1e-9);

        // Cut in the middle of a line of the second untrained encoder, as a crash may.
        Files.createDirectories(temp.resolve("b"));
        String all = Files.readString(temp.resolve("a/measured.tsv"));
        Files.createDirectories(temp.resolve("b/unfinished/left-over"));
        Files.writeString(
                temp.resolve("b/measured.tsv"),
                all.substring(0, all.indexOf("untrained\t1\tlinear top-1 feature2") + 12));
        List<Measurement> rest = run(temp.resolve("b"), List.of(encoder()));
        assertTrue(
                rest.size() < benchmarks.size()
                        && rest.stream().allMatch(m -> m.encoder.equals(Suite.UNTRAINED) && m.seed == 1),
                rest.toString());
        assertEquals(-1, Files.mismatch(temp.resolve("a/result.json"), temp.resolve("b/result.json")));
        assertFalse(Files.exists(temp.resolve("b/unfinished")));
    }

    /// Of several encoders each is measured with its own seed alone; the first as if it stood alone.
    @Test
    void anEncoderForEachSeed() throws IOException {
        Encoder first = encoder();
        Encoder second = Encoder.untrained(first.net().config(), 1);
        List<Measurement> measured = run(temp.resolve("a"), List.of(first, second));
        List<String> benchmarks = small().benchmarks();
        assertEquals(2 * 2 * benchmarks.size(), measured.size());
        for (String benchmark : benchmarks) {
            assertEquals(
                    value(measured, Suite.UNTRAINED, 1, benchmark),
                    value(measured, Suite.TRAINED, 1, benchmark),
                    benchmark + ": the second trained encoder is the second untrained one");
        }
        assertNotEquals(
                measured.stream()
                        .filter(m -> m.encoder.equals(Suite.TRAINED) && m.seed == 0)
                        .map(Measurement::value)
                        .toList(),
                measured.stream()
                        .filter(m -> m.encoder.equals(Suite.UNTRAINED) && m.seed == 0)
                        .map(Measurement::value)
                        .toList());
        assertFalse(Files.exists(temp.resolve("a/unfinished")), "features go when they are used up");
        EvaluationResult result = ResultFolder.read(temp.resolve("a"));
        assertEquals(2 * 2 * benchmarks.size(), result.tables().getLast().rows().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Suite(
                        small().withSeeds(3),
                        List.of(first, second),
                        Classified.of(TRAIN, TEST, 0),
                        Device.current(),
                        Run.unkept(RunOptions.fresh())));
    }

    private static double value(List<Measurement> measured, String encoder, int seed, String benchmark) {
        return measured.stream()
                .filter(m -> m.encoder.equals(encoder) && m.seed == seed && m.benchmark.equals(benchmark))
                .findFirst()
                .orElseThrow()
                .value;
    }
}
