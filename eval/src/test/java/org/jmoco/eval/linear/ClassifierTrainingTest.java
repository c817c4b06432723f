package org.jmoco.eval.linear;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.extract.Tap.Pooling;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.Training;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training against PyTorch, see `make_linear.py`, and what it promises of itself.
class ClassifierTrainingTest {
    private static final int CLASSES = LabelledPatterns.CLASSES;
    private static final LabelledPatterns IMAGES = new LabelledPatterns(24);
    private static final SafeTensors TORCH = EvalFixtures.tensors("linear/heads.safetensors");
    private static final List<Tap> MULTI = Tap.maps(Pooling.ADAPTIVE);
    private static final List<Tap> AVGPOOL = List.of(Tap.AVGPOOL);
    private static final RunOptions QUIET = RunOptions.fresh()
            .withProgress(new Progress(
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));

    @TempDir
    private Path temp;

    private static Encoder encoder() {
        return Encoder.read(EvalFixtures.path("extract/resnet18-cifar-weights.safetensors"));
    }

    private static LoaderOptions options(int epochs, boolean shuffle) {
        return new LoaderOptions(
                8, epochs, shuffle, false, 3, LoaderOptions.OnUnreadable.REPLACE, 2, 2, Duration.ofMinutes(1));
    }

    private static FeatureInput live(List<Tap> taps, int epochs, boolean shuffle) {
        return new LiveFeatures(encoder(), taps, IMAGES, Preset.CIFAR_TEST.pipeline(), options(epochs, shuffle));
    }

    /// @param epochs of shuffled training features
    private static FeatureInput shuffled(List<Tap> taps, int epochs) {
        return stored(
                taps,
                (rows, shapes, first) ->
                        StoredFeatures.training(rows, shapes, first.labels(), first.indices(), multi(epochs), 3));
    }

    private static FeatureInput inOrder(List<Tap> taps) {
        return stored(
                taps,
                (rows, shapes, first) -> StoredFeatures.testing(rows, shapes, first.labels(), first.indices(), 8));
    }

    private interface Made {
        FeatureInput of(List<ArrayData> rows, List<Shape> shapes, FeatureTable first);
    }

    private static FeatureInput stored(List<Tap> taps, Made made) {
        FeatureExtractor extractor = new FeatureExtractor(encoder(), taps, LoaderOptions.evaluation(8));
        Map<Tap, FeatureTable> tables = extractor.tables(IMAGES, Preset.CIFAR_TEST.pipeline());
        List<ArrayData> rows =
                tables.values().stream().map(FeatureTable::values).toList();
        List<Shape> shapes = List.copyOf(
                extractor.shapes(IMAGES, Preset.CIFAR_TEST.pipeline()).values());
        return made.of(rows, shapes, tables.values().iterator().next());
    }

    /// An input of one epoch, over and over.
    private record Repeated(FeatureInput once) implements FeatureInput {
        @Override
        public List<Shape> shapes() {
            return once.shapes();
        }

        @Override
        public List<Tensor> trace(Trace program, int n) {
            return once.trace(program, n);
        }

        @Override
        public int batchesPerEpoch() {
            return once.batchesPerEpoch();
        }

        @Override
        public Batches from(Position first) {
            return new Batches() {
                private Batches epoch = once.from(new Position(0, first.batch()));

                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Feed next() {
                    epoch = epoch.hasNext() ? epoch : once.from(Position.START);
                    return epoch.next();
                }
            };
        }
    }

    private static ClassifierTraining training(Recipe recipe, FeatureInput train, FeatureInput test, Run run) {
        LinearHeads heads = new LinearHeads(train.shapes(), CLASSES);
        return heads.training(recipe, train, test, 5, manner(run, heads.count()));
    }

    private static ClassifierTraining.Manner manner(Run run, int classifiers) {
        List<String> names =
                IntStream.range(0, classifiers).mapToObj(i -> "head" + i).toList();
        return new ClassifierTraining.Manner(Device.current(), run, "", names, Saving.everySeconds(60));
    }

    private static Run unkept() {
        return Run.unkept(QUIET);
    }

    private static Recipe multi(int epochs) {
        return new Recipe(8, 1, 0.01, 0.9, true, 1e-4, epochs, List.of(), 0.1, epochs, Recipe.Report.LAST);
    }

    private static Recipe avgpool(int epochs) {
        return new Recipe(8, 1, 30, 0.9, false, 0, epochs, List.of(), 0.1, epochs, Recipe.Report.BEST);
    }

    @Test
    void fiftyStepsOfFiveHeadsAreTorchs() {
        assertTorchs("multi", multi(17), live(MULTI, 17, false), live(MULTI, 1, false), 50);
    }

