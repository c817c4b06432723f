package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A device in the hands of several threads: the numbers of one thread, or a refusal.
class ThreadsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 60;

    static List<Device> devices() {
        return TestDevices.all();
    }

    /// Rows through two layers, so that values lie in the arena that all programs of a device share.
    private static Tensor layers(Tensor x, float factor) {
        int d = x.shape().dim(1);
        Tensor w = Tensor.of(Shape.of(d, d), values(d * d, 77)).multiply(factor);
        return x.matmul(w).relu().matmul(w).l2Normalize();
    }

    private static float[] values(int count, long seed) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }

    private static Program program(int d, float factor) {
        return Program.trace("layers", p -> p.output("y", layers(p.input("x", Shape.of(d, d)), factor)));
    }

    /// What each thread finds.
    private static <T> List<T> together(Callable<T> task) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<T>> running =
                    IntStream.range(0, THREADS).mapToObj(i -> pool.submit(task)).toList();
            List<T> found = new ArrayList<>();
            for (Future<T> f : running) {
                found.add(f.get());
            }
            return found;
        }
    }

    private static void inAnotherThread(Runnable action) {
        AtomicInteger done = new AtomicInteger();
        Thread other = new Thread(() -> {
            action.run();
            done.set(1);
        });
        other.setUncaughtExceptionHandler((thread, e) -> {});
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertEquals(1, done.get(), "the other thread was refused");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void programsOfTheirOwnGiveTheNumbersOfOneThread(Device device) throws Exception {
        AtomicInteger next = new AtomicInteger();
        int wrong = together(() -> {
                    int me = next.getAndIncrement();
                    int d = 24 + 8 * me;
                    float[] x = values(d * d, me);
                    float[] expected;
                    try (Device alone = Device.jvm(1)) {
                        expected = alone.compile(program(d, 1 + me))
                                .feed("x", x)
                                .run()
                                .floats("y");
                    }
                    Compiled compiled = device.compile(program(d, 1 + me));
                    int differing = 0;
                    for (int round = 0; round < ROUNDS; round++) {
                        float[] found = compiled.feed("x", x).run().floats("y");
                        differing += close(expected, found, device) ? 0 : 1;
                    }
                    return differing;
                })
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertEquals(0, wrong);
    }

    private static boolean close(float[] expected, float[] found, Device device) {
        float bound = device.backend().name().equals("jvm") ? 0 : 1e-5f;
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(expected[i] - found[i]) > bound) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void aSharedProgramGivesAThreadItsOwnNumbersOrRefuses(Device device) throws Exception {
        int d = 16;
        Compiled shared = device.compile(Program.trace("shared", p -> {
            Tensor x = p.input("x", Shape.of(d, d));
            p.output("y", x.matmul(x).add(p.scalar("shift")));
        }));
        AtomicInteger next = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        together(() -> {
            int me = next.getAndIncrement();
            float[] x = new float[d * d];
            java.util.Arrays.fill(x, me);
            for (int round = 0; round < 10 * ROUNDS; round++) {
                try {
                    float[] y;
                    if (round % 3 == 0) {
                        MemorySegment in = shared.feed("shift", 1f).input("x");
                        MemorySegment.copy(x, 0, in, ValueLayout.JAVA_FLOAT, 0, x.length);
                        y = shared.run().output("y").toArray(ValueLayout.JAVA_FLOAT);
                    } else {
                        y = shared.feed("x", x).feed("shift", 1f).run().floats("y");
                    }
                    for (float element : y) {
                        assertEquals(d * me * me + 1, element);
                    }
                    right.incrementAndGet();
                } catch (IllegalStateException e) {
                    refused.incrementAndGet();
                }
            }
            return null;
        });
        assertEquals(THREADS * 10 * ROUNDS, right.get() + refused.get());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void threadsThatTakeTurnsShareAProgram(Device device) throws Exception {
        Compiled shared = device.compile(program(16, 1));
        float[][] x = new float[THREADS][];
        float[][] expected = new float[THREADS][];
        for (int i = 0; i < THREADS; i++) {
            x[i] = values(16 * 16, i);
            expected[i] = shared.feed("x", x[i]).run().floats("y");
        }
        AtomicInteger next = new AtomicInteger();
        together(() -> {
            int me = next.getAndIncrement();
            for (int round = 0; round < ROUNDS; round++) {
                synchronized (shared) {
                    if (round % 2 == 0) {
                        shared.feed("x", x[me]);
                    } else {
                        MemorySegment.copy(x[me], 0, shared.input("x"), ValueLayout.JAVA_FLOAT, 0, x[me].length);
                    }
                    assertArrayEquals(expected[me], shared.run().floats("y"));
                    assertArrayEquals(expected[me], shared.output("y").toArray(ValueLayout.JAVA_FLOAT));
                }
            }
            return null;
        });
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void computationsOutsideProgramsGiveTheNumbersOfOneThread(Device device) throws Exception {
        Device before = Device.current();
        device.use();
        try {
            float[] x = values(20 * 20, 5);
            float[] expected = layers(Tensor.of(Shape.of(20, 20), x), 2).toArray();
            Compiled beside = device.compile(program(20, 2));
            AtomicInteger next = new AtomicInteger();
            together(() -> {
                boolean eager = next.getAndIncrement() > 0;
                for (int round = 0; round < ROUNDS; round++) {
                    assertArrayEquals(
                            expected,
                            eager
                                    ? layers(Tensor.of(Shape.of(20, 20), x), 2).toArray()
                                    : beside.feed("x", x).run().floats("y"));
                }
                return null;
            });
        } finally {
            before.use();
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void aBrokenTurnIsRefused(Device device) {
        Compiled shared = device.compile(Program.trace("step", p -> {
            Tensor x = p.scalar("x");
            p.output("y", x.multiply(p.scalar("rate")));
        }));
        String turns = "; feed, run and fetch in one synchronized (compiled) { … }, or trace a program for each thread";

        assertMessage(
                "program step, input x was never fed; call feed(\"x\", …) before run()", shared.feed("rate", 2f)::run);
        assertMessage("program step, output y: there is none before run()", () -> shared.floats("y"));

        shared.feed("x", 3f);
        inAnotherThread(() -> shared.feed("x", 5f));
        assertMessage("program step, input x: another thread has fed it" + turns, shared::run);
        shared.feed("x", 3f);
        assertMessage(
                "program step, input rate: not fed since another thread has used the program" + turns, shared::run);

        shared.feed("rate", 2f).run();
        inAnotherThread(() -> shared.feed("x", 5f).feed("rate", 7f));
        assertEquals(6, shared.scalar("y")); // the other one has not run
        inAnotherThread(() -> shared.feed("x", 5f).feed("rate", 7f).run());
        assertMessage("program step, output y: the last run was not this thread's" + turns, () -> shared.scalar("y"));
        assertMessage("program step, input x: another thread has fed it" + turns, shared::run);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void memoryThatIsWrittenWithoutACopyIsOneThreads(Device device) {
        Compiled shared = device.compile(
                Program.trace("step", p -> p.output("y", p.scalar("x").multiply(2))));
        MemorySegment mine = shared.input("x");
        mine.set(ValueLayout.JAVA_FLOAT, 0, 1);
        MemorySegment result = shared.run().output("y");
        assertEquals(2, result.get(ValueLayout.JAVA_FLOAT, 0));
        inAnotherThread(() -> {
            shared.feed("x", 21f);
            assertWritesNothing(mine);
            assertEquals(42, shared.run().scalar("y"));
        });
        try {
            assertEquals(2, result.get(ValueLayout.JAVA_FLOAT, 0));
        } catch (IllegalStateException e) {
            assertEquals("Already closed", e.getMessage());
        }
        assertThrows(IllegalStateException.class, () -> shared.output("y"));
    }

    private static void assertWritesNothing(MemorySegment old) {
        try {
            old.set(ValueLayout.JAVA_FLOAT, 0, 1000);
        } catch (IllegalStateException e) {
            assertEquals("Already closed", e.getMessage());
        }
    }

    @Test
    void anInputThatNothingNeedsNeedNotBeFed() {
        Compiled program = TestDevices.all().getFirst().compile(Program.trace("step", p -> {
            p.scalar("unused");
            p.output("y", p.scalar("x"));
        }));
        assertEquals(4, program.feed("x", 4f).run().scalar("y"));
    }

    @Test
    void whoWatchesKernelsComputesElsewhere() {
        JvmBackend backend = new JvmBackend(1);
        try (Device device = new Device(backend)) {
            Compiled outer = device.compile(
                    Program.trace("outer", p -> p.output("y", p.scalar("x").add(1))));
            Compiled inner = device.compile(
                    Program.trace("inner", p -> p.output("y", p.scalar("x").add(2))));
            backend.observe((node, result, nanos) -> inner.feed("x", 1f).run());
            String message = assertThrows(
                            IllegalStateException.class,
                            () -> outer.feed("x", 1f).run())
                    .getMessage();
            assertTrue(
                    message.endsWith("is in the middle of a program; compute on another device, or when it has run"));
            backend.observe(null);
            assertEquals(2, outer.run().scalar("y"));
        }
    }

    private static void assertMessage(String message, Runnable mistake) {
        assertEquals(
                message, assertThrows(IllegalStateException.class, mistake::run).getMessage());
    }
}
