package org.jmoco.nn.losses;

import static org.jmoco.nn.Close.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Against float64 loops, and the gradient also in closed form: `dL/dqᵢ = (Σⱼ softmaxᵢⱼ·vⱼ − kᵢ) / (n·T)`, v
/// being the own key and the queue.
class InfoNceTest {
    private static final int N = 6;
    private static final int D = 9;
    private static final int K = 21;
    private static final float TEMPERATURE = 0.07f;

    private final float[] q = unitRows(N, 1);
    private final float[] k = unitRows(N, 2);
    private final float[] queue = unitRows(K, 3);

    @Test
    void lossLogitsAccuracyAndGradients() {
        Compiled program = Device.current().compile(Program.trace("infoNce", p -> {
            Tensor queries = p.input("q", Shape.of(N, D));
            Tensor keys = p.input("k", Shape.of(N, D));
            Tensor bank = p.input("queue", Shape.of(K, D));
            InfoNce c = InfoNce.of(queries, keys, bank, TEMPERATURE);
            p.output("loss", c.loss());
            p.output("logits", c.logits());
            p.output("top1", c.accuracy(1));
            p.output("top5", c.accuracy(5));
            List<Tensor> gradients = Gradients.of(c.loss(), queries, keys, bank);
            p.output("dq", gradients.get(0));
            p.output("dk", gradients.get(1));
            p.output("dqueue", gradients.get(2));
        }));
        for (int i = 0; i < D; i++) { // the first two queries are near their keys, the others are not
            k[i] = q[i];
            k[D + i] = q[D + i];
        }
        program.feed("q", q).feed("k", k).feed("queue", queue).run();

        double loss = 0;
        double[] logits = new double[N * (K + 1)];
        double[] dq = new double[N * D];
        int top1 = 0;
        int top5 = 0;
        for (int i = 0; i < N; i++) {
            double sum = 0;
            int above = 0;
            for (int j = 0; j <= K; j++) {
                double dot = 0;
                for (int c = 0; c < D; c++) {
                    dot += (double) q[i * D + c] * other(i, j, c);
                }
                logits[i * (K + 1) + j] = dot / TEMPERATURE;
                sum += Math.exp(dot / TEMPERATURE);
                above += logits[i * (K + 1) + j] > logits[i * (K + 1)] ? 1 : 0;
            }
            loss += (Math.log(sum) - logits[i * (K + 1)]) / N;
            top1 += above < 1 ? 1 : 0;
            top5 += above < 5 ? 1 : 0;
            for (int j = 0; j <= K; j++) {
                double weight = Math.exp(logits[i * (K + 1) + j]) / sum - (j == 0 ? 1 : 0);
                for (int c = 0; c < D; c++) {
                    dq[i * D + c] += weight * other(i, j, c) / (N * (double) TEMPERATURE);
                }
            }
        }
        assertEquals(loss, program.scalar("loss"), 1e-6 * loss);
        assertClose(logits, program.floats("logits"), 1e-6, "logits");
        assertClose(dq, program.floats("dq"), 2e-6, "gradient of the queries");
        assertEquals((double) top1 / N, program.scalar("top1"), 1e-7);
        assertEquals((double) top5 / N, program.scalar("top5"), 1e-7);
        assertArrayEquals(new float[N * D], program.floats("dk"), "keys are constants");
        assertArrayEquals(new float[K * D], program.floats("dqueue"), "the queue is constant");
    }

    /// What query i is compared with: its key (j = 0) or a row of the queue.
    private float other(int i, int j, int c) {
        return j == 0 ? k[i * D + c] : queue[(j - 1) * D + c];
    }

    @Test
    void withEqualSimilaritiesTheLossIsThatOfChance() {
        Tensor same = Tensor.ones(Shape.of(4, 8));
        assertEquals(
                Math.log(1 + 100),
                InfoNce.of(same, same, Tensor.ones(Shape.of(100, 8)), 0.2f)
                        .loss()
                        .toScalar(),
                1e-5);
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Tensor x = Tensor.ones(Shape.of(4, 8));
        var e = assertThrows(
                IllegalArgumentException.class, () -> InfoNce.of(x, x, Tensor.ones(Shape.of(8, 100)), 0.2f));
        assertEquals(
                "infoNce: queries [4, 8] need keys [4, 8] and a queue [K, 8], got keys [4, 8] and queue [8, 100]",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> InfoNce.of(x, x, x, 0));
    }

    private static float[] unitRows(int rows, int stream) {
        Philox draws = new Philox(5, stream, 0, 0);
        float[] values = new float[rows * D];
        for (int i = 0; i < rows; i++) {
            double square = 0;
            double[] row = new double[D];
            for (int c = 0; c < D; c++) {
                row[c] = draws.nextNormal();
                square += row[c] * row[c];
            }
            for (int c = 0; c < D; c++) {
                values[i * D + c] = (float) (row[c] / Math.sqrt(square));
            }
        }
        return values;
    }

    /// Hand-worked: similarities of the first query 1 to its key and 1, 0, −1 to the others, of the second 0 to all.
    @Test
    void aTieIsNoHit() {
        Tensor queries = Tensor.of(Shape.of(2, 2), 1f, 0, 0, 0);
        Tensor keys = Tensor.of(Shape.of(2, 2), 1f, 0, 1, 0);
        Tensor queue = Tensor.of(Shape.of(3, 2), 1f, 0, 0, 1, -1, 0);
        InfoNce c = InfoNce.of(queries, keys, queue, 1);
        assertArrayEquals(new float[] {0, 0}, c.hits(1).toArray());
        assertArrayEquals(new float[] {1, 0}, c.hits(2).toArray());
        assertArrayEquals(new float[] {1, 0}, c.hits(3).toArray());
        assertArrayEquals(new float[] {1, 1}, c.hits(4).toArray());
    }

    @Test
    void aCollapsedEncoderHitsNothing() {
        float[] same = new float[N * D];
        float[] bank = new float[K * D];
        for (int i = 0; i < K; i++) {
            bank[i * D] = 1;
            same[i % N * D] = 1;
        }
        Tensor rows = Tensor.of(Shape.of(N, D), same);
        InfoNce c = InfoNce.of(rows, rows, Tensor.of(Shape.of(K, D), bank), TEMPERATURE);
        assertEquals(0, c.accuracy(1).toScalar());
        assertEquals(0, c.accuracy(5).toScalar());
    }
}
