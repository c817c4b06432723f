package org.jmoco.moco.algorithm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.augment.RandomResizedCrop;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is easily got wrong in MoCo.
class TrapsTest {
    private static final int BATCH = 16;
    private static final int DIM = 8;
    private static final int[] IN_ORDER = IntStream.range(0, BATCH).toArray();

    /// A query that finds its own key among the negatives has a loss of at least ln 2, however sharp the softmax is.
    @Test
    void theKeysOfAStepAreNoNegativesOfItsQueriesButOfTheNextOnes() {
        MocoConfig c = Small.config(1, 1);
        MocoConfig sharp = new MocoConfig(
                c.name(),
                c.seed(),
                c.data(),
                c.views(),
                c.model(),
                new MocoConfig.Contrast(0.001f, 64, 0.9, false),
                BATCH,
                1,
                1,
                c.memory(),
                c.precision(),
                c.bn(),
                c.optimizer(),
                c.schedule(),
                c.knn(),
                c.checkpoint());
        Step step = new Moco(sharp, Small.PIXELS).on(Device.current());
        byte[] views = Small.views(BATCH, 0, 0);
        Outcome first = step.run(views, views, IN_ORDER, 0);
        assertTrue(first.loss() < 0.05, "query and key are the same view: " + first);
        Outcome second = step.run(views, views, IN_ORDER, 0);
        assertTrue(second.loss() > 0.98 * Math.log(2), "the last step's keys are in the queue: " + second);
    }

    @Test
    void theQueueTakesKeysInTheOrderOfTheQueriesAndThePointerWraps() {
        Moco moco = new Moco(Small.config(4, 4), Small.PIXELS);
        Step step = moco.on(Device.current());
        for (int i = 0; i < 6; i++) {
            float[] before = moco.queue().keys().toArray();
            int from = i * BATCH % 64 * DIM;
            assertEquals(i * BATCH % 64, moco.queue().pointer().host().get(JAVA_INT, 0));
            int[] permutation = moco.permutation(i);
            step.run(Small.views(BATCH, i, 0), Small.views(BATCH, i, 1), permutation, Small.RATE);
            float[] after = moco.queue().keys().toArray();
            float[] keys = keysOfRanks(moco, 4, Small.views(BATCH, i, 1), permutation);
            assertArrayEquals(keys, Arrays.copyOfRange(after, from, from + BATCH * DIM), "the new keys of step " + i);
            System.arraycopy(keys, 0, before, from, keys.length);
            assertArrayEquals(before, after, "all other keys of step " + i);
        }
    }

    /// The keys of a batch, encoded rank by rank with the encoder as it is, in the order of the views.
    private static float[] keysOfRanks(Moco moco, int ranks, byte[] views, int... permutation) {
        int b = BATCH / ranks;
        int size = views.length / BATCH;
        float[] keys = new float[BATCH * DIM];
        for (int rank = 0; rank < ranks; rank++) {
            byte[] mine = new byte[b * size];
            for (int j = 0; j < b; j++) {
                System.arraycopy(views, permutation[rank * b + j] * size, mine, j * size, size);
            }
            float[] encoded = encode(moco, b, mine);
            for (int j = 0; j < b; j++) {
                System.arraycopy(encoded, j * DIM, keys, permutation[rank * b + j] * DIM, DIM);
            }
        }
        return keys;
    }

    private static float[] encode(Moco moco, int n, byte... views) {
        Mode.Train train = new Mode.Train(BatchGroups.WHOLE, false);
        Program program = Program.trace(
                "keys",
                p -> p.output(
                        "keys",
                        moco.key()
                                .forward(Small.PIXELS.input(p, "views", n), train)
                                .l2Normalize()));
        return Device.current().compile(program).feed("views", views).run().floats("keys");
    }

