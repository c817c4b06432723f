package org.jmoco.tensor.ops.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.plan.MemoryMode;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Recompute;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class AcrossRanksTest extends OpTest {
    private static final float EPSILON = 1e-5f;
    private static final OpCase.Bound SUMS = new OpCase.Bound(3e-6, 0);

    @Override
    protected List<OpCase> cases() {
        return List.of(
                synchronised("two ranks", 2, Shape.of(4, 5, 4, 7)),
                synchronised("one rank", 1, Shape.of(3, 5, 3, 9)),
                synchronised("ranks of one small sample", 4, Shape.of(4, 3, 2, 33)),
                synchronised("large samples", 2, Shape.of(2, 50, 50, 16)));
    }

    private static OpCase synchronised(String name, int ranks, Shape x) {
        Shape c = Shape.of(x.dim(-1));
        BatchGroups groups = BatchGroups.contiguous(ranks);
        return OpCase.of(
                        "synchronised batch norm: " + name,
                        in -> in[0].batchNorm(in[1], in[2], groups, EPSILON, RankExchange.HERE)
                                .y(),
                        x,
                        c,
                        c)
                .within(SUMS);
    }

    /// Values, statistics and all gradients are those of batch norm over the whole batch.
    @Test
    void ranksTogetherAreTheWholeBatch() {
        Shape shape = Shape.of(6, 5, 4, 11);
        Tensor x = Tensor.of(shape, values(Math.toIntExact(shape.size()), 1));
        Tensor gamma = Tensor.of(values(11, 2));
        Tensor beta = Tensor.of(values(11, 3));
        Tensor weights = Tensor.of(shape, values(Math.toIntExact(shape.size()), 4));
        BatchNormalized whole = x.batchNorm(gamma, beta, BatchGroups.WHOLE, EPSILON);
        BatchNormalized ranks = x.batchNorm(gamma, beta, BatchGroups.contiguous(3), EPSILON, RankExchange.HERE);
        assertArrayEquals(whole.y().toArray(), ranks.y().toArray(), 1e-5f);
        for (int rank = 0; rank < 3; rank++) {
            assertArrayEquals(
                    whole.mean().toArray(), ranks.mean().slice(0, rank, 1).toArray(), 1e-6f);
            assertArrayEquals(
                    whole.variance().toArray(),
                    ranks.variance().slice(0, rank, 1).toArray(),
                    1e-6f);
        }
        List<Tensor> expected = Gradients.of(whole.y().multiply(weights).sum(), x, gamma, beta);
        List<Tensor> found = Gradients.of(ranks.y().multiply(weights).sum(), x, gamma, beta);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).toArray(), found.get(i).toArray(), 2e-5f);
        }
    }

    /// The others wait for it once: it is never among what is done again to need less memory.
    @Test
    void nobodyIsCalledTwice() {
        Program program = Program.trace("deep", p -> {
            Tensor x = p.input("x", Shape.of(4, 16, 16, 8));
            Tensor y = x;
            for (int layer = 0; layer < 12; layer++) {
                y = y.batchNorm(
                                Tensor.ones(Shape.of(8)),
                                Tensor.zeros(Shape.of(8)),
                                BatchGroups.contiguous(2),
                                EPSILON,
                                RankExchange.HERE)
                        .y()
                        .relu()
                        .add(x);
            }
            p.output("dx", Gradients.of(y.sum(), x).getFirst());
        });
        Plan plain = Recompute.plan(program.graph(), true, node -> 0, MemoryMode.AUTO, plan -> 0);
        Plan least = Recompute.plan(program.graph(), true, node -> 0, MemoryMode.AUTO, plan -> plan.activationBytes());
        assertEquals(24, meetings(plain));
        assertEquals(24, meetings(least));
        assertEquals(true, least.repeated() > 0, "nothing is done again");
    }

    private static long meetings(Plan plan) {
        return plan.steps().stream()
                .filter(step -> step.node().op() instanceof AcrossRanks)
                .count();
    }

    @Test
    void whatIsNoPairOfRowsIsNamed() {
        ShapeException e = assertThrows(
                ShapeException.class,
                () -> new AcrossRanks(AcrossRanks.Kind.SUMS, RankExchange.HERE).on(Tensor.zeros(Shape.of(3, 2, 4))));
        assertEquals("acrossRanks: expected two rows a rank, [2, k, c], got [3, 2, 4]", e.getMessage());
    }

    private static float[] values(int n, int seed) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }
}
