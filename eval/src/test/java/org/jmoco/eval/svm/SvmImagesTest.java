package org.jmoco.eval.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvmImagesTest {
    private static final Device DEVICE = Device.jvm(2);
    private static final DataSpec DATA = DataSpec.SAMPLE.withLimit(60);

    @TempDir
    private Path temp;

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static Encoder encoder() {
        return Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
    }

    private static SvmImages images(Optional<Path> cache, SvmImages.Listener listener) {
        return new SvmImages(DEVICE, encoder(), Tap.AVGPOOL, cache, listener);
    }

    @Test
    void featuresAreThoseOfTheImagesAndLabelsTheirClasses() {
        SvmData data = new SvmImages(DEVICE, encoder(), SvmImages.usualTap(DATA, Tap.Pooling.SPECIFIED)).read(DATA);
        ImageSource test = DATA.open(Split.TEST);
        FeatureTable table = new FeatureExtractor(DEVICE, encoder(), List.of(Tap.AVGPOOL), LoaderOptions.evaluation(7))
                .table(test, Preset.CIFAR_TEST.pipeline());
        float[] expected = table.values().toFloatArray();
        assertEquals(60, data.test().numRows);
        assertEquals(table.dim(), data.test().numCols);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], data.test().data[i]);
        }
        for (int i = 0; i < 60; i++) {
            int[] row = new int[10];
            row[test.label(i)] = 1;
            assertArrayEquals(row, data.testLabels().row(i));
        }
        assertEquals("", data.layer());
        assertEquals(60, data.train().numRows);
    }

    @Test
    void processesShareTheImagesAndTheFirstGoesOnAlone() {
        SvmData alone = images(Optional.empty(), SvmImages.Listener.NONE).read(DATA);
        ProcessesInOneJvm.run(2, processes -> {
            Optional<SvmData> shared =
                    images(Optional.empty(), SvmImages.Listener.NONE).read(DATA, processes);
            assertEquals(processes.number() == 0, shared.isPresent());
            shared.ifPresent(s -> {
                assertArrayEquals(alone.train().data, s.train().data);
                assertArrayEquals(alone.test().data, s.test().data);
                assertEquals(alone.inputs(), s.inputs());
            });
        });
    }

    @Test
    void keptFeaturesAreTheSameAndAreNotComputedAgain() {
        SvmData inMemory = images(Optional.empty(), SvmImages.Listener.NONE).read(DATA);
        for (boolean kept : new boolean[] {false, true}) {
            List<String> told = new ArrayList<>();
            SvmData read = images(Optional.of(temp), new SvmImages.Listener() {
                        @Override
                        public FeatureFolder.Listener extraction(String part) {
                            return (done, now, total) -> told.add(part);
                        }
                    })
                    .read(DATA);
            assertArrayEquals(inMemory.train().data, read.train().data);
            assertArrayEquals(inMemory.test().data, read.test().data);
            assertEquals(inMemory.inputs(), read.inputs());
            assertEquals(kept, told.isEmpty());
        }
    }
}
