package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;

/// Trains linear classifiers on frozen features, all of them in one pass: the loss of a step is the sum of their cross-entropies, and none sees another's gradient.
///
/// A step, from images or stored features to the updated weights, is one program. Between epochs the whole state can be taken out ([#state]) and put back ([#restore]); a run that goes on from
/// there ends with the same bits.
public final class LinearRun {
    private final Recipe recipe;
    private final FeatureInput train;
    private final LinearHeads heads;
    private final Sgd sgd;
    private final Scorer scorer;
    private final Map<Integer, Program> programs = new HashMap<>();
    private final List<EpochReport> history = new ArrayList<>();
    private List<Score> last = List.of();
    private List<Score> best = List.of();
    private long trainedNanos;

    /// Told how a run goes.
    public interface Listener {
        Listener NONE = new Listener() {};

        /// @param epoch from 1   @param step of the epoch, from 1   @param images seen in the epoch   @param loss of each classifier in this step, in nats
        default void step(int epoch, int step, long images, float[] loss) {}

        /// An epoch is over, and its evaluation if there is one.
        default void epoch(EpochReport report) {}
    }

    /// A run at its start.
    ///
    /// @param classes labels are in `0 … classes − 1`
    /// @param seed    of the classifiers' first weights
    public LinearRun(Recipe recipe, FeatureInput train, FeatureInput test, int classes, long seed) {
        this.recipe = recipe;
        this.train = train;
        heads = new LinearHeads(train.shapes(), classes);
        heads.initialize(seed);
        sgd = new Sgd(recipe.options(), heads.parameters());
        scorer = new Scorer(test, features -> heads.logits(features, Mode.EVALUATE), classes);
    }

    public LinearHeads heads() {
        return heads;
    }

    /// Trains what is left of the epochs.
    ///
    /// @throws DataException if a loss is not finite, saying where
    public void run(Listener listener) {
        while (history.size() < recipe.epochs()) {
            runEpoch(listener);
        }
    }

    /// Trains one epoch.
    ///
    /// @return false if all epochs are over
    public boolean runEpoch(Listener listener) {
        int epoch = history.size();
        if (epoch == recipe.epochs()) {
            return false;
        }
        long start = System.nanoTime();
        List<Double> loss = trainEpoch(epoch, listener);
        trainedNanos += System.nanoTime() - start;
        List<Double> top1 = List.of();
        if (recipe.evaluatesAfter(epoch)) {
            last = scorer.run();
            best = best.isEmpty() ? last : better(best, last);
            top1 = last.stream().map(Score::top1).toList();
        }
        EpochReport report = new EpochReport(epoch + 1, recipe.epochs(), recipe.lrAt(epoch), loss, top1);
        history.add(report);
        listener.epoch(report);
        return true;
    }

    private List<Double> trainEpoch(int epoch, Listener listener) {
        double[] sum = new double[train.shapes().size()];
        long images = 0;
        int step = 0;
        Iterator<FeatureInput.Feed> batches = train.epoch(epoch);
        while (batches.hasNext()) {
            FeatureInput.Feed batch = batches.next();
            int n = batch.labels().length;
            if (n == 0) {
                continue;
            }
            float[] loss = step(batch, recipe.lrAt(epoch));
            step++;
            images += n;
            for (int i = 0; i < sum.length; i++) {
                if (!Float.isFinite(loss[i])) {
                    throw new DataException("the loss of classifier " + (i + 1) + " is " + loss[i] + " in epoch " + (epoch + 1) + ", step " + step
                            + ": the features are damaged or the learning rate of " + recipe.lrAt(epoch) + " is too high");
                }
                sum[i] += (double) loss[i] * n;
            }
            listener.step(epoch + 1, step, images, loss);
        }
        if (images == 0) {
            throw new DataException("there is no image to train on");
        }
        long all = images;
        return DoubleStream.of(sum).map(s -> s / all).boxed().toList();
    }

    /// Takes one step.
    ///
    /// @return the loss of each classifier before it, in nats
    float[] step(FeatureInput.Feed batch, double lr) {
        int[] labels = batch.labels();
        Compiled compiled = Device.current().compile(programs.computeIfAbsent(labels.length, this::program));
        batch.to(compiled);
        return compiled.feed("labels", labels).feed("learningRate", (float) lr).run().floats("loss");
    }

    private Program program(int n) {
        return Program.trace("linear-step", p -> {
            List<Tensor> features = train.trace(p, n);
            Tensor labels = p.input("labels", Shape.of(n), DType.I32);
            List<Tensor> losses = heads.logits(features, Mode.TRAIN).stream().map(logits -> CrossEntropy.mean(logits, labels)).toList();
            Tensor sum = losses.stream().reduce(Tensor::add).orElseThrow();
            sgd.update(Gradients.of(sum, sgd.parameters()), p.scalar("learningRate"));
            p.output("loss", Tensor.concat(0, losses.stream().map(l -> l.reshape(1)).toArray(Tensor[]::new)));
        });
    }

