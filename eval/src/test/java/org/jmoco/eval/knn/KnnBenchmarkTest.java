package org.jmoco.eval.knn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KnnBenchmarkTest {
    private static final Device DEVICE = Device.jvm(2);
    private static final DataSpec DATA = DataSpec.SAMPLE.withLimit(60);
    private static final Classified IMAGES = DATA.classified();
    private static final Pipeline VIEWS = Preset.CIFAR_TEST.pipeline();
    private static final List<Vote> VOTES = List.of(new Vote(1, 0.1), new Vote(20, 0.1));

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static Encoder encoder(long seed) {
        return Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), seed);
    }

    private static KnnReport report() {
        return new KnnBenchmark(DEVICE, encoder(1), Tap.AVGPOOL, VIEWS)
                .features(DATA, IMAGES)
                .report(VOTES);
    }

    /// One neighbour votes for its own class: the training image of the largest cosine in float64.
    @Test
    void aSingleNeighbourIsTheNearestTrainingImage() {
        FeatureExtractor extractor =
                new FeatureExtractor(DEVICE, encoder(1), List.of(Tap.AVGPOOL), LoaderOptions.evaluation(16));
        FeatureTable bank = extractor.table(IMAGES.train(), VIEWS);
        FeatureTable queries = extractor.table(IMAGES.test(), VIEWS);
        int[] expected = IntStream.range(0, queries.size())
                .map(q -> bank.labels()[nearest(bank, queries, q)])
                .toArray();
        KnnReport report = report();
        assertEquals(60, report.labels().length);
        assertArrayEquals(queries.labels(), report.labels());
        assertArrayEquals(expected, report.predictions().getFirst());
        assertEquals("knn/avgpool [k=1,20; temperature=0.1]", report.protocol());
    }

    private static int nearest(FeatureTable bank, FeatureTable queries, int query) {
        int best = 0;
        for (int i = 1; i < bank.size(); i++) {
            if (cosine(bank.values(), i, queries.values(), query)
                    > cosine(bank.values(), best, queries.values(), query)) {
                best = i;
            }
        }
        return best;
    }

    private static double cosine(ArrayData x, int row, ArrayData y, int other) {
        float[] a = x.toFloatArray();
        float[] b = y.toFloatArray();
        int d = (int) x.dim(1);
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < d; i++) {
            double u = a[row * d + i];
            double v = b[other * d + i];
            product += u * v;
            ofA += u * u;
            ofB += v * v;
        }
        return product / Math.sqrt(ofA * ofB);
    }

    @Test
    void processesShareTheImagesAndAllGetTheReport() {
        KnnReport alone = report();
        ProcessesInOneJvm.run(2, processes -> {
            KnnReport shared = new KnnBenchmark(DEVICE, encoder(1), Tap.AVGPOOL, VIEWS, processes)
                    .features(DATA, IMAGES)
                    .report(VOTES);
            assertArrayEquals(alone.labels(), shared.labels());
            for (int vote = 0; vote < VOTES.size(); vote++) {
                assertArrayEquals(
                        alone.predictions().get(vote), shared.predictions().get(vote));
            }
        });
    }

    @Test
    void processesWithOtherWeightsAreRefused() {
        ProcessesInOneJvm.run(2, processes -> {
            KnnBenchmark knn = new KnnBenchmark(DEVICE, encoder(1 + processes.number()), Tap.AVGPOOL, VIEWS, processes);
            String message = assertThrows(ProcessesException.class, () -> knn.features(DATA, IMAGES))
                    .getMessage();
            assertEquals(
                    "process 1 on thread-1 has another weights than process 0 on thread-0",
                    message.substring(0, message.indexOf(':')));
        });
    }
}
