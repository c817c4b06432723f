package org.jmoco.eval.semi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.ClassifierTraining;
import org.jmoco.eval.linear.DivergedException;
import org.jmoco.eval.linear.FeatureInput;
import org.jmoco.eval.linear.ImageInput;
import org.jmoco.eval.linear.LabelledPatterns;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.eval.linear.Score;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.Arch;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.OwnedMemory;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fine-tuning against PyTorch, see `make_semi.py`, and what the grid promises.
class SemiBenchmarkTest {
    private static final LabelledPatterns IMAGES = new LabelledPatterns(24);
    private static final SemiBenchmark.Listener NOBODY = new SemiBenchmark.Listener() {};
    private static final RunOptions QUIET = RunOptions.fresh()
            .withProgress(new Progress(
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));

    @TempDir
    private Path temp;

    @Test
    void sixStepsWithALearningRateOfTheHeadsOwnAreTorchs() throws IOException {
        SafeTensors torch = EvalFixtures.tensors("semi/tuned.safetensors");
        Encoder encoder = Encoder.read(EvalFixtures.path("extract/resnet18-cifar-weights.safetensors"));
        FineTuned tuned = new FineTuned(encoder, LabelledPatterns.CLASSES, 1);
        tuned.net()
                .named()
                .get("fc.weight")
                .set(EngineOrder.linear(torch.get("fc.weight")).toFloatArray());
        Recipe recipe = new Recipe(8, 1, 0.01, 0.9, false, 5e-4, 2, List.of(), 0.1, 2, Recipe.Report.LAST);
        LoaderOptions options = new LoaderOptions(
                8, 2, false, false, 0, LoaderOptions.OnUnreadable.REPLACE, 2, 2, Duration.ofMinutes(1));
        FeatureInput train = new ImageInput(IMAGES, Preset.CIFAR_TEST.pipeline(), options);
        FeatureInput test = new ImageInput(IMAGES, Preset.CIFAR_TEST.pipeline(), LoaderOptions.evaluation(24));
        Path losses = temp.resolve("losses.tsv");
        Run run = Run.unkept(QUIET.withLosses(Optional.of(losses)));
        ClassifierTraining training =
                tuned.training(recipe, train, test, 10, new ClassifierTraining.Manner(Device.current(), run));
        TrainingLoop.run(run, training).orStopped();
        List<String> lines = Files.readAllLines(losses);
        assertEquals(6, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            double expected = torch.get("loss").doubleAt(i);
            assertEquals(
                    expected,
                    Double.parseDouble(lines.get(i).split("\t")[1]),
                    1e-4 * Math.max(1, expected),
                    "step " + i);
        }
        assertArrayEquals(
                firstMaxima(torch.get("scores")), training.scores().getFirst().predictions());
    }

    private static int[] firstMaxima(ArrayData scores) {
        int classes = (int) scores.dim(1);
        int[] first = new int[(int) scores.dim(0)];
        for (int i = 0; i < first.length; i++) {
            for (int c = 1; c < classes; c++) {
                if (scores.doubleAt((long) i * classes + c) > scores.doubleAt((long) i * classes + first[i])) {
                    first[i] = c;
                }
            }
        }
        return first;
    }

    @Test
    void aSubsetHasTheSameShareOfEveryClass() {
        ImageSource all = BundledSample.train();
        Selection one = (Selection) BalancedSubset.of(all, 0.01, 10, 3);
        assertEquals(40, one.size());
        int[] count = new int[10];
        for (int i = 0; i < one.size(); i++) {
            count[one.label(i)]++;
            assertArrayEquals(all.load(one.indices()[i]).rgb(), one.load(i).rgb());
            assertTrue(i == 0 || one.indices()[i] > one.indices()[i - 1]);
        }
        assertArrayEquals(new int[] {4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, count);
        int[] labels = IntStream.range(0, all.size()).map(all::label).toArray();
        assertArrayEquals(one.indices(), BalancedSubset.choose(labels, 0.01, 10, 3));
        assertFalse(Arrays.equals(one.indices(), BalancedSubset.choose(labels, 0.01, 10, 4)));
        assertEquals(10, BalancedSubset.of(all, 1e-6, 10, 3).size());
    }

    @Test
    void cellsAreNamedAsInTheModelZoo() {
        SemiConfig config = SemiConfig.defaults();
        SemiConfig zoo = new SemiConfig(
                "resnet50_head_4xb64-steplr-20e_in1k-1pct",
                0,
                config.data(),
                1,
                config.encoder(),
                config.views(),
                config.grid(),
                config.recipe());
        assertEquals("resnet50_head100_4xb64-steplr1e-2-20e_in1k-1pct", zoo.cell(0.01, 100));
        assertEquals("resnet50_head1_4xb64-steplr1e-3-20e_in1k-1pct", zoo.cell(0.001, 1));
        assertEquals("resnet50_head10_4xb64-steplr1e-1-20e_in1k-1pct", zoo.cell(0.1, 10));
    }

    private static SemiConfig small(List<Double> lr, List<Double> head) {
        return new SemiConfig(
                "thin_head_b16-steplr-2e",
                0,
                DataSpec.SAMPLE.withWorkers(2),
                0.01,
                Encoder.Wanted.ANY,
                new LinearConfig.Views(Preset.LINEAR_TRAIN.pipeline(16), Preset.LINEAR_VAL.pipeline(16)),
                new SemiConfig.Grid(lr, head),
                new SemiConfig.Tuning(16, 1, 0.9, 5e-4, 2, List.of(1), 0.2, 2));
    }

    private static SemiBenchmark benchmark(SemiConfig config) {
        return new SemiBenchmark(config, thin(), Device.current(), true);
    }

    /// The run in the folder of the test.
    private List<SemiBenchmark.Cell> run(SemiBenchmark benchmark, RunOptions options) {
        try (Run run = Run.open(temp, RunIdentity.EMPTY, options.withResume(true), SemiBenchmark.CELLS)) {
            return benchmark.run(run, Saving.everySeconds(0), NOBODY);
        }
    }

    private Path cell(String name) {
        return temp.resolve(SemiBenchmark.CELLS).resolve(name);
    }

    /// Fewer bytes than the weights of one cell.
    private static final long VARIABLES = 10_000;

    private static Encoder thin() {
        return Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 7);
    }