    @Test
    void fiftyStepsOnStoredFeaturesAreTorchs() {
        assertTorchs("multi", multi(17), new Repeated(inOrder(MULTI)), inOrder(MULTI), 50);
    }

    @Test
    void tenStepsAtALearningRateOf30AreTorchs() {
        assertTorchs("avgpool", avgpool(4), live(AVGPOOL, 4, false), live(AVGPOOL, 1, false), 10);
    }

    private static void assertTorchs(String protocol, Recipe recipe, FeatureInput train, FeatureInput test, int steps) {
        ArrayData expected = TORCH.get(protocol + ".loss");
        int count = (int) expected.dim(1);
        assertEquals(steps, expected.dim(0));
        LinearHeads heads = new LinearHeads(train.shapes(), CLASSES);
        ClassifierTraining training = heads.training(recipe, train, test, 1, manner(unkept(), count));
        heads.load("fixture", torchHeads(protocol, "start"));
        try (Training.Steps taken = training.from(0)) {
            for (int step = 0; step < steps; step++) {
                taken.load();
                List<Float> loss = List.copyOf(taken.take().measured().values());
                for (int h = 0; h < count; h++) {
                    double torch = expected.doubleAt((long) step * count + h);
                    assertEquals(
                            torch, loss.get(h), 1e-4 * Math.max(1, torch), protocol + " step " + step + " head " + h);
                }
            }
        }
        assertEnd(protocol, heads);
    }

    private static void assertEnd(String protocol, LinearHeads heads) {
        Map<String, ArrayData> ours = heads.toTorch();
        torchHeads(protocol, "end").forEach((name, torch) -> {
            double largest = 0;
            for (long i = 0; i < torch.count(); i++) {
                largest = Math.max(largest, Math.abs(torch.doubleAt(i)));
            }
            for (long i = 0; i < torch.count(); i++) {
                assertEquals(
                        torch.doubleAt(i), ours.get(name).doubleAt(i), 1e-4 * Math.max(largest, 1e-2), name + " " + i);
            }
        });
    }

