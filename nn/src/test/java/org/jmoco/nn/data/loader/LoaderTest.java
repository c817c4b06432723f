package org.jmoco.nn.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.augment.RandomCrop;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoaderTest {
    private static final Pipeline AS_IS = Preset.CIFAR_TEST.pipeline();
    private static final List<Pipeline> TWO_VIEWS =
            List.of(Preset.MOCO_V2.pipeline(12), Preset.MULTI_HEAD_TRAIN.pipeline(10));

    /// Images of 17×13 pixels whose bytes tell their index; some cannot be read, one hangs.
    private static class Fake implements ImageSource {
        final int size;
        final Set<Integer> broken;
        final AtomicInteger loads = new AtomicInteger();
        volatile int hangs = -1;
        final CountDownLatch release = new CountDownLatch(1);

        Fake(int size, Integer... broken) {
            this.size = size;
            this.broken = Set.of(broken);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public String name(int index) {
            return "img" + index;
        }

        @Override
        public Target.Kind targets() {
            return Target.Kind.CLASS;
        }

        @Override
        public Target target(int index) {
            return new Target.OneClass(index % 7);
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public RgbImage load(int index) {
            loads.incrementAndGet();
            if (index == hangs) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    // a read that hangs in the kernel is not interrupted either
                    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> release.await());
                }
            }
            if (broken.contains(index)) {
                throw new UnreadableImageException(name(index), "is broken");
            }
            RgbImage image = new RgbImage(17, 13);
            for (int i = 0; i < image.rgb().length; i++) {
                image.rgb()[i] = (byte) (index * 31 + i * (1 + index % 5));
            }
            return image;
        }
    }

    private static LoaderOptions training(int batch, int epochs) {
        return LoaderOptions.training(batch, epochs, 5).withThreads(2);
    }

    private static List<Batch> drain(Loader loader) {
        List<Batch> batches = new ArrayList<>();
        loader.forEachRemaining(batches::add);
        loader.close();
        return batches;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void batchesDoNotDependOnThreads(int threads) {
        List<Batch> one = drain(new Loader(
                new Fake(500, 17, 203),
                TWO_VIEWS,
                training(32, 2).withThreads(1).withPrefetch(1)));
        List<Batch> many = drain(
                new Loader(new Fake(500, 17, 203), TWO_VIEWS, training(32, 2).withThreads(threads)));
        assertEquals(30, one.size());
        assertSame(one, many);
    }

    /// Real files of three formats and many sizes, decoded and fully augmented: one thread, then two and four,
    /// then four from a saved position.
    @Test
    void decodedFilesGiveTheSameBytesOnAnyThreadsAndAfterARestore() throws Exception {
        ImageSource files = ImageFolder.unlabelled(
                Path.of(ImageDecoder.class.getResource("decode/gray.jpg").toURI())
                        .getParent());
        List<Pipeline> views =
                List.of(Preset.MOCO_V2.pipeline(48), Preset.MOCO_V1.pipeline(48), Preset.MULTI_HEAD_TRAIN.pipeline(40));
        LoaderOptions options = LoaderOptions.training(16, 2, 77);
        List<Batch> one = drain(new Loader(files, views, options.withThreads(1)));
        assertEquals(2 * (files.size() / 16), one.size());
        assertSame(one, drain(new Loader(files, views, options.withThreads(2))));
        assertSame(one, drain(new Loader(files, views, options.withThreads(4).withPrefetch(5))));
        Position middle = one.get(one.size() / 2 + 1).position();
        assertSame(
                one.subList(one.size() / 2 + 1, one.size()),
                drain(new Loader(files, views, options.withThreads(4), middle)));
    }

    /// Compared while they are valid; labels and indices stay the batch's own.
    @Test
    void recycledMemoryHoldsTheSameBytes() {
        List<Batch> expected = drain(new Loader(new Fake(500, 17, 203), TWO_VIEWS, training(32, 2)));
        List<byte[]> seen = new ArrayList<>();
        try (Loader loader =
                new Loader(new Fake(500, 17, 203), TWO_VIEWS, training(32, 2).withPrefetch(3))) {
            for (Batch batch : expected) {
                Batch recycled = loader.next();
                assertSame(List.of(batch), List.of(recycled));
                if (seen.stream()
                        .noneMatch(
                                pixels -> pixels == recycled.views().getFirst().pixels())) {
                    seen.add(recycled.views().getFirst().pixels());
                }
                loader.recycle(recycled);
            }
        }
        assertTrue(seen.size() <= 4, seen.size() + " buffers for a window of 3");
    }

    @Test
    void aClosedLoaderLeavesItsBuffersToTheNextOfTheSameSizes() {
        List<Batch> expected = drain(new Loader(new Fake(100), TWO_VIEWS, training(20, 1)));
        Set<byte[]> first = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<byte[]> second = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Set<byte[]> seen : List.of(first, second)) {
            try (Loader loader = new Loader(new Fake(100), TWO_VIEWS, training(20, 1))) {
                for (Batch batch : expected) {
                    Batch recycled = loader.next();
                    assertSame(List.of(batch), List.of(recycled));
                    recycled.views().forEach(view -> seen.add(view.pixels()));
                    loader.recycle(recycled);
                }
            }
        }
        assertTrue(second.stream().anyMatch(first::contains));
        List<Batch> others = drain(new Loader(new Fake(100), TWO_VIEWS, training(25, 1)));
        assertTrue(others.stream()
                .flatMap(batch -> batch.views().stream())
                .noneMatch(view -> second.contains(view.pixels())));
    }

    @Test
    void aRestoredLoaderGoesOnWithTheSameBytes() {
        List<Batch> whole = drain(new Loader(new Fake(100), TWO_VIEWS, training(8, 3)));
        Position saved;
        try (Loader loader = new Loader(new Fake(100), TWO_VIEWS, training(8, 3))) {
            for (int i = 0; i < 17; i++) {
                loader.next();
            }
            saved = loader.position();
        }
        assertEquals(new Position(1, 5), saved);
        List<Batch> rest = drain(new Loader(new Fake(100), TWO_VIEWS, training(8, 3), saved));
        assertSame(whole.subList(17, whole.size()), rest);
        assertTrue(assertThrows(DataException.class, () -> new Loader(new Fake(40), TWO_VIEWS, training(8, 3), saved))
                .getMessage()
                .startsWith("the saved position is batch 5 of an epoch, but the data set gives 5"));
    }

    @Test
    void everyEpochHasEveryImageOnceInItsOwnOrder() {
        Loader loader = new Loader(new Fake(50), List.of(AS_IS), training(8, 2).withDropLast(false));
        assertEquals(7, loader.batchesPerEpoch());
        List<Batch> batches = drain(loader);
        int[] first = indices(batches.subList(0, 7));
        int[] second = indices(batches.subList(7, 14));
        assertArrayEquals(
                IntStream.range(0, 50).toArray(), Arrays.stream(first).sorted().toArray());
        assertArrayEquals(
                IntStream.range(0, 50).toArray(), Arrays.stream(second).sorted().toArray());
        assertFalse(Arrays.equals(first, second));
        assertEquals(2, batches.get(6).size());
        assertEquals(new Position(1, 6), batches.get(13).position());
        assertThrows(NoSuchElementException.class, loader::next);
        assertEquals(
                12,
                drain(new Loader(new Fake(50), List.of(AS_IS), training(8, 2))).size());
    }

    @Test
    void viewsAreThePipelinesOutput() {
        Fake source = new Fake(20);
        Batch batch = drain(new Loader(source, TWO_VIEWS, training(4, 1))).get(2);
        for (int i = 0; i < 4; i++) {
            int image = batch.indices()[i];
            assertEquals(image % 7, batch.labels()[i]);
            for (int v = 0; v < 2; v++) {
                var draws = Streams.view(5, 0, image, v);
                byte[] expected =
                        TWO_VIEWS.get(v).apply(source.load(image), draws).rgb();
                View view = batch.views().get(v);
                assertArrayEquals(
                        expected, Arrays.copyOfRange(view.pixels(), i * expected.length, (i + 1) * expected.length));
                if (v == 1) {
                    float[] lighting = TWO_VIEWS.get(1).lighting().orElseThrow().offset(draws);
                    assertArrayEquals(lighting, Arrays.copyOfRange(view.lighting(), 3 * i, 3 * i + 3));
                }
            }
        }
        assertEquals(0, batch.views().get(0).lighting().length);
    }

    @Test
    void evaluationGoesInOrderAndDropsTheUnreadable() {
        Loader loader = new Loader(new Fake(250, 3), List.of(AS_IS), LoaderOptions.evaluation(100));
        List<Batch> batches = drain(loader);
        assertEquals(List.of(99, 100, 50), batches.stream().map(Batch::size).toList());
        assertArrayEquals(IntStream.range(0, 250).filter(i -> i != 3).toArray(), indices(batches));
        assertEquals(99 * 17 * 13 * 3, batches.get(0).views().get(0).pixels().length);
        assertArrayEquals(
                new Fake(250).load(99).rgb(),
                Arrays.copyOfRange(batches.get(0).views().get(0).pixels(), 98 * 663, 99 * 663));
        assertEquals(List.of("img3: is broken"), loader.unreadable());
    }

    @Test
    void trainingReplacesTheUnreadableByTheNextInOrder() {
        int[] order = indices(drain(new Loader(new Fake(200), List.of(AS_IS), training(10, 1))));
        Loader loader = new Loader(new Fake(200, order[57], order[58]), List.of(AS_IS), training(10, 1));
        int[] replaced = indices(drain(loader));
        int[] expected = order.clone();
        expected[57] = order[59];
        expected[58] = order[59];
        assertArrayEquals(expected, replaced);
        assertEquals(
                List.of("img" + order[57] + ": is broken", "img" + order[58] + ": is broken"), loader.unreadable());
    }

    @Test
    void replacementsAreAugmentedWithTheDrawsOfTheMissingImage() {
        int[] order = indices(drain(new Loader(new Fake(200), TWO_VIEWS, training(10, 1))));
        Fake source = new Fake(200, order[0]);
        Batch batch = drain(new Loader(source, TWO_VIEWS, training(10, 1))).get(0);
        byte[] expected = TWO_VIEWS
                .get(0)
                .apply(source.load(order[1]), Streams.view(5, 0, order[0], 0))
                .rgb();
        assertArrayEquals(expected, Arrays.copyOf(batch.views().get(0).pixels(), expected.length));
    }

    @Test
    void moreThanOnePercentUnreadableEndsTheRun() {
        Loader loader = new Loader(
                new Fake(199, 4, 90),
                List.of(AS_IS),
                LoaderOptions.evaluation(50).withThreads(2));
        loader.next();
        assertEquals(
                "2 of 199 images are unreadable, more than 1 % (data.unreadable, or --unreadable, says how many may be); "
                        + "the first: img4: is broken",
                assertThrows(DataException.class, loader::next).getMessage());
        loader.close();
    }

    @Test
    void errorsOfTransformsReachTheCallerWithTheImagesName() {
        Pipeline tooLarge = new Pipeline(List.of(new RandomCrop(14)), Normalize.IMAGENET);
        Loader loader = new Loader(new Fake(20), List.of(tooLarge), LoaderOptions.evaluation(10));
        assertEquals(
                "img0: RandomCrop: an image of 17×13 pixels is too small for a crop of 14: resize it first, "
                        + "or set padding",
                assertThrows(DataException.class, loader::next).getMessage());
        loader.close();
    }

    @Test
    void defectsReachTheCallerWithTheImagesName() {
        Fake source = new Fake(30) {
            @Override
            public int label(int index) {
                throw new IllegalStateException("no labels " + index);
            }
        };
        Loader loader = new Loader(source, List.of(AS_IS), LoaderOptions.evaluation(10));
        assertEquals(
                "img0: java.lang.IllegalStateException: no labels 0",
                assertThrows(DataException.class, loader::next).getMessage());
        loader.close();
    }

    @Test
    void aFullHeapReachesTheCallerWithAdvice() {
        Fake source = new Fake(30) {
            @Override
            public int label(int index) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        Loader loader = new Loader(source, List.of(AS_IS), LoaderOptions.evaluation(10));
        assertEquals(
                "img0: out of memory (Java heap space); fewer workers that load need less, -Xmx… allows Java more",
                assertThrows(DataException.class, loader::next).getMessage());
        loader.close();
    }

    @Test
    void imagesOfOtherSizesAreRefused() {
        Fake source = new Fake(30) {
            @Override
            public RgbImage load(int index) {
                return index == 11 ? new RgbImage(5, 6) : super.load(index);
            }
        };
        Loader loader = new Loader(source, List.of(AS_IS), LoaderOptions.evaluation(10));
        loader.next();
        assertEquals(
                "img11: its view has 5×6 pixels, the batch's 17×13: let the pipeline end with a crop or ResizeExact",
                assertThrows(DataException.class, loader::next).getMessage());
        loader.close();
    }

    @Test
    void anImageThatHangsIsPassedOver() {
        Fake source = new Fake(200);
        source.hangs = 42;
        LoaderOptions options = LoaderOptions.evaluation(20).withThreads(1).withDeadline(Duration.ofMillis(200));
        Loader loader = new Loader(source, List.of(AS_IS), options);
        List<Batch> batches = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> drain(loader));
        source.release.countDown();
        assertArrayEquals(IntStream.range(0, 200).filter(i -> i != 42).toArray(), indices(batches));
        assertEquals(List.of("img42: took more than 0.2 s to load"), loader.unreadable());
    }

    @Test
    void anImageThatHangsIsReplacedInTraining() {
        int[] order = indices(drain(new Loader(new Fake(200), List.of(AS_IS), training(20, 1))));
        Fake source = new Fake(200);
        source.hangs = order[100];
        Loader loader = new Loader(source, List.of(AS_IS), training(20, 1).withDeadline(Duration.ofMillis(200)));
        int[] replaced = indices(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> drain(loader)));
        source.release.countDown();
        order[100] = order[101];
        assertArrayEquals(order, replaced);
    }

    @Test
    void noMoreThanTheWindowIsLoadedAhead() throws InterruptedException {
        Fake source = new Fake(400);
        try (Loader loader = new Loader(
                source,
                List.of(Preset.LINEAR_TRAIN.pipeline(8)),
                training(10, 1).withPrefetch(3))) {
            for (int taken = 0; taken < 5; taken++) {
                long end = System.nanoTime() + 5_000_000_000L;
                while (source.loads.get() < 10 * (3 + taken) && System.nanoTime() < end) {
                    Thread.sleep(1);
                }
                Thread.sleep(20);
                assertEquals(10 * (3 + taken), source.loads.get());
                loader.next();
            }
        }
    }

    @Test
    void impossibleBatchesAreRefused() {
        assertTrue(assertThrows(DataException.class, () -> new Loader(new Fake(5), List.of(AS_IS), training(6, 1)))
                .getMessage()
                .startsWith("the batch of 6 is larger than the data set of 5 images"));
        assertThrows(DataException.class, () -> training(0, 1));
    }

    /// The streams are part of the format of a run: a change of them would change every result.
    @Test
    void streamsAreFixed() {
        Set<Integer> first = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            for (int epoch = 0; epoch < 10; epoch++) {
                first.add(Streams.view(1, epoch, i, 0).nextInt());
                first.add(Streams.view(1, epoch, i, 1).nextInt());
            }
        }
        assertEquals(1000, first.size());
        int[] block = new int[4];
        org.jmoco.tensor.random.Philox.block(1, 0, 7, 3, 0x56494557 + 1, block, 0);
        assertEquals(block[0], Streams.view(1, 3, 7, 1).nextInt());
    }

    private static int[] indices(List<Batch> batches) {
        return batches.stream().flatMapToInt(b -> Arrays.stream(b.indices())).toArray();
    }

    private static void assertSame(List<Batch> expected, List<Batch> actual) {
        assertEquals(expected.size(), actual.size());
        for (int b = 0; b < expected.size(); b++) {
            assertEquals(expected.get(b).position(), actual.get(b).position());
            assertArrayEquals(expected.get(b).indices(), actual.get(b).indices());
            assertArrayEquals(expected.get(b).labels(), actual.get(b).labels());
            for (int v = 0; v < expected.get(b).views().size(); v++) {
                assertArrayEquals(
                        expected.get(b).views().get(v).pixels(),
                        actual.get(b).views().get(v).pixels());
                assertArrayEquals(
                        expected.get(b).views().get(v).lighting(),
                        actual.get(b).views().get(v).lighting());
            }
        }
    }

    /// PyTorch's DistributedSampler: 10 images for 4 ranks are 12 places, the order's first images again at the end.
    @Test
    void anEpochIsFilledUpForRanks() {
        LoaderOptions options = new LoaderOptions(
                        5, 1, true, false, 7, LoaderOptions.OnUnreadable.REPLACE, 2, 2, Duration.ofMinutes(1))
                .withRanks(4);
        List<Batch> batches = drain(new Loader(new Fake(10), List.of(AS_IS), options));
        assertEquals(List.of(5, 5, 2), batches.stream().map(Batch::size).toList());
        int[] seen =
                batches.stream().flatMapToInt(b -> Arrays.stream(b.indices())).toArray();
        assertArrayEquals(new Sampler(10, 5, true, false, 7).order(0), Arrays.copyOf(seen, 10));
        assertArrayEquals(new int[] {seen[0], seen[1]}, Arrays.copyOfRange(seen, 10, 12));
        assertArrayEquals(new int[] {0, 1, 2, 0, 1}, new Sampler(3, 2, false, false, 0, 5).order(0));
    }
}
