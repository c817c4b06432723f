package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Variable;
import org.junit.jupiter.api.Test;

/// What is foretold is held against a real process by `bench/run plan-memory`.
class MemoryUseTest {
    @Test
    void everyKindOfMemoryIsCounted() {
        Variable w = Variable.zeros("w", Shape.of(64, 32));
        Program program = Program.trace(
                "product",
                p -> p.output("y", p.input("x", Shape.of(16, 64)).relu().matmul(w.read())));
        try (Device device = Device.jvm(2)) {
            MemoryUse use = device.compile(program).memory();
            assertEquals(64 * 32 * 4, use.state());
            assertEquals(16 * 64 * 4 + 16 * 32 * 4, use.inputsOutputs());
            assertEquals(16 * 64 * 4, use.activations());
            assertTrue(use.workspace() >= 64 * 32 * 4, "the packed operand is missing");
            assertTrue(use.runtime() > 0);
            assertEquals(
                    use.state() + use.activations() + use.inputsOutputs() + use.workspace() + use.runtime(),
                    use.total());
        }
    }

    @Test
    void aClosedDeviceHasGivenItsMemoryBack() {
        Program program = Program.trace(
                "exponential",
                p -> p.output("y", p.input("x", Shape.of(8)).exp().sum(0)));
        Device device = Device.jvm(1);
        Compiled compiled = device.compile(program).feed("x", new float[8]).run();
        MemorySegment output = compiled.output("y");
        assertEquals(8, output.get(ValueLayout.JAVA_FLOAT, 0));
        device.close();
        assertThrows(IllegalStateException.class, () -> output.get(ValueLayout.JAVA_FLOAT, 0));
        assertThrows(IllegalStateException.class, compiled::run);
    }

    @Test
    void aLargerProgramTakesTheArenaOver() {
        try (Device device = Device.jvm(1)) {
            Compiled small = device.compile(doubled(4)).feed("x", 1f, 2f, 3f, 4f);
            assertEquals(20, small.run().scalar("y"));
            Compiled large = device.compile(doubled(4096)).feed("x", new float[4096]);
            assertEquals(0, large.run().scalar("y"));
            assertEquals(20, small.run().scalar("y"));
        }
    }

    private static Program doubled(int n) {
        return Program.trace(
                "doubled",
                p -> p.output("y", p.input("x", Shape.of(n)).multiply(2f).sum(0)));
    }
}
