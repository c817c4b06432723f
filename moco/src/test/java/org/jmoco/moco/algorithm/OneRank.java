package org.jmoco.moco.algorithm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.Mode;
import org.jmoco.nn.losses.InfoNce;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// MoCo as several processes compute it, each with programs of its own for its own samples and plain loops for all
/// that they do together. It shares with what it is a witness of the network, the loss and autograd; not the
/// division into ranks, the order of a step, the optimiser, the moving average and the queue.
final class OneRank {
    private final int ranks;
    private final Moco moco;
    private final List<Variable> parameters;
    private final float[][] momenta;
    /// For rank 0, whose running statistics are kept, and for the others.
    private final List<Program> keys;
    private final List<Program> queries;

    OneRank(int ranks) {
        this.ranks = ranks;
        moco = new Moco(Small.oneOf(ranks), Small.PIXELS);
        parameters = moco.query().parameters();
        momenta =
                parameters.stream().map(v -> new float[(int) v.shape().size()]).toArray(float[][]::new);
        keys = List.of(keys(true), keys(false));
        queries = List.of(queries(true), queries(false));
    }

    /// The state, for comparison.
    Moco moco() {
        return moco;
    }

    private Tensor views(Trace p) {
        return p.input("views", Shape.of(moco.config().batch(), Small.SIDE, Small.SIDE, 3), Small.PIXELS.type())
                .normalizeImage(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2023f, 0.1994f, 0.2010f});
    }

    private static Mode mode(boolean keepsStatistics) {
        return new Mode.Train(BatchGroups.WHOLE, keepsStatistics);
    }

    private Program keys(boolean keepsStatistics) {
        return Program.trace(
                "keys",
                p -> p.output(
                        "keys",
                        moco.key().forward(views(p), mode(keepsStatistics)).l2Normalize()));
    }

    private Program queries(boolean keepsStatistics) {
        return Program.trace("queries", p -> {
            Tensor q = moco.query().forward(views(p), mode(keepsStatistics)).l2Normalize();
            Tensor k = p.input("keys", q.shape());
            Tensor loss = InfoNce.of(
                            q,
                            k,
                            p.input("queue", moco.queue().keys().shape()),
                            moco.config().contrast().temperature())
                    .loss();
            p.output("loss", loss);
            List<Tensor> gradients = Gradients.of(loss, parameters);
            for (int i = 0; i < gradients.size(); i++) {
                p.output("gradient " + i, gradients.get(i));
            }
        });
    }

    /// One step of all ranks.
    ///
    /// @return the loss of each
    float[] step(byte[] queryViews, byte[] keyViews, int... permutation) {
        follow();
        int b = moco.config().batch();
        int dim = moco.config().model().dim();
        int view = queryViews.length / (ranks * b);
        float[] keys = new float[ranks * b * dim];
        for (int rank = 0; rank < ranks; rank++) {
            byte[] mine = new byte[b * view];
            for (int j = 0; j < b; j++) {
                System.arraycopy(keyViews, permutation[rank * b + j] * view, mine, j * view, view);
            }
            float[] shuffled = Device.current()
                    .compile(this.keys.get(Math.min(rank, 1)))
                    .feed("views", mine)
                    .run()
                    .floats("keys");
            for (int j = 0; j < b; j++) {
                System.arraycopy(shuffled, j * dim, keys, permutation[rank * b + j] * dim, dim);
            }
        }
        float[] losses = new float[ranks];
        List<float[]> sums = new ArrayList<>();
        float[] queue = moco.queue().keys().toArray();
        for (int rank = 0; rank < ranks; rank++) {
            Compiled program = Device.current().compile(queries.get(Math.min(rank, 1)));
            program.feed("views", Arrays.copyOfRange(queryViews, rank * b * view, (rank + 1) * b * view));
            program.feed("keys", Arrays.copyOfRange(keys, rank * b * dim, (rank + 1) * b * dim))
                    .feed("queue", queue)
                    .run();
            losses[rank] = program.scalar("loss");
            for (int i = 0; i < parameters.size(); i++) {
                float[] gradient = program.floats("gradient " + i);
                if (rank == 0) {
                    sums.add(gradient);
                } else {
                    add(gradient, sums.get(i));
                }
            }
        }
        for (int i = 0; i < parameters.size(); i++) {
            descend(parameters.get(i), momenta[i], sums.get(i));
        }
        push(queue, keys);
        return losses;
    }

    private static void add(float[] x, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += x[i];
        }
    }

    private void descend(Variable parameter, float[] velocity, float... gradientSum) {
        float[] p = parameter.toArray();
        float momentum = moco.config().optimizer().momentum();
        float decay = moco.config().optimizer().weightDecay();
        for (int i = 0; i < p.length; i++) {
            velocity[i] = Math.fma(momentum, velocity[i], Math.fma(decay, p[i], gradientSum[i] / ranks));
            p[i] = Math.fma(-Small.RATE, velocity[i], p[i]);
        }
        parameter.set(p);
    }

    private void follow() {
        double m = moco.config().contrast().momentum();
        for (int i = 0; i < parameters.size(); i++) {
            Variable average = moco.key().parameters().get(i);
            float[] k = average.toArray();
            float[] q = parameters.get(i).toArray();
            for (int j = 0; j < k.length; j++) {
                k[j] = Math.fma((float) m, k[j], (float) (1 - m) * q[j]);
            }
            average.set(k);
        }
    }

    private void push(float[] queue, float... keys) {
        int[] pointer = moco.queue().pointer().host().toArray(JAVA_INT);
        int dim = moco.config().model().dim();
        System.arraycopy(keys, 0, queue, pointer[0] * dim, keys.length);
        moco.queue().keys().set(queue);
        moco.queue()
                .pointer()
                .hostForWriting()
                .set(JAVA_INT, 0, (pointer[0] + keys.length / dim) % (queue.length / dim));
    }

    /// The momentum of parameter `i`.
    float[] momentum(int i) {
        return momenta[i];
    }
}
