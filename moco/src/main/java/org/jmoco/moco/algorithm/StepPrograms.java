package org.jmoco.moco.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.losses.InfoNce;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;

/// One step of training, Algorithm 1 of the MoCo paper (He et al. 2020), in the order of the official code: the
/// key encoder follows the query encoder, keys are encoded, queries are encoded and contrasted with their keys
/// and with the queue as it was, the query encoder takes a step, the keys enter the queue.
///
/// The whole batch at once is one program, [#whole]. In parts of some ranks it is four more: [#keys] for each
/// part, [#queries] for each part, [#finish].
///
/// With the symmetric loss there are two passes, in the second of which the views have changed roles. Inputs of
/// a pass are `query`, `key` (in shuffled order) and `unshuffle`; those of the second have `swapped` behind
/// their names.
final class StepPrograms {
    private final Moco moco;
    private final Ranks ranks;
    private final GradientSum sum;
    private final List<Variable> shuffledKeys = new ArrayList<>();

    StepPrograms(Moco moco) {
        this(moco, moco.ranks());
    }

    /// @param ranks those of the configuration, perhaps with fewer of them at once
    StepPrograms(Moco moco, Ranks ranks) {
        this.moco = moco;
        this.ranks = ranks;
        this.sum = new GradientSum(moco.sgd());
        for (int pass = 0; pass < moco.passes(); pass++) {
            shuffledKeys.add(Variable.zeros(
                    label("keys", pass),
                    Shape.of(ranks.batch(), moco.config().model().dim())));
        }
    }

    static String label(String name, int pass) {
        return pass == 0 ? name : name + " swapped";
    }

    private Program trace(String name, Consumer<Trace> body) {
        return Program.trace(name, body).with(moco.config().precision());
    }

    /// Those that make up a step, in order.
    List<Program> all() {
        return ranks.parts() == 1
                ? List.of(whole())
                : List.of(keys(true, true), keys(false, false), queries(true), queries(false), finish());
    }

    /// The whole step.
    Program whole() {
        return trace("moco-step", p -> {
            moco.ema().update(moco.config().contrast().momentum()); // θk ← m·θk + (1 − m)·θq
            List<Tensor> keys = new ArrayList<>();
            for (int pass = 0; pass < moco.passes(); pass++) {
                keys.add(unshuffled(p, pass, shuffledKeys(p, pass, true), ranks.batch()));
            }
            List<List<Tensor>> gradients = contrast(p, keys, true);
            moco.sgd().updateMean(gradients, p.scalar("learningRate"));
            moco.queue().push(inQueueOrder(keys));
        });
    }

    /// Encodes the keys of a part of the batch. What is fed as `key` are views `offset` to `offset + partSize −
    /// 1` of the shuffled order.
    ///
    /// @param moves whether the key encoder follows the query encoder before, once a step
    /// @param keeps whether the part begins with rank 0, whose running statistics are kept
    Program keys(boolean moves, boolean keeps) {
        return trace(moves ? "moco-first-keys" : "moco-next-keys", p -> {
            if (moves) {
                moco.ema().update(moco.config().contrast().momentum());
            }
            Tensor offset = p.input("offset", Shape.of(1), DType.I32);
            for (int pass = 0; pass < moco.passes(); pass++) {
                Variable keys = shuffledKeys.get(pass);
                keys.assign(keys.read().writeSlice(shuffledKeys(p, pass, keeps), offset));
            }
        });
    }

    /// Contrasts the queries of a part of the batch with its keys, of which `unshuffle` tells where they are,
    /// and adds up gradients.
    Program queries(boolean first) {
        return trace(first ? "moco-first-queries" : "moco-next-queries", p -> {
            List<List<Tensor>> gradients = contrast(p, keys(p, ranks.partSize()), first);
            for (int rank = 0; rank < gradients.size(); rank++) {
                if (first && rank == 0) {
                    sum.set(gradients.get(rank));
                } else {
                    sum.add(gradients.get(rank));
                }
            }
        });
    }

    /// As [#queries] for one of several processes: leaves each rank's gradients, added to nothing.
    ///
    /// @param keeps whether the part begins with rank 0
    /// @param terms where they are left, one for each rank of the part
    Program gradients(boolean keeps, List<GradientSum> terms) {
        return trace(keeps ? "moco-first-gradients" : "moco-next-gradients", p -> {
            List<List<Tensor>> gradients = contrast(p, keys(p, ranks.partSize()), keeps);
            for (int rank = 0; rank < gradients.size(); rank++) {
                terms.get(rank).set(gradients.get(rank));
            }
        });
    }

    /// Room for the gradients of each rank of a part.
    List<GradientSum> terms() {
        return IntStream.range(0, ranks.atOnce())
                .mapToObj(rank -> new GradientSum(moco.sgd()))
                .toList();
    }

    /// The gradients of the whole batch, which [#finish] takes.
    GradientSum sum() {
        return sum;
    }

    /// Keys of the whole batch in shuffled order, `[batch, dim]` for each pass.
    List<Variable> shuffledKeys() {
        return List.copyOf(shuffledKeys);
    }

