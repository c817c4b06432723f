package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.ProgramCheck;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.ops.shape.Copy;
import org.jmoco.tensor.ops.update.Pack;
import org.junit.jupiter.api.Test;

/// Whole programs with state: what reads and assignments mean, and what the plan makes of them. Expected numbers
/// are worked out by hand.
class ProgramsTest {
    private final Variable a = Variable.of("a", Shape.of(2), 1, 2);
    private final Variable b = Variable.of("b", Shape.of(2), 10, 20);

    /// Runs a program on every device, each time from the same state, and hands over what it left.
    private void onEveryDevice(Consumer<Trace> body, Consumer<Compiled> check) {
        Program program = Program.trace("program", body);
        for (Device device : TestDevices.variants()) {
            a.set(1, 2);
            b.set(10, 20);
            check.accept(device.compile(program).run());
        }
    }

    private static void assertValues(float[] actual, float... expected) {
        assertArrayEquals(expected, actual);
    }

    @Test
    void aReadGivesTheLastAssignedValueAndATensorReadEarlierKeepsItsOwn() {
        onEveryDevice(
                p -> {
                    Tensor before = a.read();
                    a.assign(before.add(1));
                    Tensor between = a.read();
                    a.assign(between.multiply(10));
                    p.output("before", before);
                    p.output("between", between);
                    p.output("after", a.read());
                    p.output("later", before.add(between).add(a.read()));
                },
                c -> {
                    assertValues(c.floats("before"), 1, 2);
                    assertValues(c.floats("between"), 2, 3);
                    assertValues(c.floats("after"), 20, 30);
                    assertValues(c.floats("later"), 23, 35);
                    assertValues(a.toArray(), 20, 30);
                    c.run();
                    assertValues(c.floats("before"), 20, 30);
                    assertValues(a.toArray(), 210, 310);
                });
    }

    @Test
    void variablesSwap() {
        onEveryDevice(
                p -> {
                    Tensor old = a.read();
                    a.assign(b.read());
                    b.assign(old);
                },
                c -> {
                    assertValues(a.toArray(), 10, 20);
                    assertValues(b.toArray(), 1, 2);
                });
    }

    @Test
    void variablesOfOneGroupSwap() {
        VariableGroup.join("both", List.of(a, b));
        variablesSwap();
    }

    @Test
    void valuesLyingInAnothersMemoryAreCopiedBeforeItIsWritten() {
        onEveryDevice(
                p -> {
                    Tensor doubled = a.read().multiply(2); // over a's memory
                    a.assign(doubled.relu());
                    b.assign(doubled);
                    a.assign(a.read().add(1)); // not over it: b still waits for the value
                },
                c -> {
                    assertValues(a.toArray(), 3, 5);
                    assertValues(b.toArray(), 2, 4);
                });
    }

    @Test
    void inputsConstantsAndOtherVariablesAreAssigned() {
        Variable c = Variable.zeros("c", Shape.of(2));
        Program program = Program.trace("program", p -> {
            Tensor x = p.input("x", Shape.of(2));
            a.assign(x);
            b.assign(Tensor.of(5, 6));
            c.assign(a.read());
            p.output("x", x);
            p.output("constant", b.read());
        });
        for (Device device : TestDevices.variants()) {
            Compiled compiled = device.compile(program).feed("x", 7f, 8).run();
            assertValues(a.toArray(), 7, 8);
            assertValues(b.toArray(), 5, 6);
            assertValues(c.toArray(), 7, 8);
            assertValues(compiled.floats("x"), 7, 8);
            assertValues(compiled.floats("constant"), 5, 6);
        }
    }

    @Test
    void outputsMayAliasOneAnotherAndVariables() {
        onEveryDevice(
                p -> {
                    Tensor sum = a.read().add(b.read());
                    a.assign(sum);
                    p.output("sum", sum);
                    p.output("same", sum);
                    p.output("second", sum.slice(0, 1, 1));
                    p.output("b", b.read());
                },
                c -> {
                    assertValues(c.floats("sum"), 11, 22);
                    assertValues(c.floats("same"), 11, 22);
                    assertValues(c.floats("second"), 22);
                    assertValues(c.floats("b"), 10, 20);
                    a.set(0, 0);
                    assertValues(c.floats("sum"), 11, 22);
                });
    }

    @Test
    void theQueueIsReadAsItWasBeforeThePush() {
        Variable queue = Variable.of("queue", Shape.of(4, 2), 0, 1, 2, 3, 4, 5, 6, 7);
        Variable position = Variable.zeros("position", Shape.of(1), DType.I32);
        Program program = Program.trace("push", p -> {
            Tensor keys = p.input("keys", Shape.of(2, 2));
            p.output("old", queue.read().sum());
            queue.assign(queue.read().writeSlice(keys, position.read()));
            position.assign(position.read().addModulo(2, 4));
            p.output("new", queue.read().sum());
        });
        Map<String, double[]> keys = Map.of("keys", new double[] {10, 20, 30, 40});
        new ProgramCheck(program, List.of(queue, position), 0).fed(run -> keys).runs(5);
        Compiled compiled = TestDevices.all()
                .getFirst()
                .compile(program)
                .feed("keys", 10f, 20, 30, 40)
                .run();
        assertValues(queue.toArray(), 10, 20, 30, 40, 4, 5, 6, 7);
        assertEquals(28, compiled.scalar("old"));
        assertEquals(122, compiled.scalar("new"));
        assertEquals(122, compiled.feed("keys", -1f, -2, -3, -4).run().scalar("old"));
        assertValues(queue.toArray(), 10, 20, 30, 40, -1, -2, -3, -4);
        compiled.run();
        assertValues(queue.toArray(), -1, -2, -3, -4, -1, -2, -3, -4);
        assertEquals(0, copies(compiled.plan()), "the keys are written right into the queue");
    }

