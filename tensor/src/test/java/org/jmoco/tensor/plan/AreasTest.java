package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.plan.Buffer.Activation;
import org.jmoco.tensor.plan.rewrite.Rewrites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the activations of programs lie that take more than 2³¹ floats.
class AreasTest {
    private static final long ARRAY = Integer.MAX_VALUE;

    /// What lies in a stretch of an area.
    private record Held(DType dtype, int area, long from, long to, Node value) {
        static Held of(Place place, long size, Node value) {
            Activation a = (Activation) place.buffer();
            long from = a.offset() + place.offset();
            return new Held(a.dtype(), a.area(), from, from + size, value);
        }

        boolean overlaps(Held other) {
            return dtype == other.dtype && area == other.area && from < other.to && other.from < to;
        }
    }

    private static Stream<Activation> buffers(Plan plan) {
        return plan.steps().stream()
                .flatMap(s -> Stream.concat(
                        s.in().stream(), s.scratch() == null ? Stream.of(s.out()) : Stream.of(s.out(), s.scratch())))
                .map(Place::buffer)
                .filter(Activation.class::isInstance)
                .map(Activation.class::cast);
    }

    private static Node root(Node n) {
        return n.op() instanceof Op.View ? root(n.input(0)) : n;
    }

    /// Goes through the steps with names in place of values: each must find what it reads where it was written.
    private static void requireValuesFound(Plan plan) {
        List<Held> memory = new ArrayList<>();
        for (Step s : plan.steps()) {
            if (s.scratch() != null) {
                write(memory, Held.of(s.scratch(), s.scratch().buffer().size(), null));
            }
            for (int i = 0; i < s.in().size(); i++) {
                if (s.in().get(i).buffer() instanceof Activation) {
                    Node read = s.node().input(i);
                    Held wanted = Held.of(s.in().get(i), read.shape().size(), root(read));
                    assertTrue(
                            memory.stream()
                                    .anyMatch(held -> held.value == wanted.value
                                            && held.overlaps(wanted)
                                            && held.from <= wanted.from
                                            && wanted.to <= held.to),
                            () -> s + " does not find operand " + wanted);
                }
            }
            if (s.out().buffer() instanceof Activation) {
                write(memory, Held.of(s.out(), s.node().shape().size(), s.node()));
            }
        }
    }

    private static void write(List<Held> memory, Held written) {
        assertTrue(written.from >= 0, written.toString());
        memory.removeIf(written::overlaps);
        memory.add(written);
    }

    @Test
    void offsetsInOnePieceGoBeyondWhatAnIntHolds() {
        Plan plan = Planner.plan(Rewrites.apply(LargeProgram.resnet18(1024).graph()), true, node -> 0);
        assertTrue(
                plan.activations().get(DType.F32) > 1L << 31, plan.activations().toString());
        assertTrue(buffers(plan).anyMatch(a -> a.offset() > 1L << 31));
        assertEquals(List.of(), plan.further());
        requireValuesFound(plan);
    }

    /// What the loss and the products read and write may not lie anywhere.
    @ParameterizedTest
    @ValueSource(longs = {ARRAY, 1 << 30})
    void furtherAreasHoldWhatMayLieAnywhereAndNothingCrossesABorder(long elements) {
        Plan plan = Planner.plan(
                Rewrites.apply(LargeProgram.resnet18(1024).graph()),
                true,
                node -> 1000,
                new Areas(
                        elements,
                        (node, operand) -> !node.op().name().startsWith("softmax")
                                && !node.op().name().startsWith("matMul")));
        assertTrue(plan.further().size() >= 2, plan.further().toString());
        assertTrue(buffers(plan).anyMatch(a -> a.area() == 2 && a.offset() > 1 << 29));
        for (Activation a : buffers(plan).toList()) {
            long end = a.area() == 0
                    ? plan.activations().get(DType.F32)
                    : plan.further().get(a.area() - 1);
            assertTrue(a.offset() + a.size() <= end && (a.area() == 0 || end <= elements), a.toString());
        }
        requireValuesFound(plan);
        for (Step s : plan.steps()) {
            if (s.node().op().name().matches("(softmax|matMul).*") && s.out().buffer() instanceof Activation a) {
                assertEquals(0, a.area(), s.toString());
            }
            assertFalse(s.scratch() != null && ((Activation) s.scratch().buffer()).area() > 0);
        }
        Plan one = Planner.plan(plan.graph(), true, node -> 1000);
        assertTrue(plan.activationBytes() < 1.15 * one.activationBytes(), "little is lost at the borders");
    }

    @Test
    void aValueLargerThanAnAreaStaysInTheFirst() {
        Plan plan = Planner.plan(
                Rewrites.apply(LargeProgram.resnet18(2).graph()),
                true,
                node -> 0,
                new Areas(1 << 20, (node, operand) -> true));
        assertTrue(plan.further().stream().allMatch(size -> size <= 1 << 20));
        assertTrue(buffers(plan).anyMatch(a -> a.area() == 0 && a.size() > 1 << 20));
        requireValuesFound(plan);
    }
}
