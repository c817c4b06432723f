package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs that pause: the numbers of a run without one, or a refusal.
class PauseTest {
    private static final int N = 100;

    static List<Device> devices() {
        List<Device> all = new ArrayList<>(TestDevices.variants());
        TestDevices.onSdk().ifPresent(all::add);
        return all;
    }

    /// Squares of x, counted once a run in `early`; in the pause some are chosen, whose products with weights are
    /// summed up, and `late` counts.
    private static Program program(Variable early, Variable late) {
        return Program.trace("pausing", p -> {
            Tensor x = p.input("x", Shape.of(N, 1));
            early.assign(early.read().add(1));
            Tensor squares = x.multiply(x);
            p.output("squares", squares);
            Tensor hidden = squares.add(1).relu(); // lies in the arena during the pause
            Tensor chosen = hidden.gatherRows(p.input("rows", Shape.of(3), DType.I32));
            p.output("sum", chosen.multiply(p.input("weights", Shape.of(3, 1))).sum());
            late.assign(late.read().add(1));
        });
    }

    private static Variable counter(String name) {
        return Variable.zeros(name, Shape.of(1));
    }

    private static float[] ramp() {
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = i * 0.25f - 7;
        }
        return x;
    }

    private static void feedRest(Compiled c) {
        c.feed("rows", 5, 50, 99).feed("weights", 1f, 10f, 100f);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void aRunWithAPauseGivesTheNumbersOfARunWithout(Device device) {
        Variable early = counter("early");
        Variable late = counter("late");
        Compiled c = device.compile(program(early, late));
        feedRest(c.feed("x", ramp()));
        c.run();
        float[] squares = c.floats("squares");
        float sum = c.scalar("sum");
        c.feed("rows", 0, 0, 0).feed("weights", 0f, 0f, 0f);
        for (int run = 0; run < 5; run++) { // on a device a program that goes on running is compiled anew
            assertTrue(c.run(Set.of("squares"), () -> {
                assertArrayEquals(squares, c.floats("squares"));
                feedRest(c);
                return true;
            }));
            assertEquals(sum, c.scalar("sum"));
            assertArrayEquals(squares, c.floats("squares"));
        }
        assertArrayEquals(new float[] {6}, early.toArray());
        assertArrayEquals(new float[] {6}, late.toArray());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void aPauseMayEndTheRun(Device device) {
        Variable late = counter("late");
        Compiled c = device.compile(program(counter("early"), late)).feed("x", ramp());
        assertFalse(c.run(Set.of("squares"), () -> false));
        assertArrayEquals(new float[] {0}, late.toArray());
        assertRefused("output sum: there is none", () -> c.scalar("sum"));
        feedRest(c);
        c.run();
        assertArrayEquals(new float[] {1}, late.toArray());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void inputsAreAskedForWhenTheyAreRead(Device device) {
        Compiled c = device.compile(program(counter("early"), counter("late")));
        assertRefused("input x was never fed", () -> c.run(Set.of("squares"), () -> true));
        c.feed("x", ramp());
        assertRefused(
                "input weights was never fed",
                () -> c.run(Set.of("squares"), () -> {
                    c.feed("rows", 1, 2, 3);
                    return true;
                }));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void aPauseIsForItsProgramAlone(Device device) {
        Compiled c = device.compile(program(counter("early"), counter("late")));
        Compiled other = device.compile(program(counter("early"), counter("late")));
        feedRest(c.feed("x", ramp()));
        assertTrue(c.run(Set.of("squares"), () -> {
            assertRefused("output sum: not there yet", () -> c.scalar("sum"));
            assertRefused("pauses; it cannot run meanwhile", c::run);
            assertRefused("in the middle of a program", () -> other.feed("x", ramp()));
            assertRefused("in the middle of a program", c::close);
            assertRefused(
                    "in the middle of a program", () -> device.compile(program(counter("early"), counter("late"))));
            return true;
        }));
        c.scalar("sum");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void anExceptionInAPauseEndsTheRun(Device device) {
        Compiled c = device.compile(program(counter("early"), counter("late")));
        feedRest(c.feed("x", ramp()));
        assertThrows(
                ArithmeticException.class,
                () -> c.run(Set.of("squares"), () -> {
                    throw new ArithmeticException("chosen");
                }));
        assertRefused("output squares: there is none", () -> c.floats("squares"));
        c.run();
        c.scalar("sum");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void anotherThreadWaitsForTheEndOfThePause(Device device) throws InterruptedException {
        Variable early = counter("early");
        Compiled c = device.compile(program(early, counter("late")));
        Compiled other = device.compile(program(early, counter("late")));
        feedRest(c.feed("x", ramp()));
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            started.countDown();
            feedRest(other.feed("x", ramp()));
            other.run();
        });
        assertTrue(c.run(Set.of("squares"), () -> {
            thread.start();
            try {
                started.await();
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return thread.isAlive();
        }));
        float sum = c.scalar("sum");
        thread.join();
        assertEquals(sum, c.scalar("sum"));
        assertArrayEquals(new float[] {2}, early.toArray());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("devices")
    void anOutputMustBeTheProgramsOwn(Device device) {
        Compiled c = device.compile(program(counter("early"), counter("late"))).feed("x", ramp());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> c.run(Set.of("cubes"), () -> true))
                .getMessage()
                .contains("has no output cubes; it has [squares, sum]"));
    }

    private static void assertRefused(String message, Runnable action) {
        String said = assertThrows(IllegalStateException.class, action::run).getMessage();
        assertTrue(said.contains(message), said);
    }
}
