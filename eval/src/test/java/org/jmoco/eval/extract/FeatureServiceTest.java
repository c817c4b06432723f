package org.jmoco.eval.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;

class FeatureServiceTest {
    private static final Encoder ENCODER =
            Encoder.untrained(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), 3);
    private static final Pipeline PIPELINE = new Pipeline(List.of(new CenterCrop(16)), Normalize.CIFAR);

    @Test
    void everyThreadGetsTheBitsOfOneThread() throws Exception {
        PatternImages images = new PatternImages(20, 18);
        FeatureTable table = new FeatureExtractor(ENCODER, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(7))
                .table(images, PIPELINE);
        float[] expected = table.values().payload().toArray(ValueLayout.JAVA_FLOAT);
        int width = table.dim();
        try (FeatureService service = new FeatureService(Device.current(), ENCODER, PIPELINE, 8);
                ExecutorService threads = Executors.newFixedThreadPool(12)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 60; t++) {
                int image = t * 7 % 20;
                all.add(threads.submit(() -> assertArrayEquals(
                        Arrays.copyOfRange(expected, image * width, (image + 1) * width),
                        service.features(images.load(image)),
                        "image " + image)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void whatWasAskedMeanwhileIsAnsweredTogether() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger batches = new AtomicInteger();
        try (MicroBatcher<Integer, Integer> doubled = new MicroBatcher<>("doubled", 4, questions -> {
                    batches.incrementAndGet();
                    await(first);
                    return questions.stream().map(q -> 2 * q).toList();
                });
                ExecutorService threads = Executors.newFixedThreadPool(9)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                int question = i;
                all.add(threads.submit(() -> doubled.ask(question)));
            }
            first.countDown();
            for (int i = 0; i < 9; i++) {
                assertEquals(2 * i, all.get(i).get());
            }
        }
        assertTrue(batches.get() >= 3 && batches.get() <= 9, batches + " batches of at most 4 for 9 questions");
    }

    @Test
    void aFailureReachesThoseWhoAskedAndNobodyElse() throws Exception {
        MicroBatcher<Integer, Integer> inverse = new MicroBatcher<>("inverse", 1, q -> List.of(100 / q.getFirst()));
        assertThrows(ArithmeticException.class, () -> inverse.ask(0));
        assertEquals(20, inverse.ask(5));
        inverse.close();
        assertThrows(IllegalStateException.class, () -> inverse.ask(5));
    }

    @Test
    void closingWakesThoseWhoWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<Integer, Integer> slow = new MicroBatcher<>("slow", 1, q -> {
            begun.countDown();
            await(go);
            return q;
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<Integer> answered = threads.submit(() -> slow.ask(1));
            begun.await();
            Future<Integer> waiting = threads.submit(() -> slow.ask(2));
            Future<?> closing = threads.submit(slow::close);
            go.countDown();
            closing.get();
            assertThrows(IllegalStateException.class, () -> slow.ask(3));
            assertEquals(1, answered.get());
            try {
                assertEquals(2, waiting.get()); // if it was taken before the end
            } catch (ExecutionException e) {
                assertEquals(IllegalStateException.class, e.getCause().getClass());
            }
        }
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
