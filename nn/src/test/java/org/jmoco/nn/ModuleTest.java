package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static class Base extends Layer {
        final Variable first = Variable.zeros("first", Shape.of(2));

        @Override
        protected Tensor compute(Tensor x, Mode mode) {
            return x;
        }
    }

    private static final class Derived extends Base {
        static final Variable NOT_A_MEMBER = Variable.zeros("static", Shape.of(1));

        @Buffer
        final Variable queuePtr = Variable.zeros("queuePtr", Shape.of(1));

        final List<Layer> layers = List.of(new Linear(2, 3), new Relu(), new Linear(3, 1));
        final List<String> notes = List.of("not a member");
        final Module absent = null;
        final Linear shared = (Linear) layers.getFirst();
        final Sequential fc = new Sequential(new Linear(1, 4), new Relu(), new Linear(4, 1));

        @Buffer
        final List<Variable> sums = List.of(Variable.zeros("a", Shape.of(1)), Variable.zeros("b", Shape.of(1)));
    }

    @Test
    void namesFollowTheFieldsOfSuperclassesFirst() {
        Derived m = new Derived();
        assertEquals(
                List.of(
                        "first",
                        "queue_ptr",
                        "layers.0.weight",
                        "layers.0.bias",
                        "layers.2.weight",
                        "layers.2.bias",
                        "shared.weight",
                        "shared.bias",
                        "fc.0.weight",
                        "fc.0.bias",
                        "fc.2.weight",
                        "fc.2.bias",
                        "sums.0",
                        "sums.1"),
                List.copyOf(m.named().keySet()));
        assertEquals(
                List.of("queue_ptr", "sums.0", "sums.1"),
                List.copyOf(m.namedBuffers().keySet()));
        assertEquals(
                List.of("", "layers.0", "layers.1", "layers.2", "shared", "fc", "fc.0", "fc.1", "fc.2"),
                List.copyOf(m.modules().keySet()));
    }

    @Test
    void aSharedParameterIsTrainedOnce() {
        Derived m = new Derived();
        assertEquals(9, m.parameters().size());
        assertEquals(11, m.namedParameters().size());
        assertEquals(2 + (6 + 3) + (3 + 1) + (4 + 4) + (4 + 1), m.parameterCount());
    }

    @Test
    void initializingTellsVariablesTheirNames() {
        Sequential net = new Sequential(new Linear(2, 2), new Linear(2, 2));
        net.initialize(1);
        assertEquals("1.bias", net.named().get("1.bias").name());
    }

    @Test
    void initialValuesDependOnSeedAndNameNotOnTheRestOfTheNetwork() {
        Sequential small = new Sequential(new Linear(5, 4));
        Sequential large = new Sequential(new Linear(5, 4), new Linear(4, 4));
        small.initialize(7);
        large.initialize(7);
        assertArrayEquals(
                small.named().get("0.weight").toArray(),
                large.named().get("0.weight").toArray());
        small.initialize(8);
        assertTrue(
                small.named().get("0.weight").toArray()[0]
                        != large.named().get("0.weight").toArray()[0],
                "another seed, other values");
    }

    @Test
    void copyParametersCopiesParametersOnly() {
        BatchNorm2d from = new BatchNorm2d(2);
        from.initialize(1);
        from.named().values().forEach(v -> v.set(3, 4));
        BatchNorm2d to = new BatchNorm2d(2);
        to.initialize(1);
        to.copyParameters(from);
        assertArrayEquals(new float[] {3, 4}, to.named().get("weight").toArray());
        assertArrayEquals(new float[] {3, 4}, to.named().get("bias").toArray());
        assertArrayEquals(new float[] {0, 0}, to.named().get("running_mean").toArray());
        assertArrayEquals(new float[] {1, 1}, to.named().get("running_var").toArray());
        var e = assertThrows(IllegalArgumentException.class, () -> to.copyParameters(new Relu()));
        assertEquals(
                "copyParameters: this module has the parameters [weight, bias], the other one has []", e.getMessage());
    }
}