    /// Cells start from the same weights and know nothing of each other; those that are done are not trained
    /// again; the result is the best, and the same bits when run again.
    @Test
    void theGridIsResumedAndItsBestReported() throws IOException {
        SemiConfig config = small(List.of(0.01, 0.1), List.of(1.0, 10.0));
        SemiBenchmark grid = benchmark(config); // its encoder stays
        long held = OwnedMemory.held();
        List<SemiBenchmark.Cell> cells = run(grid, QUIET);
        assertTrue(OwnedMemory.held() - held < VARIABLES, OwnedMemory.held() - held + " bytes are kept");
        assertEquals(
                List.of(
                        "thin_head1_b16-steplr1e-2-2e",
                        "thin_head10_b16-steplr1e-2-2e",
                        "thin_head1_b16-steplr1e-1-2e",
                        "thin_head10_b16-steplr1e-1-2e"),
                cells.stream().map(SemiBenchmark.Cell::name).toList());
        List<SemiBenchmark.Cell> alone =
                benchmark(small(List.of(0.1), List.of(1.0))).run(Run.unkept(QUIET), Saving.everySeconds(0), NOBODY);
        assertArrayEquals(
                cells.get(2).score().orElseThrow().predictions(),
                alone.getFirst().score().orElseThrow().predictions());

        String last = "thin_head10_b16-steplr1e-1-2e";
        Files.delete(cell(last + ".safetensors"));
        List<Path> before = written(temp);
        List<SemiBenchmark.Cell> again = run(benchmark(config), QUIET);
        assertEquals(
                List.of(last + ".safetensors"),
                written(temp).stream()
                        .filter(f -> f.toString().endsWith(".safetensors") && !before.contains(f))
                        .map(f -> f.getFileName().toString())
                        .toList());
        assertEquals(6, lines(cell(last).resolve("metrics.jsonl"), "\"loss\""));
        assertEquals(6, lines(cell("thin_head1_b16-steplr1e-2-2e").resolve("metrics.jsonl"), "\"loss\""));
        for (int i = 0; i < cells.size(); i++) {
            assertArrayEquals(
                    cells.get(i).score().map(Score::predictions).orElseThrow(),
                    again.get(i).score().map(Score::predictions).orElseThrow(),
                    cells.get(i).name());
        }
        EvaluationResult result =
                benchmark(config).result("semi/thin", cells, new Provenance("jmoco", Map.of(), 0, List.of()));
        assertEquals(
                cells.stream().mapToDouble(SemiBenchmark.Cell::top1).max().orElseThrow(),
                result.metric("top-1").value(),
                1e-9);
        assertEquals(4, result.tables().getFirst().rows().size());
        assertTrue(Files.exists(cell("best.safetensors")));
        assertFalse(Encoder.read(cell("best.safetensors")).net().parameters().isEmpty());
    }

    private static List<Path> written(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long lines(Path file, String with) throws IOException {
        return Files.readAllLines(file).stream().filter(l -> l.contains(with)).count();
    }

    @Test
    void tooLittleMemoryIsToldBeforeAnythingIsTrained() {
        Device before = Device.current();
        try (Device small = new Device(new JvmBackend(1, 1 << 20))) {
            small.use();
            SemiBenchmark benchmark = benchmark(small(List.of(0.01), List.of(1.0)));
            String message = assertThrows(DeviceMemoryException.class, () -> run(benchmark, QUIET))
                    .getMessage();
            assertTrue(
                    message.matches("program classifier-step needs \\d+ MiB for variables, .* for the JVM; there "
                            + "are 1 MiB; batch norm takes its statistics from the whole batch of 16, .*"),
                    message);
            assertFalse(Files.exists(cell("thin_head1_b16-steplr1e-2-2e.safetensors")));
        } finally {
            before.use();
        }
    }

    @Test
    void aCellThatDivergesIsTold() {
        List<SemiBenchmark.Cell> cells = run(benchmark(small(List.of(1e30), List.of(1.0))), QUIET);
        assertTrue(Double.isNaN(cells.getFirst().top1()));
        SemiBenchmark again = benchmark(small(List.of(1e30), List.of(1.0)));
        List<SemiBenchmark.Cell> known = run(again, QUIET);
        assertTrue(known.getFirst().score().isEmpty());
        assertThrows(
                DivergedException.class,
                () -> again.result("semi/thin", known, new Provenance("jmoco", Map.of(), 0, List.of())));
    }
}
