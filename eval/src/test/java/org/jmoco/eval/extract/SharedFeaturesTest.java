package org.jmoco.eval.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.Vote;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several processes, which are threads here, against one that has all images.
class SharedFeaturesTest {
    /// Two broken images, one of them a batch of its own at the end.
    private static final PatternImages IMAGES = new PatternImages(201, 32, Set.of(5, 200));

    private static final Pipeline AS_IS = Preset.CIFAR_TEST.pipeline();
    private static final List<Tap> TAPS = List.of(Tap.AVGPOOL, new Tap(Tap.Stage.FEATURE2, Tap.Pooling.ADAPTIVE));
    private static final LoaderOptions OPTIONS = LoaderOptions.evaluation(8).withMostUnreadable(0.02);

    @TempDir
    Path temp;

    private static Encoder encoder() {
        return Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void areThoseOfOneProcessOnAllOfThem(int count) {
        Map<Tap, FeatureTable> expected = new FeatureExtractor(encoder(), TAPS, OPTIONS).tables(IMAGES, AS_IS);
        List<String> unreadable = new FeatureExtractor(encoder(), TAPS, OPTIONS).stream(IMAGES, AS_IS, batch -> {});
        assertEquals(2, unreadable.size());
        ProcessesInOneJvm.run(count, processes -> {
            FeatureExtractor extractor = new FeatureExtractor(Device.current(), encoder(), TAPS, OPTIONS, processes);
            Map<Tap, FeatureTable> tables = extractor.tables(IMAGES, AS_IS);
            for (Tap tap : TAPS) {
                assertEquals(expected.get(tap).values(), tables.get(tap).values(), tap.toString());
                assertArrayEquals(expected.get(tap).labels(), tables.get(tap).labels());
                assertArrayEquals(expected.get(tap).indices(), tables.get(tap).indices());
            }
            assertEquals(unreadable, extractor.stream(IMAGES, AS_IS, batch -> {}));
        });
    }

    @Test
    void nearestNeighboursAreThoseOfOneProcess() {
        FeatureTable bank = new FeatureExtractor(encoder(), List.of(Tap.AVGPOOL), OPTIONS).table(IMAGES, AS_IS);
        KnnClassifier alone = new KnnClassifier(Device.current(), bank.values(), bank.labels());
        List<Vote> votes = List.of(new Vote(1, 0.1), new Vote(20, 0.1));
        List<int[]> expected = alone.predictions(bank.values(), votes);
        ProcessesInOneJvm.run(3, processes -> {
            KnnClassifier knn = new KnnClassifier(Device.current(), bank.values(), bank.labels());
            List<int[]> found = knn.predictions(bank.values(), votes, processes);
            assertEquals(2, found.size());
            for (int vote = 0; vote < 2; vote++) {
                assertArrayEquals(expected.get(vote), found.get(vote));
            }
            assertEquals(
                    alone.accuracy(bank.values(), bank.labels(), votes.getLast()),
                    knn.accuracy(bank.values(), bank.labels(), votes.getLast(), processes));
        });
    }

    /// Also where process 0 goes on in the middle, and where nothing is left to do.
    @Test
    void aFolderIsTheSameAndOnProcess0Alone() {
        fill("alone", new FeatureExtractor(encoder(), TAPS, OPTIONS), IMAGES);
        ProcessesInOneJvm.run(2, processes -> {
            for (int time = 0; time < 2; time++) {
                FeatureExtractor extractor =
                        new FeatureExtractor(Device.current(), encoder(), TAPS, OPTIONS, processes);
                if (processes.number() == 0) {
                    fill("shared", extractor, IMAGES);
                } else {
                    FeatureFolder.share(extractor, IMAGES, AS_IS);
                }
            }
        });
        assertEquals(contents("alone"), contents("shared"));
    }

    private void fill(String name, FeatureExtractor extractor, PatternImages images) {
        FeatureFolder.fill(
                temp.resolve(name), Map.of("what", "test"), extractor, images, AS_IS, FeatureFolder.Listener.NONE);
    }

    private List<String> contents(String name) {
        try (var files = Files.list(temp.resolve(name))) {
            List<String> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(file.getFileName() + " "
                        + java.util.HexFormat.of()
                                .formatHex(Files.readAllBytes(file))
                                .hashCode());
            }
            return all;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
