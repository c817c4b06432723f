package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmoco.tensor.backend.OwnedMemory;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Memory is held as long as something may use it, and no longer.
class LifetimesTest {
    private static final Path RESIDENT = Path.of("/proc/self/statm");
    private static final int PAGE = 4_096;

    /// `y = (x·2 + 1)²` through three values between, of n floats each.
    private static Program program(int n) {
        return Program.trace("square", p -> {
            Tensor x = p.input("x", Shape.of(n));
            p.output("y", x.multiply(2).add(1).square().sum());
        });
    }

    /// Less where the garbage of other tests has gone in between.
    private static void assertHeldAtMost(long bytes) {
        assertTrue(OwnedMemory.held() <= bytes, OwnedMemory.held() + " bytes held, expected " + bytes);
    }

    private static void assertRefused(String message, Runnable... uses) {
        for (Runnable use : uses) {
            assertEquals(
                    message, assertThrows(IllegalStateException.class, use::run).getMessage());
        }
    }

    @Test
    void aClosedProgramGivesItsMemoryBackAndSaysThatItIsClosed() {
        try (Device device = Device.jvm(1)) {
            long before = OwnedMemory.held();
            Program program = program(1 << 20);
            Compiled compiled = device.compile(program);
            assertSame(compiled, device.compile(program));
            compiled.feed("x", new float[1 << 20]).run();
            assertEquals(1 << 20, compiled.scalar("y"));
            MemorySegment input = compiled.input("x");
            compiled.close();
            assertHeldAtMost(before);
            assertThrows(IllegalStateException.class, () -> input.get(ValueLayout.JAVA_FLOAT, 0));
            assertRefused(
                    "program square was closed; compile it again",
                    () -> compiled.feed("x", new float[1 << 20]),
                    () -> compiled.input("x"),
                    compiled::run,
                    () -> compiled.scalar("y"),
                    () -> compiled.output("y"));
            compiled.close();
            Compiled again = device.compile(program);
            assertNotSame(compiled, again);
            assertEquals(1 << 20, again.feed("x", new float[1 << 20]).run().scalar("y"));
        }
    }

    @Test
    void theOthersGoOnInASmallerArena() {
        try (Device device = Device.jvm(2)) {
            Compiled small = device.compile(program(100)).feed("x", new float[100]);
            long held = OwnedMemory.held();
            for (int i = 0; i < 3; i++) {
                try (Compiled large = device.compile(program(1 << 18))) {
                    assertEquals(
                            1 << 18, large.feed("x", new float[1 << 18]).run().scalar("y"));
                    assertEquals(100, small.run().scalar("y"));
                }
                assertEquals(100, small.run().scalar("y"));
                assertHeldAtMost(held);
            }
        }
    }

    @Test
    void aClosedDeviceSaysSo() {
        Variable v = Variable.of("v", Shape.of(2), 1, 2);
        Device device = Device.jvm(1);
        Compiled compiled = device.compile(Program.trace("step", p -> {
            v.assign(v.read().multiply(p.scalar("x")));
            p.output("y", v.read());
        }));
        compiled.feed("x", 3f).run();
        device.close();
        assertRefused(
                device + " was closed; open a device and compile the program there",
                () -> compiled.feed("x", 1f),
                compiled::run,
                () -> compiled.floats("y"),
                () -> device.compile(program(2)),
                () -> device.evaluate(Tensor.of(1, 2).add(1), m -> m));
        compiled.close();
        device.close();
        assertArrayEquals(new float[] {3, 6}, v.toArray());
    }

    @Test
    void aClosedVariableSaysSo() {
        long before = OwnedMemory.held();
        Variable v = Variable.of("v", Shape.of(1 << 10), new float[1 << 10]);
        try (Device device = Device.jvm(1)) {
            Compiled step =
                    device.compile(Program.trace("step", p -> v.assign(v.read().add(1))));
            step.run();
            assertEquals(1, v.toArray()[7]);
            v.group().close();
            v.group().close();
            assertRefused("variable group v was closed; its values are gone", v::toArray, step::run, v::host);
        }
        assertHeldAtMost(before);
    }

    @Test
    void whatIsUsedStays() {
        try (Device device = new Device(new JvmBackend(1), new EagerPrograms(3, 1 << 20))) {
            long before = OwnedMemory.held();
            for (int n = 1; n < 50; n++) {
                assertEquals(3 * n, sum(device, n));
                assertEquals(3 * 100, sum(device, 100));
            }
            assertTrue(OwnedMemory.held() - before < 4 * 4 * (100 + 2 * 50));
            sum(device, 1 << 20); // too much by itself
            assertTrue(OwnedMemory.held() - before < 1 << 20, (OwnedMemory.held() - before) + " bytes");
        }
    }

    private static float sum(Device device, int n) {
        float[] y = device.evaluate(Tensor.ones(Shape.of(n)).multiply(3).sum(), m -> m.toArray(ValueLayout.JAVA_FLOAT));
        return y[0];
    }

    /// Of 1,000 structures each holds its operands: 4 GiB if they stayed.
    @Test
    void aThousandComputationsAndTwentyProgramsLeaveMemoryFlat() throws IOException {
        Tensor constant = Tensor.ones(Shape.of(1 << 20));
        long budget = 32L << 20;
        try (Device device = new Device(new JvmBackend(2), new EagerPrograms(100, budget))) {
            round(device, constant, 0, 100);
            System.gc();
            long held = OwnedMemory.held();
            long resident = resident();
            round(device, constant, 100, 1_100);
            for (int i = 1; i <= 20; i++) {
                int n = i << 16;
                try (Compiled compiled = device.compile(program(n))) {
                    assertEquals(n, compiled.feed("x", new float[n]).run().scalar("y"));
                }
            }
            System.gc();
            assertTrue(OwnedMemory.held() < held + budget, OwnedMemory.held() + " bytes after " + held);
            Assumptions.assumeTrue(Files.exists(RESIDENT));
            assertTrue(resident() < resident + (256L << 20), resident() + " bytes resident after " + resident);
        }
    }

    private static void round(Device device, Tensor constant, int from, int to) {
        for (int i = from; i < to; i++) {
            Tensor y = switch (i % 4) {
                case 0 -> constant.slice(0, i, i + 1);
                case 1 -> constant.slice(0, 0, 1 + i).multiply(constant.slice(0, i, i + 1));
                case 2 -> {
                    Tensor chain = constant.slice(0, 0, 1 + i % 16);
                    for (int k = 0; k < i / 8; k++) {
                        chain = chain.multiply(1);
                    }
                    yield chain;
                }
                default -> Tensor.ones(Shape.of(i + 1, 3)).max(1);
            };
            for (float element : device.evaluate(y, m -> m.toArray(ValueLayout.JAVA_FLOAT))) {
                assertEquals(1, element);
            }
        }
    }

    private static long resident() throws IOException {
        return PAGE * Long.parseLong(Files.readString(RESIDENT).split(" ")[1]);
    }
}