    @ParameterizedTest
    @CsvSource({
        "60, false, 'contrast.queue 60 is not a multiple of the 16 keys enqueued a step; use 48 or 64'",
        "48, true, 'contrast.queue 48 is not a multiple of the 32 keys enqueued a step; use 32 or 64'"
    })
    void aQueueThatIsNoMultipleOfTheKeysOfAStepIsRefused(int length, boolean symmetric, String message) {
        MocoConfig c = Small.config(1, 1);
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new MocoConfig(
                        c.name(),
                        c.seed(),
                        c.data(),
                        c.views(),
                        c.model(),
                        new MocoConfig.Contrast(0.2f, length, 0.9, symmetric),
                        BATCH,
                        1,
                        1,
                        c.memory(),
                        c.precision(),
                        c.bn(),
                        c.optimizer(),
                        c.schedule(),
                        c.knn(),
                        c.checkpoint()));
        assertEquals(message, e.getMessage());
    }

    @Test
    void runningStatisticsOfTheKeyEncoderAreItsOwn() {
        Moco moco = new Moco(Small.config(1, 1), Small.PIXELS);
        float[] stem = moco.key().namedParameters().get("conv1.weight").toArray();
        byte[] views = Small.views(BATCH, 0, 1);
        moco.on(Device.current()).run(Small.views(BATCH, 0, 0), views, moco.permutation(0), Small.RATE);

        Tensor x = Tensor.of(Shape.of(BATCH, Small.SIDE, Small.SIDE, 3), views)
                .normalizeImage(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2023f, 0.1994f, 0.2010f});
        float[] mean = x.conv2d(Tensor.of(Shape.of(3, 3, 3, 4), stem), 1, 1)
                .mean(0, 1, 2)
                .toArray();
        float[] kept = moco.key().named().get("bn1.running_mean").toArray();
        for (int i = 0; i < mean.length; i++) {
            assertEquals(0.1 * mean[i], kept[i], 1e-6, "a tenth of the way from 0 to the mean of the key views");
        }
    }

    @Test
    void theKeyEncoderFollowsInItsParametersOnly() {
        MocoConfig c = Small.config(1, 1);
        MocoConfig copying = new MocoConfig(
                c.name(),
                c.seed(),
                c.data(),
                c.views(),
                c.model(),
                new MocoConfig.Contrast(0.2f, 64, 0, false),
                BATCH,
                1,
                1,
                c.memory(),
                c.precision(),
                c.bn(),
                c.optimizer(),
                c.schedule(),
                c.knn(),
                c.checkpoint());
        Moco moco = new Moco(copying, Small.PIXELS);
        Step step = moco.on(Device.current());
        Small.step(moco, step, 0);
        Map<String, ArrayData> before = moco.save();
        Small.step(moco, step, 1);
        Map<String, ArrayData> after = moco.save();
        moco.query()
                .namedParameters()
                .keySet()
                .forEach(name -> assertEquals(before.get("encoder_q." + name), after.get("encoder_k." + name), name));
        moco.query()
                .namedBuffers()
                .keySet()
                .forEach(name ->
                        assertFalse(before.get("encoder_q." + name).equals(after.get("encoder_k." + name)), name));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "4, 1, true", "1, 4, true"})
    void shufflingMattersOnlyWhereBatchNormHasGroups(int ranks, int splits, boolean matters) {
        float[] losses = new float[2];
        for (int i = 0; i < 2; i++) {
            Moco moco = new Moco(Small.config(Head.LINEAR, ranks, ranks, splits, false), Small.PIXELS);
            losses[i] = moco.on(Device.current())
                    .run(Small.views(BATCH, 0, 0), Small.views(BATCH, 0, 1), moco.permutation(i), Small.RATE)
                    .loss();
        }
        double difference = Math.abs(losses[0] - losses[1]) / losses[0];
        assertTrue(
                matters ? difference > 1e-3 : difference < 1e-5,
                "relative difference of the losses of two permutations: " + difference);
    }

    /// Sample n of the shuffled order takes the statistics of group n mod S; the running statistics are the mean
    /// over the groups.
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void splitBatchNormInterleavesItsGroups(int splits) {
        Moco moco = new Moco(Small.config(Head.LINEAR, 1, 1, splits, false), Small.PIXELS);
        byte[] views = Small.views(BATCH, 0, 1);
        int[] permutation = moco.permutation(0);
        moco.on(Device.current()).run(Small.views(BATCH, 0, 0), views, permutation, Small.RATE);
        float[] queue = moco.queue().keys().toArray();
        int size = views.length / BATCH;
        int n = BATCH / splits;
        for (int group = 0; group < splits; group++) {
            byte[] mine = new byte[n * size];
            for (int i = 0; i < n; i++) {
                System.arraycopy(views, permutation[i * splits + group] * size, mine, i * size, size);
            }
            float[] keys = encode(moco, n, mine);
            for (int i = 0; i < n; i++) {
                int at = permutation[i * splits + group] * DIM;
                assertArrayEquals(
                        Arrays.copyOfRange(keys, i * DIM, (i + 1) * DIM),
                        Arrays.copyOfRange(queue, at, at + DIM),
                        1e-5f,
                        "sample " + i + " of group " + group);
            }
        }
    }

    @Test
    void theCifarRecipeEndsWithLearningRateZeroAndLooksAtTheHead() {
        Path file = Path.of("../configs/moco_resnet18_b512-coslr-200e_cifar10.yaml");
        MocoConfig c = Binder.bind(ConfigTree.read(file), MocoConfig.defaults());
        Schedule.Cosine schedule = new Schedule.Cosine(
                c.optimizer().lr(), c.schedule().epochs(), c.schedule().countFromOne() ? 1 : 0);
        assertEquals(
                0.06 * 0.5 * (1 + Math.cos(Math.PI / 200)), schedule.at(0, 0), 1e-8, "the first epoch is number 1");
        assertEquals(0, schedule.at(199, 0), "the last epoch");
        assertEquals(MocoConfig.Knn.Tap.HEAD, c.knn().tap());
        assertEquals(128, c.model().dim());
        assertEquals(8, c.bn().splits());
        RandomResizedCrop crop =
                (RandomResizedCrop) Preset.MOCO_CIFAR.pipeline().transforms().getFirst();
        assertEquals(0.08, crop.scale().low());
    }
}