    /// Takes the optimiser's step, and puts the keys of the whole batch into the queue.
    Program finish() {
        return finish(learningRate -> sum.update(ranks.count(), learningRate));
    }

    /// As [#finish()], but for the parameters that take the step: a stretch of each optimiser group.
    Program finish(List<GradientSum.Stretch> stretches) {
        return finish(learningRate -> sum.update(ranks.count(), stretches, learningRate));
    }

    private Program finish(Consumer<Tensor> update) {
        return trace("moco-finish", p -> {
            update.accept(p.scalar("learningRate"));
            moco.queue().push(inQueueOrder(keys(p, ranks.batch())));
        });
    }

    private List<Tensor> keys(Trace p, int n) {
        List<Tensor> keys = new ArrayList<>();
        for (int pass = 0; pass < moco.passes(); pass++) {
            keys.add(unshuffled(p, pass, shuffledKeys.get(pass).read(), n));
        }
        return keys;
    }

    /// Keys of a part in shuffled order, `[partSize, dim]`, rows of unit length.
    private Tensor shuffledKeys(Trace p, int pass, boolean first) {
        Tensor views = moco.pixels().input(p, label("key", pass), ranks.partSize());
        Tensor[] keys = new Tensor[ranks.blocks()];
        for (int block = 0; block < keys.length; block++) {
            keys[block] = encode(moco.key(), views, block, first).stopGradient();
        }
        return Tensor.concat(0, keys);
    }

    private static Tensor unshuffled(Trace p, int pass, Tensor shuffledKeys, int n) {
        return shuffledKeys.gatherRows(p.permutation(label("unshuffle", pass), n));
    }

    private Tensor encode(ResNet encoder, Tensor views, int block, boolean first) {
        Tensor samples = views.slice(0, block * ranks.blockSize(), ranks.blockSize());
        String scope = encoder == moco.query() ? "encoder_q" : "encoder_k";
        return Scope.in(
                scope,
                () -> encoder.forward(samples, ranks.training(first && block == 0))
                        .l2Normalize());
    }

    /// Keys in the order in which they are enqueued: rank by rank, and with the symmetric loss those of the
    /// queries' own views first, as the official demo has them.
    private Tensor inQueueOrder(List<Tensor> keys) {
        if (keys.size() == 1) {
            return keys.getFirst();
        }
        List<Tensor> ordered = new ArrayList<>();
        for (int rank = 0; rank < ranks.count(); rank++) {
            for (Tensor k : keys.reversed()) {
                ordered.add(k.slice(0, rank * ranks.size(), ranks.size()));
            }
        }
        return Tensor.concat(0, ordered.toArray(Tensor[]::new));
    }

    /// Losses and gradients of a part of the batch.
    ///
    /// @return for each rank of the part the gradients of its own mean loss
    private List<List<Tensor>> contrast(Trace p, List<Tensor> keys, boolean first) {
        List<Tensor> views = new ArrayList<>();
        for (int pass = 0; pass < moco.passes(); pass++) {
            views.add(moco.pixels().input(p, label("query", pass), ranks.partSize()));
        }
        Tensor[] losses = new Tensor[ranks.blocks()];
        Tensor[] accuracies = new Tensor[ranks.blocks()];
        List<List<Tensor>> ofRanks = new ArrayList<>();
        for (int block = 0; block < ranks.blocks(); block++) {
            List<List<Tensor>> gradients = List.of();
            for (int pass = 0; pass < moco.passes(); pass++) {
                Tensor q = encode(moco.query(), views.get(pass), block, first);
                Tensor k = keys.get(pass).slice(0, block * ranks.blockSize(), ranks.blockSize());
                InfoNce c = InfoNce.of(
                        q,
                        k,
                        moco.queue().keys().read(),
                        moco.config().contrast().temperature());
                Tensor loss = meanOfRanks(c.losses());
                gradients = added(
                        gradients, Gradients.ofParts(loss.sum(), moco.sgd().parameters(), ranks.inBlock()));
                losses[block] = pass == 0 ? loss : losses[block].add(loss);
                Tensor accuracy = meanOfRanks(c.hits(1)).divide(moco.passes());
                accuracies[block] = pass == 0 ? accuracy : accuracies[block].add(accuracy);
            }
            ofRanks.addAll(gradients);
        }
        p.output("losses", Tensor.concat(0, losses)); // [atOnce], nats
        p.output("accuracies", Tensor.concat(0, accuracies)); // [atOnce], in [0, 1]
        return ofRanks;
    }

    private Tensor meanOfRanks(Tensor samples) {
        return samples.reshape(ranks.inBlock(), ranks.size()).mean(1);
    }

    private static List<List<Tensor>> added(List<List<Tensor>> a, List<List<Tensor>> b) {
        if (a.isEmpty()) {
            return b;
        }
        List<List<Tensor>> sums = new ArrayList<>();
        for (int rank = 0; rank < a.size(); rank++) {
            List<Tensor> sum = new ArrayList<>();
            for (int i = 0; i < a.get(rank).size(); i++) {
                sum.add(a.get(rank).get(i).add(b.get(rank).get(i)));
            }
            sums.add(sum);
        }
        return sums;
    }
}
