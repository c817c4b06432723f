package org.jmoco.tensor.backend.jvm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyIndexOnceInEveryOfManyRegions(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int region = 0; region < 2000; region++) {
                int tasks = region % 13;
                AtomicIntegerArray calls = new AtomicIntegerArray(13);
                workers.forEach(tasks, calls::incrementAndGet);
                for (int i = 0; i < 13; i++) {
                    assertEquals(i < tasks ? 1 : 0, calls.get(i));
                }
            }
        }
    }

    @Test
    void workersWakeAfterTheyParked() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            for (int region = 0; region < 5; region++) {
                Thread.sleep(20);
                CountDownLatch allThree = new CountDownLatch(3); // passes only if three threads are inside at once
                workers.forEach(3, i -> {
                    allThree.countDown();
                    awaitAll(allThree);
                });
            }
        }
    }

    /// So that a thread finds in its caches what it wrote in the region before.
    @Test
    void eachThreadBeginsWithTheSameShareInEveryRegion() {
        try (Workers workers = new Workers(3)) {
            List<String> expected = List.of(Thread.currentThread().getName(), "jmoco-worker-1", "jmoco-worker-2");
            for (int region = 0; region < 50; region++) {
                String[] threads = new String[9];
                CountDownLatch allThree = new CountDownLatch(3); // nobody goes on to another's share
                workers.forEach(9, i -> {
                    threads[i] = Thread.currentThread().getName();
                    if (i % 3 == 0) {
                        allThree.countDown();
                        awaitAll(allThree);
                    }
                });
                assertEquals(expected, List.of(threads[0], threads[3], threads[6]));
            }
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExceptionReachesTheCallerAndThePoolGoesOn() {
        try (Workers workers = new Workers(2)) {
            IllegalStateException thrown = new IllegalStateException("task 5");
            for (int repeat = 0; repeat < 100; repeat++) {
                assertSame(
                        thrown,
                        assertThrows(
                                IllegalStateException.class,
                                () -> workers.forEach(10, i -> {
                                    if (i == 5) {
                                        throw thrown;
                                    }
                                })));
                AtomicInteger calls = new AtomicInteger();
                workers.forEach(10, i -> calls.incrementAndGet());
                assertEquals(10, calls.get());
            }
        }
    }

    @Test
    void aNestedLoopRunsInlineOnItsThread() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger calls = new AtomicInteger();
            workers.forEach(4, i -> {
                Thread outer = Thread.currentThread();
                workers.forEach(5, j -> {
                    assertSame(outer, Thread.currentThread());
                    calls.incrementAndGet();
                });
            });
            assertEquals(20, calls.get());
        }
    }

    @Test
    void twoCallersTakeTurns() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            AtomicInteger calls = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int c = 0; c < 2; c++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 500; i++) {
                        workers.forEach(8, t -> calls.incrementAndGet());
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(2 * 500 * 8, calls.get());
        }
    }

    @Test
    void rangesAreCutByTheChunkAlone() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                List<String> ranges = Collections.synchronizedList(new ArrayList<>());
                workers.forRange(10, 4, (from, to) -> ranges.add(from + "-" + to));
                Collections.sort(ranges);
                assertEquals(List.of("0-4", "4-8", "8-10"), ranges);
                workers.forRange(0, 4, (from, to) -> ranges.clear());
                assertEquals(3, ranges.size());
            }
        }
    }

    @Test
    void wrongUseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Workers(0));
        Workers workers = new Workers(2);
        assertThrows(IllegalArgumentException.class, () -> workers.forRange(1, 0, (from, to) -> {}));
        workers.close();
        assertThrows(IllegalStateException.class, () -> workers.forEach(1, i -> {}));
    }
}
