package org.jmoco.eval.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.Tap.Pooling;
import org.jmoco.eval.extract.Tap.Stage;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFolderTest {
    private static final Map<String, String> ABOUT = Map.of("weights", "thin");
    private static final Pipeline AS_IS = Preset.CIFAR_TEST.pipeline();
    private static final Tap LAST = new Tap(Stage.FEATURE5, Pooling.ADAPTIVE);
    private static final PatternImages IMAGES = new PatternImages(410, 32, Set.of(9, 208, 209, 409));

    private final FeatureExtractor extractor = new FeatureExtractor(
            Encoder.untrained(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(1), 1),
            List.of(LAST, Tap.AVGPOOL),
            LoaderOptions.evaluation(10));

    @TempDir
    private Path temp;

    @Test
    void holdsWhatTheExtractorGives() {
        FeatureFolder folder = fill(IMAGES);
        Map<Tap, FeatureTable> expected = extractor.tables(IMAGES, AS_IS);
        assertEquals(expected.get(LAST).values(), folder.rows(LAST));
        assertEquals(expected.get(Tap.AVGPOOL).values(), folder.rows(Tap.AVGPOOL));
        assertArrayEquals(expected.get(LAST).indices(), folder.indices());
        assertArrayEquals(expected.get(LAST).labels(), folder.labels());
        assertEquals(4, folder.unreadable());
    }

    @Test
    void goesOnAfterAnInterruptionToTheSameBytes() throws IOException {
        byte[][] whole = bytes(fill(IMAGES));
        fill(IMAGES).delete();
        for (int stop : new int[] {0, 30, 210, 400}) {
            assertThrows(Interruption.class, () -> fill(new Interrupted(IMAGES, stop)));
            assertFalse(Files.exists(temp.resolve("features/complete")));
        }
        AtomicInteger first = new AtomicInteger(-1);
        FeatureFolder folder = FeatureFolder.fill(
                temp.resolve("features"),
                ABOUT,
                extractor,
                IMAGES,
                AS_IS,
                (done, now, total) -> first.compareAndSet(-1, done));
        assertTrue(first.get() >= 300, "went on at image " + first);
        byte[][] pieced = bytes(folder);
        assertArrayEquals(whole[0], pieced[0]);
        assertArrayEquals(whole[1], pieced[1]);
        assertArrayEquals(
                IntStream.range(0, 410)
                        .filter(i -> !IMAGES.broken().contains(i))
                        .toArray(),
                folder.indices());
    }

    /// Taps are flushed one after another; a crash between leaves one with fewer rows.
    @Test
    void goesOnWhereOneTapHasFewerRows() throws IOException {
        byte[][] whole = bytes(fill(IMAGES));
        fill(IMAGES).delete();
        assertThrows(Interruption.class, () -> fill(new Interrupted(IMAGES, 100)));
        Path pooled = temp.resolve("features/avgpool.npy");
        byte[] early = Files.readAllBytes(pooled);
        assertThrows(Interruption.class, () -> fill(new Interrupted(IMAGES, 300)));
        Files.write(pooled, early);
        byte[][] pieced = bytes(fill(IMAGES));
        assertArrayEquals(whole[0], pieced[0]);
        assertArrayEquals(whole[1], pieced[1]);
    }

    @Test
    void aCompleteFolderIsReadAndNotComputed() {
        fill(IMAGES);
        FeatureFolder again = FeatureFolder.fill(
                temp.resolve("features"),
                ABOUT,
                extractor,
                new Interrupted(IMAGES, 0),
                AS_IS,
                FeatureFolder.Listener.NONE);
        assertEquals(406, again.rows(LAST).dim(0));
    }

    @Test
    void aFolderOfOtherFeaturesIsRefused() {
        fill(IMAGES);
        DataException e = assertThrows(
                DataException.class,
                () -> FeatureFolder.fill(
                        temp.resolve("features"),
                        Map.of("weights", "other"),
                        extractor,
                        IMAGES,
                        AS_IS,
                        FeatureFolder.Listener.NONE));
        assertTrue(e.getMessage().contains("weights was thin, now other"), e.getMessage());
    }

    private FeatureFolder fill(ImageSource images) {
        return FeatureFolder.fill(
                temp.resolve("features"), ABOUT, extractor, images, AS_IS, FeatureFolder.Listener.NONE);
    }

    private static byte[][] bytes(FeatureFolder folder) throws IOException {
        return new byte[][] {Files.readAllBytes(folder.file(LAST)), Files.readAllBytes(folder.file(Tap.AVGPOOL))};
    }

    private static final class Interruption extends DataException {
        private static final long serialVersionUID = 1;

        Interruption() {
            super("interrupted");
        }
    }

    /// Images of which one stops the run.
    private record Interrupted(PatternImages all, int at) implements ImageSource {
        @Override
        public int size() {
            return all.size();
        }

        @Override
        public String name(int index) {
            return all.name(index);
        }

        @Override
        public Target.Kind targets() {
            return all.targets();
        }

        @Override
        public Target target(int index) {
            return all.target(index);
        }

        @Override
        public java.util.List<String> classes() {
            return all.classes();
        }

        @Override
        public RgbImage load(int index) {
            if (index == at) {
                throw new Interruption();
            }
            return all.load(index);
        }
    }
}
