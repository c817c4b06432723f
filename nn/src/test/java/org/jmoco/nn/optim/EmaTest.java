package org.jmoco.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Sequential;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.junit.jupiter.api.Test;

class EmaTest {
    @Test
    void followsParametersThatAnOptimiserMoves() {
        Variable a = Variable.of("a", Shape.of(2), 1, 2);
        Variable b = Variable.of("b", Shape.of(3), 3, 4, 5);
        Variable keyA = Variable.of("keyA", Shape.of(2), 10, 20);
        Variable keyB = Variable.of("keyB", Shape.of(3), 30, 40, 50);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 0), List.of(a, b));
        Ema ema = new Ema(List.of(keyA, keyB), List.of(a, b));
        Program step = Program.trace("step", p -> {
            ema.update(0.75); // of the parameters as they were
            sgd.update(List.of(Tensor.ones(a.shape()), Tensor.ones(b.shape())), Tensor.scalar(1));
        });
        Device.current().compile(step).run();
        assertArrayEquals(new float[] {7.75f, 15.5f}, keyA.toArray());
        assertArrayEquals(new float[] {23.25f, 31, 38.75f}, keyB.toArray());
        assertArrayEquals(new float[] {2, 3, 4}, b.toArray());
        Device.current().compile(step).run();
        assertArrayEquals(new float[] {0.75f * 7.75f + 0.25f * 0, 0.75f * 15.5f + 0.25f * 1}, keyA.toArray());
    }

    @Test
    void severalGroupsAndVariablesThatLieAlone() {
        Variable a = Variable.of("a", Shape.of(2), 1, 2);
        Variable b = Variable.of("b", Shape.of(1), 3);
        Variable alone = Variable.of("alone", Shape.of(3), 4, 5, 6);
        List<Variable> keys = List.of(
                Variable.zeros("0", Shape.of(3)), Variable.zeros("1", Shape.of(1)), Variable.zeros("2", Shape.of(2)));
        Sgd.Options plain = new Sgd.Options(0, 0);
        Sgd sgd = new Sgd(
                List.of(new Sgd.Group("one", List.of(a), plain, 1), new Sgd.Group("two", List.of(b), plain, 1)));
        assertEquals(List.of(a, b), sgd.parameters());
        Ema ema = new Ema(keys, List.of(alone, b, a));
        Device.current().compile(Program.trace("step", p -> ema.update(0.5))).run();
        assertArrayEquals(new float[] {2, 2.5f, 3}, keys.get(0).toArray());
        assertArrayEquals(new float[] {1.5f}, keys.get(1).toArray());
        assertArrayEquals(new float[] {0.5f, 1}, keys.get(2).toArray());
    }

    @Test
    void momentumOneLeavesAKeyEncoderAsItIs() {
        Sequential query = new Sequential(new Linear(3, 4), new Linear(4, 2));
        Sequential key = new Sequential(new Linear(3, 4), new Linear(4, 2));
        query.initialize(1);
        key.initialize(2);
        Ema ema = new Ema(key.parameters(), query.parameters());
        float[] before = key.parameters().getFirst().toArray();
        Device.current().compile(Program.trace("keep", p -> ema.update(1))).run();
        assertArrayEquals(before, key.parameters().getFirst().toArray());
        Device.current().compile(Program.trace("copy", p -> ema.update(0))).run();
        Tensor x = Tensor.of(Shape.of(1, 3), 1f, 2, 3);
        assertArrayEquals(
                query.forward(x, Mode.EVALUATE).toArray(),
                key.forward(x, Mode.EVALUATE).toArray());
    }

    @Test
    void whatDoesNotMatchIsRefused() {
        Variable a = Variable.zeros("a", Shape.of(2));
        Variable b = Variable.zeros("b", Shape.of(3));
        new Sgd(new Sgd.Options(0, 0), List.of(a, b));
        var shapes = assertThrows(
                IllegalArgumentException.class, () -> new Ema(List.of(Variable.zeros("k", Shape.of(4))), List.of(a)));
        assertEquals("moving average: k[4] cannot follow a[2]", shapes.getMessage());
        var order = assertThrows(
                IllegalStateException.class,
                () -> new Ema(
                        List.of(Variable.zeros("k", Shape.of(3)), Variable.zeros("l", Shape.of(2))), List.of(b, a)));
        assertEquals(
                "moving average: a is out of order; name the parameters as the optimiser has them", order.getMessage());
    }
}
