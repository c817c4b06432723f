package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A training step with less memory than it would like.
class RecomputeTest {
    private final TrainingStep step = new TrainingStep();

    @Test
    void theLeastIsHalfForLittleWorkAndTheSameBits() {
        try (Device plain = Device.jvm(2);
                Device least = Device.jvm(2).memoryMode(MemoryMode.LEAST)) {
            Plan expected = plain.compile(step.program()).plan();
            Plan plan = least.compile(step.program()).plan();
            assertEquals(0, expected.repeated());
            assertTrue(plan.repeated() > 0.01 && plan.repeated() <= 0.1, "work done again: " + plan.repeated());
            assertTrue(
                    plan.activationBytes() <= 0.5 * expected.activationBytes(),
                    "least " + plan.activationBytes() + " bytes, as it is " + expected.activationBytes());
            assertArrayEquals(step.trained(plain), step.trained(least));
        }
    }

    /// As memory is no concern of small programs, and searching takes time.
    @Test
    void largeProgramsDoAgainWhatIsHardlyFelt() {
        Plan small = Recompute.plan(step.program().graph(), true, node -> 0, MemoryMode.AUTO, plan -> 0);
        assertEquals(0, small.repeated());
        Graph graph = new TrainingStep(100, 128).program().graph();
        Plan large = Recompute.plan(graph, true, node -> 0, MemoryMode.AUTO, plan -> 0);
        Plan asItIs = Planner.plan(graph, true, node -> 0);
        assertTrue(asItIs.activationBytes() > 256 << 20, "too small a program");
        assertTrue(large.repeated() > 0 && large.repeated() <= 0.002, "work done again: " + large.repeated());
        assertTrue(
                large.activationBytes() <= 0.985 * asItIs.activationBytes(),
                large.activationBytes() + " bytes, as it is " + asItIs.activationBytes());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, 0.8, 0.6, 0.5})
    void aStepThatDoesNotFitComputesAgainAsMuchAsItTakes(double share) {
        try (Device plain = Device.jvm(1)) {
            Plan roomy = plain.compile(step.program()).plan();
            MemoryUse use = plain.compile(step.program()).memory();
            long room = use.total() - (long) ((1 - share) * use.activations());
            try (Device tight = new Device(new JvmBackend(1, room))) {
                Compiled compiled = tight.compile(step.program());
                assertTrue(compiled.memory().total() <= room, "needs more than there is");
                assertTrue(compiled.plan().repeated() > 0);
                assertArrayEquals(step.trained(plain), step.trained(tight));
                assertEquals(
                        compiled.plan().activationBytes(),
                        plain.backend()
                                .plan(step.program().graph(), (long) (share * roomy.activationBytes()))
                                .activationBytes(),
                        "what is foretold for so much memory");
            }
        }
    }

    @Test
    void tighterBudgetsRepeatMoreWork() {
        try (Device device = Device.jvm(1)) {
            long all = device.backend().plan(step.program().graph()).activationBytes();
            double before = 0;
            for (double share : new double[] {0.9, 0.7, 0.5, 0.45}) {
                double repeated = device.backend()
                        .plan(step.program().graph(), (long) (share * all))
                        .repeated();
                assertTrue(repeated >= before, "within " + share + ": " + repeated + " after " + before);
                before = repeated;
            }
            assertTrue(before > 0);
        }
    }

    @Test
    void whatNoWorkCanSaveIsRefusedAsBefore() {
        try (Device plain = Device.jvm(1)) {
            MemoryUse use = plain.compile(step.program()).memory();
            try (Device tiny = new Device(new JvmBackend(1, use.total() - use.activations()))) {
                assertThrows(DeviceMemoryException.class, () -> tiny.compile(step.program()));
            }
        }
    }

    /// Without a backward pass nothing lies about that could be computed again.
    @Test
    void aForwardPassStaysAsItIs() {
        TrainingStep.Layer first = step.new Layer(3, 3, 8, 1);
        TrainingStep.Layer second = step.new Layer(3, 8, 8, 1);
        Program forward = Program.trace(
                "forward",
                (Trace p) -> p.output(
                        "y",
                        second.normalized(first.normalized(p.input("x", Shape.of(2, 8, 8, 3)))
                                        .relu())
                                .relu()));
        try (Device least = Device.jvm(1).memoryMode(MemoryMode.LEAST)) {
            assertEquals(0, least.compile(forward).plan().repeated());
        }
    }
}
