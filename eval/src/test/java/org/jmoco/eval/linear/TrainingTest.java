package org.jmoco.eval.linear;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
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
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;

/// Training against PyTorch, see `make_linear.py`, and what it promises of itself.
class TrainingTest {
    private static final int CLASSES = LabelledPatterns.CLASSES;
    private static final LabelledPatterns IMAGES = new LabelledPatterns(24);
    private static final SafeTensors TORCH = EvalFixtures.tensors("linear/heads.safetensors");
    private static final List<Tap> MULTI = Tap.maps(Pooling.ADAPTIVE);
    private static final List<Tap> AVGPOOL = List.of(Tap.AVGPOOL);

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

    private static FeatureInput stored(List<Tap> taps, boolean shuffle) {
        FeatureExtractor extractor = new FeatureExtractor(encoder(), taps, LoaderOptions.evaluation(8));
        Map<Tap, FeatureTable> tables = extractor.tables(IMAGES, Preset.CIFAR_TEST.pipeline());
        List<ArrayData> rows =
                tables.values().stream().map(FeatureTable::values).toList();
        FeatureTable first = tables.values().iterator().next();
        List<Shape> shapes = List.copyOf(
                extractor.shapes(IMAGES, Preset.CIFAR_TEST.pipeline()).values());
        return shuffle
                ? StoredFeatures.training(rows, shapes, first.labels(), first.indices(), multi(1), 3)
                : StoredFeatures.testing(rows, shapes, first.labels(), first.indices(), 8);
    }

    private static Training training(Recipe recipe, FeatureInput train, FeatureInput test, long seed) {
        return new LinearHeads(train.shapes(), CLASSES).training(recipe, train, test, seed);
    }

    private static Recipe multi(int epochs) {
        return new Recipe(8, 1, 0.01, 0.9, true, 1e-4, epochs, List.of(), 0.1, epochs, Recipe.Report.LAST);
    }

    private static Recipe avgpool(int epochs) {
        return new Recipe(8, 1, 30, 0.9, false, 0, epochs, List.of(), 0.1, epochs, Recipe.Report.BEST);
    }

    @Test
    void fiftyStepsOfFiveHeadsAreTorchs() throws Exception {
        assertTorchs("multi", multi(17), live(MULTI, 17, false), live(MULTI, 1, false), 50);
    }

    @Test
    void fiftyStepsOnStoredFeaturesAreTorchs() throws Exception {
        assertTorchs("multi", multi(17), stored(MULTI, false), stored(MULTI, false), 50);
    }

    @Test
    void tenStepsAtALearningRateOf30AreTorchs() throws Exception {
        assertTorchs("avgpool", avgpool(4), live(AVGPOOL, 4, false), live(AVGPOOL, 1, false), 10);
    }

