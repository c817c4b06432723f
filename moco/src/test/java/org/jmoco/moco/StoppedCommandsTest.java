package org.jmoco.moco;

import static org.jmoco.moco.SmallBenchmarks.assertSame;
import static org.jmoco.moco.SmallBenchmarks.metrics;
import static org.jmoco.moco.SmallBenchmarks.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.train.Interrupts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Benchmarks that are sent SIGTERM at three random moments, and resumed each time, end with the bytes of those to
/// which nothing happened. The signals are real ones, which this process sends to itself.
@DisabledOnOs(OS.WINDOWS)
class StoppedCommandsTest {
    private static final Signal TERM = new Signal("TERM");
    private static final Signal WINCH = new Signal("WINCH");
    private static final int STOPS = 3;
    private static final int TRIES = 6;
    private static SignalHandler before;

    @TempDir
    private Path temp;

    private Path data;

    /// A signal that comes before a command listens, or after it has ended, does nothing.
    @BeforeAll
    static void survive() {
        before = Signal.handle(TERM, signal -> {});
    }

    @AfterAll
    static void asBefore() {
        Signal.handle(TERM, before);
    }

    @BeforeEach
    void images() throws IOException {
        data = Miniatures.idx(temp.resolve("idx"), 40);
    }

    @Test
    void linear() throws Exception {
        Path stopped = stopped(SmallBenchmarks.linear(data), 1);
        assertSame(unbroken(), stopped, "heads.safetensors");
        assertEquals(metrics(unbroken().resolve("metrics.jsonl")), metrics(stopped.resolve("metrics.jsonl")));
    }

    @Test
    void semi() throws Exception {
        Path stopped = stopped(SmallBenchmarks.semi(data), 2);
        String cell = "cells/resnet18_head10_b64-steplr1e-2-20e_cifar10-10pct";
        assertSame(unbroken(), stopped, "cells/best.safetensors", cell + ".safetensors");
        assertEquals(
                metrics(unbroken().resolve(cell + "/metrics.jsonl")),
                metrics(stopped.resolve(cell + "/metrics.jsonl")));
    }

    @Test
    void evaluate() throws Exception {
        Path stopped = stopped(SmallBenchmarks.evaluate(data), 3);
        assertSame(unbroken(), stopped, "measured.tsv");
        assertFalse(Files.exists(stopped.resolve("unfinished")));
    }

    private Path unbroken() {
        return temp.resolve("unbroken");
    }

    /// The folder of a run that was stopped and resumed. A run that came to its end before all signals is none: another
    /// one begins, with signals that come earlier.
    private Path stopped(List<Object> command, long seed) throws Exception {
        long start = System.nanoTime();
        Result unbroken = Miniatures.run(with(command, "--out", unbroken()));
        long nanos = System.nanoTime() - start;
        assertEquals(0, unbroken.code(), unbroken.err().toString());
        SplittableRandom random = new SplittableRandom(seed);
        for (int t = 0; t < TRIES; t++, nanos /= 2) {
            Path out = temp.resolve("stopped" + t);
            int stops = 0;
            while (stops < STOPS && stop(with(command, "--resume", "--out", out), random.nextLong(nanos / 3))) {
                assertFalse(Files.exists(out.resolve(ResultFolder.RESULT)), "a run that was stopped is not at its end");
                stops++;
            }
            if (stops == STOPS) {
                Result resumed = Miniatures.run(with(command, "--resume", "--out", out));
                assertEquals(0, resumed.code(), resumed.err().toString());
                return out;
            }
        }
        throw new AssertionError("it came to its end before " + STOPS + " signals, " + TRIES + " times");
    }

    /// Runs a command and sends the signal after a while.
    ///
    /// @return whether that stopped it before its end
    private static boolean stop(Object[] command, long afterNanos) throws InterruptedException {
        boolean[] ended = {false};
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(afterNanos);
                // The first one that is heard stops the command; it may not listen yet.
                while (!isSet(ended)) {
                    Signal.raise(TERM);
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Result result = Miniatures.run(command);
        set(ended);
        sender.interrupt();
        sender.join();
        awaitDelivery();
        if (result.code() == 0) {
            return false;
        }
        assertEquals(Interrupts.EXIT_CODE, result.code(), result.err().toString());
        assertTrue(
                result.err().getLast().matches("stopped.*(saved|kept); go on with --resume"),
                result.err().toString());
        return true;
    }

    /// Waits until all signals so far have been delivered, or the next command would get them. The JVM delivers those
    /// with the smaller number first.
    private static void awaitDelivery() throws InterruptedException {
        CountDownLatch delivered = new CountDownLatch(1);
        SignalHandler others = Signal.handle(WINCH, signal -> delivered.countDown());
        Signal.raise(WINCH);
        assertTrue(delivered.await(1, TimeUnit.MINUTES), "signals are not delivered");
        Signal.handle(WINCH, others);
    }

    private static synchronized boolean isSet(boolean[] flag) {
        return flag[0];
    }

    private static synchronized void set(boolean[] flag) {
        flag[0] = true;
    }
}