    @Test
    void aQueueReadAfterThePushKeepsItsOldValueAtThePriceOfACopy() {
        Variable queue = Variable.of("queue", Shape.of(3), 1, 2, 3);
        Program program = Program.trace("late", p -> {
            Tensor old = queue.read();
            queue.assign(old.writeSlice(p.input("keys", Shape.of(1)), Tensor.of(Shape.scalar(), 1)));
            p.output("old", old.sum());
        });
        new ProgramCheck(program, List.of(queue), 0)
                .fed(run -> Map.of("keys", new double[] {10 * run}))
                .runs(3);
        Compiled compiled = TestDevices.all().getFirst().compile(program);
        assertEquals(6, compiled.feed("keys", 7f).run().scalar("old"));
        assertValues(queue.toArray(), 1, 7, 3);
        assertEquals(1, copies(compiled.plan()));
    }

    @Test
    void aTrainingStepUpdatesItsStateInPlace() {
        Variable weights = Variable.of("weights", Shape.of(3, 2), 1, -1, 0.5f, 2, -0.5f, 1);
        Variable bias = Variable.of("bias", Shape.of(2), 0.1f, -0.1f);
        List<Variable> parameters = List.of(weights, bias);
        List<Variable> all = new ArrayList<>(parameters);
        parameters.forEach(v -> all.add(Variable.zeros(v.name() + ".momentum", v.shape())));
        VariableGroup state = VariableGroup.join("state", all);
        Variable average = Variable.zeros("average", Shape.of(state.size() / 2));
        all.add(average);
        Program program = Program.trace("step", p -> {
            Tensor x = p.input("x", Shape.of(4, 3));
            Tensor loss =
                    x.matmul(weights.read()).add(bias.read()).relu().square().mean();
            Tensor gradients = Pack.like(parameters, Gradients.of(loss, parameters), state.size() / 2);
            state.assign(state.read().sgdUpdate(gradients, p.scalar("learningRate"), 0.9f, 1e-4f, false));
            average.assign(average.read().movingAverage(state.read().slice(0, 0, state.size() / 2), 0.99));
            p.output("loss", loss);
        });
        double[] x = {1, 2, 3, -1, 0.5, 2, 0.25, -2, 1, 1, 1, -3};
        new ProgramCheck(program, all, 1e-6)
                .fed(run -> Map.of("x", x, "learningRate", new double[] {0.1f / (run + 1)}))
                .runs(4);
        Plan plan = TestDevices.all().getFirst().compile(program).plan();
        assertEquals(0, copies(plan), "nothing is copied");
        assertEquals(
                2,
                plan.steps().stream()
                        .filter(s -> s.out().buffer() instanceof Buffer.State && s.inPlace())
                        .count(),
                "both updates write over their state");
    }

    private static long copies(Plan plan) {
        return plan.steps().stream().filter(s -> s.node().op() instanceof Copy).count();
    }

    @Test
    void memoryIsUsedAgain() {
        int rows = 37;
        int values = 40;
        Program program = Program.trace("chain", p -> {
            Tensor x = p.input("x", Shape.of(rows, rows));
            for (int i = 0; i < values; i++) {
                x = x.transpose();
            }
            p.output("x", x.sum());
        });
        long one = (rows * rows + 15) / 16 * 16;
        Plan plan = TestDevices.all().getFirst().compile(program).plan();
        assertTrue(
                plan.activations().get(DType.F32) <= 2 * one + 64,
                values + " values of " + one + " elements, two alive at once, take " + plan.activations());
    }

    @Test
    void programsShareTheirMemoryWithoutDisturbingEachOther() {
        Program small = Program.trace(
                "small",
                p -> p.output("y", p.input("x", Shape.of(3)).relu().add(1).multiply(2)));
        Program large = Program.trace(
                "large",
                p -> p.output(
                        "y",
                        p.input("x", Shape.of(5_000)).relu().add(1).multiply(2).sum()));
        for (Device device : TestDevices.variants()) {
            Compiled first = device.compile(small).feed("x", -1f, 0, 1).run();
            device.compile(large).feed("x", new float[5_000]).run(); // the arena grows and moves
            assertValues(first.floats("y"), 2, 2, 4);
            assertValues(first.feed("x", 1f, 2, 3).run().floats("y"), 4, 6, 8);
        }
    }

    /// As if another device had trained in between.
    @Test
    void whatLiesElsewhereIsFetchedForEveryRun() {
        Program program = Program.trace("read", p -> p.output("y", a.read().add(1)));
        Compiled compiled = TestDevices.all().getFirst().compile(program).run();
        assertValues(compiled.floats("y"), 2, 3);
        MemorySegment memory = a.host();
        a.group().residesIn(group -> MemorySegment.copy(new float[] {5, 6}, 0, memory, ValueLayout.JAVA_FLOAT, 0, 2));
        assertValues(compiled.run().floats("y"), 6, 7);
    }
}