    private static void assertTorchs(String protocol, Recipe recipe, FeatureInput train, FeatureInput test, int steps)
            throws Exception {
        ArrayData expected = TORCH.get(protocol + ".loss");
        int count = (int) expected.dim(1);
        assertEquals(steps, expected.dim(0));
        try (train;
                test) {
            LinearHeads heads = new LinearHeads(train.shapes(), CLASSES);
            Training run = heads.training(recipe, train, test, 1);
            heads.load("fixture", torchHeads(protocol, "start"));
            int step = 0;
            for (int epoch = 0; step < steps; epoch++) {
                Iterator<FeatureInput.Feed> batches = train.epoch(epoch);
                for (; batches.hasNext(); step++) {
                    float[] loss = run.step(batches.next(), recipe.lrAt(epoch));
                    for (int h = 0; h < count && step < steps; h++) {
                        double torch = expected.doubleAt((long) step * count + h);
                        assertEquals(
                                torch, loss[h], 1e-4 * Math.max(1, torch), protocol + " step " + step + " head " + h);
                    }
                    if (step == steps - 1) {
                        assertEnd(protocol, heads);
                    }
                }
            }
        }
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
    void headsOfMmselfsupClassifyAsTheyDoThere() throws Exception {
        try (FeatureInput test = live(MULTI, 1, false)) {
            LinearHeads heads = new LinearHeads(test.shapes(), CLASSES);
            heads.load("fixture", torchHeads("multi", "end"));
            List<Score> scores = new Scorer(test, heads, CLASSES).run();
            ArrayData torch = TORCH.get("multi.scores");
            for (int h = 0; h < 5; h++) {
                for (int i = 0; i < 24; i++) {
                    int best = 0;
                    for (int c = 1; c < CLASSES; c++) {
                        best = torch.doubleAt((h * 24L + i) * CLASSES + c)
                                        > torch.doubleAt((h * 24L + i) * CLASSES + best)
                                ? c
                                : best;
                    }
                    assertEquals(best, scores.get(h).predictions()[i], "head " + h + " image " + i);
                }
            }
            assertEquals(100, scores.getFirst().top5());
        }
    }

    @Test
    void importAndExportAreInverse() throws Exception {
        try (FeatureInput test = stored(MULTI, false)) {
            LinearHeads heads = new LinearHeads(test.shapes(), CLASSES);
            heads.load("fixture", torchHeads("multi", "end"));
            assertEquals(torchHeads("multi", "end"), heads.toTorch());
            Map<String, ArrayData> fewer = torchHeads("multi", "end");
            fewer.remove("head.fcs.3.bias");
            FormatException e = assertThrows(FormatException.class, () -> heads.load("file.pth", fewer));
            assertTrue(
                    e.getMessage().contains("file.pth") && e.getMessage().contains("head.fcs.3.bias"), e.getMessage());
        }
    }

    /// With images in the program or features from the disk, threads or none: the same bits, and again after a resume.
    @Test
    void theSameBitsAgainAndFromTheDiskAndAfterAResume() throws Exception {
        Map<String, ArrayData> first = trained(live(MULTI, 4, true), live(MULTI, 1, false));
        assertEquals(first, trained(live(MULTI, 4, true), live(MULTI, 1, false)));
        assertEquals(first, trained(stored(MULTI, true), stored(MULTI, false)));
        Training begun = training(shuffled(), stored(MULTI, true), stored(MULTI, false), 5);
        begun.runEpoch(Training.Listener.NONE);
        begun.runEpoch(Training.Listener.NONE);
        try (FeatureInput train = live(MULTI, 4, true);
                FeatureInput test = live(MULTI, 1, false)) {
            Training resumed = training(shuffled(), train, test, 6);
            resumed.restore(begun.state());
            resumed.run(Training.Listener.NONE);
            assertEquals(first, withoutTime(resumed.state()));
        }
    }

    private static Recipe shuffled() {
        return new Recipe(8, 1, 0.01, 0.9, true, 1e-4, 4, List.of(2), 0.1, 2, Recipe.Report.LAST);
    }

    private static Map<String, ArrayData> trained(FeatureInput train, FeatureInput test) throws Exception {
        try (train;
                test) {
            Training run = training(shuffled(), train, test, 5);
            run.run(Training.Listener.NONE);
            return withoutTime(run.state());
        }
    }

    private static Map<String, ArrayData> withoutTime(Map<String, ArrayData> state) {
        Map<String, ArrayData> rest = new LinkedHashMap<>(state);
        rest.remove("seconds");
        return rest;
    }

    /// The sum of the losses trains each head as if it were alone.
    @Test
    void headsAreIndependent() throws Exception {
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
        FeatureInput input = stored(taps, false);
        LinearHeads heads = new LinearHeads(input.shapes(), CLASSES);
        Training run = heads.training(multi(2), input, stored(taps, false), 5);
        heads.parameters().forEach(v -> v.set(new float[(int) v.shape().size()]));
        run.run(Training.Listener.NONE);
        return run.history().stream().map(EpochReport::loss).toList();
    }

    @Test
    void theBestOfTheEpochsOrTheLastIsReported() {
        List<Double> top1 = new ArrayList<>();
        Recipe every = new Recipe(8, 1, 3, 0.9, false, 0, 6, List.of(), 0.1, 1, Recipe.Report.BEST);
        Training run = training(every, stored(AVGPOOL, true), stored(AVGPOOL, false), 5);
        run.run(new Training.Listener() {
            @Override
            public void epoch(EpochReport report) {
                top1.add(report.top1().getFirst());
            }
        });
        double best = top1.stream().mapToDouble(d -> d).max().orElseThrow();
        assertEquals(6, top1.size());
        assertTrue(best > top1.getLast(), "the fixture must have a best epoch before the last: " + top1);
        assertEquals(best, run.scores().getFirst().top1());
        int[] labels = run.scores().getFirst().labels();
        assertArrayEquals(IntStream.range(0, 24).map(IMAGES::label).toArray(), labels);
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRun() {
        Recipe wild = new Recipe(8, 1, 1e38, 0.9, false, 0, 6, List.of(), 0.1, 1, Recipe.Report.BEST);
        Training run = training(wild, stored(AVGPOOL, true), stored(AVGPOOL, false), 5);
        DataException e = assertThrows(DataException.class, () -> run.run(Training.Listener.NONE));
        assertTrue(e.getMessage().contains("learning rate") && e.getMessage().contains("epoch 1"), e.getMessage());
    }
}