    private static Map<String, ArrayData> torchHeads(String protocol, String when) {
        Map<String, ArrayData> heads = new LinkedHashMap<>();
        String prefix = protocol + "." + when + ".";
        TORCH.arrays().forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                String own = name.substring(prefix.length());
                heads.put(protocol.equals("multi") ? "head." + own : own.replace("fcs.0", "fc"), array);
            }
        });
        return heads;
    }

    /// mmselfsup's columns are in the order channel, row, column.
    @Test
    void headsOfMmselfsupClassifyAsTheyDoThere() {
        FeatureInput test = live(MULTI, 1, false);
        LinearHeads heads = new LinearHeads(test.shapes(), CLASSES);
        heads.load("fixture", torchHeads("multi", "end"));
        List<Score> scores = new Scorer(Device.current(), test, heads, CLASSES).run(() -> {});
        ArrayData torch = TORCH.get("multi.scores");
        for (int h = 0; h < 5; h++) {
            for (int i = 0; i < 24; i++) {
                int best = 0;
                for (int c = 1; c < CLASSES; c++) {
                    best = torch.doubleAt((h * 24L + i) * CLASSES + c) > torch.doubleAt((h * 24L + i) * CLASSES + best)
                            ? c
                            : best;
                }
                assertEquals(best, scores.get(h).predictions()[i], "head " + h + " image " + i);
            }
        }
        assertEquals(100, scores.getFirst().top5());
    }

    @Test
    void importAndExportAreInverse() {
        FeatureInput test = inOrder(MULTI);
        LinearHeads heads = new LinearHeads(test.shapes(), CLASSES);
        heads.load("fixture", torchHeads("multi", "end"));
        assertEquals(torchHeads("multi", "end"), heads.toTorch());
        Map<String, ArrayData> fewer = torchHeads("multi", "end");
        fewer.remove("head.fcs.3.bias");
        FormatException e = assertThrows(FormatException.class, () -> heads.load("file.pth", fewer));
        assertTrue(e.getMessage().contains("file.pth") && e.getMessage().contains("head.fcs.3.bias"), e.getMessage());
    }

    /// With images in the program or features from the disk, threads or none: the same bits.
    @Test
    void theSameBitsAgainAndFromTheDisk() {
        Map<String, ArrayData> first = trained(live(MULTI, 4, true), live(MULTI, 1, false), unkept());
        assertEquals(first, trained(live(MULTI, 4, true), live(MULTI, 1, false), unkept()));
        assertEquals(first, trained(shuffled(MULTI, 4), inOrder(MULTI), unkept()));
    }

    /// After one step or several, and in the middle of evaluations: the wish to stop is asked for before each batch.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSameBitsWhereverItIsStopped(boolean fromTheDisk) {
        FeatureInput train = fromTheDisk ? shuffled(MULTI, 4) : live(MULTI, 4, true);
        FeatureInput test = fromTheDisk ? inOrder(MULTI) : live(MULTI, 1, false);
        Map<String, ArrayData> first = trained(train, test, unkept());
        RunIdentity identity = RunIdentity.EMPTY.with("training", "of a test");
        int parts = 0;
        for (boolean finished = false; !finished; parts++) {
            int[] asked = {0};
            int heard = 1 + parts % 5;
            RunOptions options = QUIET.withResume(true).withStop(() -> ++asked[0] > heard);
            assertTrue(parts < 100, "it does not come to its end");
            try (Run run = Run.open(temp, identity, options)) {
                ClassifierTraining training = training(shuffled(), train, test, run);
                finished = TrainingLoop.run(run, training).finished();
                if (finished) {
                    assertEquals(first, copy(training.state()));
                }
            }
        }
        assertTrue(parts > 4, "stopped only " + parts + " times");
    }

    private static Recipe shuffled() {
        return new Recipe(8, 1, 0.01, 0.9, true, 1e-4, 4, List.of(2), 0.1, 2, Recipe.Report.LAST);
    }

    /// Of a training's own memory.
    private static Map<String, ArrayData> copy(Map<String, ArrayData> state) {
        Map<String, ArrayData> copy = new LinkedHashMap<>(state);
        copy.replaceAll((name, a) -> a.type() == ElementType.F32 ? ArrayData.ofFloats(a.toFloatArray(), a.shape()) : a);
        return copy;
    }

    private static Map<String, ArrayData> trained(FeatureInput train, FeatureInput test, Run run) {
        ClassifierTraining training = training(shuffled(), train, test, run);
        TrainingLoop.run(run, training).orStopped();
        return copy(training.state());
    }

    /// The sum of the losses trains each head as if it were alone.
    @Test
    void headsAreIndependent() {
        List<List<Double>> together = losses(MULTI);
        for (int h = 0; h < MULTI.size(); h++) {
            List<List<Double>> alone = losses(List.of(MULTI.get(h)));
            for (int e = 0; e < together.size(); e++) {
                assertEquals(together.get(e).get(h), alone.get(e).getFirst(), 1e-6, "head " + h + " epoch " + e);
            }
        }
    }

    /// From zero weights, which do not depend on a head's number.
    private static List<List<Double>> losses(List<Tap> taps) {
        FeatureInput input = new Repeated(inOrder(taps));
        LinearHeads heads = new LinearHeads(input.shapes(), CLASSES);
        ClassifierTraining training = heads.training(multi(2), input, inOrder(taps), 5, manner(unkept(), taps.size()));
        heads.parameters().forEach(v -> v.set(new float[(int) v.shape().size()]));
        TrainingLoop.run(unkept(), training);
        return training.history().stream().map(EpochReport::loss).toList();
    }

    @Test
    void theBestOfTheEpochsOrTheLastIsReported() {
        Recipe every = new Recipe(8, 1, 3, 0.9, false, 0, 6, List.of(), 0.1, 1, Recipe.Report.BEST);
        ClassifierTraining training = training(every, shuffled(AVGPOOL, 6), inOrder(AVGPOOL), unkept());
        TrainingLoop.run(unkept(), training);
        List<Double> top1 =
                training.history().stream().map(e -> e.top1().getFirst()).toList();
        double best = top1.stream().mapToDouble(d -> d).max().orElseThrow();
        assertEquals(6, top1.size());
        assertTrue(best > top1.getLast(), "the fixture must have a best epoch before the last: " + top1);
        assertEquals(best, training.scores().getFirst().top1());
        int[] labels = training.scores().getFirst().labels();
        assertArrayEquals(IntStream.range(0, 24).map(IMAGES::label).toArray(), labels);
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRun() {
        Recipe wild = new Recipe(8, 1, 1e38, 0.9, false, 0, 6, List.of(), 0.1, 1, Recipe.Report.BEST);
        ClassifierTraining training = training(wild, shuffled(AVGPOOL, 6), inOrder(AVGPOOL), unkept());
        DataException e = assertThrows(DataException.class, () -> TrainingLoop.run(unkept(), training));
        assertTrue(
                e.getMessage().matches("step \\d: the loss\\.head0 is (NaN|-?Infinity); .*learning rate of 1\\.0E38.*"),
                e.getMessage());
    }
}