    private static List<Score> better(List<Score> best, List<Score> now) {
        List<Score> result = new ArrayList<>();
        for (int i = 0; i < best.size(); i++) {
            result.add(now.get(i).top1() > best.get(i).top1() ? now.get(i) : best.get(i));
        }
        return result;
    }

    /// The result so far, one score a classifier: of the last evaluation or the best one, as the recipe says.
    public List<Score> scores() {
        return recipe.report() == Recipe.Report.BEST ? best : last;
    }

    /// One report an epoch.
    public List<EpochReport> history() {
        return List.copyOf(history);
    }

    /// Time spent in training steps so far, evaluation not counted.
    public double trainedSeconds() {
        return trainedNanos / 1e9;
    }

    /// Everything that the rest of the run depends on, by name.
    public Map<String, ArrayData> state() {
        Map<String, ArrayData> state = new LinkedHashMap<>();
        heads.named().forEach((name, v) -> state.put("heads." + name, array(v)));
        for (Variable v : sgd.momenta()) {
            state.put(v.name(), array(v));
        }
        int classifiers = train.shapes().size();
        double[] losses = new double[history.size() * classifiers];
        double[] top1 = new double[history.size() * classifiers];
        Arrays.fill(top1, Double.NaN);
        for (int e = 0; e < history.size(); e++) {
            for (int i = 0; i < classifiers; i++) {
                losses[e * classifiers + i] = history.get(e).loss().get(i);
                if (!history.get(e).top1().isEmpty()) {
                    top1[e * classifiers + i] = history.get(e).top1().get(i);
                }
            }
        }
        state.put("history.loss", ArrayData.ofDoubles(losses, history.size(), classifiers));
        state.put("history.top1", ArrayData.ofDoubles(top1, history.size(), classifiers));
        state.put("seconds", ArrayData.ofDoubles(new double[] {trainedSeconds()}));
        put(state, "last", last);
        put(state, "best", best);
        return state;
    }

    /// Whether a state is of heads like these.
    public boolean fits(Map<String, ArrayData> state) {
        return heads.named().entrySet().stream().allMatch(e -> {
            ArrayData saved = state.get("heads." + e.getKey());
            return saved != null && Arrays.equals(saved.shape(), array(e.getValue()).shape());
        });
    }

    /// Goes on from a state.
    ///
    /// @param state of a run of the same recipe and heads
    public void restore(Map<String, ArrayData> state) {
        heads.named().forEach((name, v) -> v.set(state.get("heads." + name).toFloatArray()));
        for (Variable v : sgd.momenta()) {
            v.set(state.get(v.name()).toFloatArray());
        }
        ArrayData losses = state.get("history.loss");
        ArrayData top1 = state.get("history.top1");
        int classifiers = (int) losses.dim(1);
        history.clear();
        for (int e = 0; e < losses.dim(0); e++) {
            List<Double> loss = row(losses, e, classifiers);
            List<Double> accuracy = row(top1, e, classifiers);
            history.add(new EpochReport(e + 1, recipe.epochs(), recipe.lrAt(e), loss, accuracy.contains(Double.NaN) ? List.of() : accuracy));
        }
        trainedNanos = Math.round(state.get("seconds").doubleAt(0) * 1e9);
        last = scores(state, "last", classifiers);
        best = scores(state, "best", classifiers);
    }

    private static List<Double> row(ArrayData array, int row, int columns) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            values.add(array.doubleAt((long) row * columns + i));
        }
        return values;
    }

    private static ArrayData array(Variable v) {
        return ArrayData.ofFloats(v.toArray(), Arrays.stream(v.shape().dims()).asLongStream().toArray());
    }

    private static void put(Map<String, ArrayData> state, String which, List<Score> scores) {
        for (int i = 0; i < scores.size(); i++) {
            Score s = scores.get(i);
            state.put(which + "." + i + ".labels", ArrayData.ofInts(s.labels()));
            state.put(which + "." + i + ".predictions", ArrayData.ofInts(s.predictions()));
            byte[] in = new byte[s.inTop5().length];
            for (int j = 0; j < in.length; j++) {
                in[j] = (byte) (s.inTop5()[j] ? 1 : 0);
            }
            state.put(which + "." + i + ".inTop5", ArrayData.ofBytes(in));
        }
    }

    private static List<Score> scores(Map<String, ArrayData> state, String which, int classifiers) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < classifiers && state.containsKey(which + "." + i + ".labels"); i++) {
            int[] in = state.get(which + "." + i + ".inTop5").toIntArray();
            boolean[] inTop5 = new boolean[in.length];
            for (int j = 0; j < in.length; j++) {
                inTop5[j] = in[j] != 0;
            }
            scores.add(new Score(state.get(which + "." + i + ".labels").toIntArray(), state.get(which + "." + i + ".predictions").toIntArray(), inTop5));
        }
        return scores;
    }
}
