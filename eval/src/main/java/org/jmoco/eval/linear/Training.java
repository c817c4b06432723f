package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

/// Trains classifiers, all of them in one pass: the loss of a step is the sum of their cross-entropies.
///
/// A step, from images or stored features to the updated weights, is one program. Between epochs the whole state
/// can be taken out ([#state]) and put back ([#restore]); a training that goes on from there ends with the same
/// bits.
public final class Training {
    private final Recipe recipe;
    private final FeatureInput train;
    private final Classifiers classifiers;
    private final Sgd sgd;
    private final Scorer scorer;
    private final Map<Integer, Program> programs = new HashMap<>();
    private final List<EpochReport> history = new ArrayList<>();
    private List<Score> last = List.of();
    private List<Score> best = List.of();
    private long trainedNanos;

    /// What is trained: one classifier, or several side by side.
    public interface Classifiers {
        /// How many there are.
        int count();

        /// The scores of each, `[n, classes]`.
        ///
        /// @param features what the input gives, one tensor a tap
        List<Tensor> logits(List<Tensor> features, Mode mode);

        /// Parameters and buffers by name.
        Map<String, Variable> named();
    }

    /// Told how a training goes.
    public interface Listener {
        Listener NONE = new Listener() {};

        /// @param epoch from 1
        /// @param step of the epoch, from 1
        /// @param images seen in the epoch
        /// @param loss of each classifier in this step, in nats
        default void step(int epoch, int step, long images, float[] loss) {}

        /// An epoch is over, and its evaluation if there is one.
        default void epoch(EpochReport report) {}
    }

    /// A training at its start.
    ///
    /// @param sgd     over the classifiers' parameters
    /// @param classes labels are in `0 … classes − 1`
    public Training(
            Recipe recipe, FeatureInput train, FeatureInput test, Classifiers classifiers, Sgd sgd, int classes) {
        this.recipe = recipe;
        this.train = train;
        this.classifiers = classifiers;
        this.sgd = sgd;
        scorer = new Scorer(test, classifiers, classes);
    }

    /// Trains what is left of the epochs.
    ///
    /// @throws DivergedException if a loss is not finite, saying where
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
        double[] sum = new double[classifiers.count()];
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
                    throw new DivergedException("the loss of classifier " + (i + 1) + " is " + loss[i] + " in epoch "
                            + (epoch + 1) + ", step " + step + ": the features are damaged or the learning rate of "
                            + recipe.lrAt(epoch) + " is too high");
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
        return compiled.feed("labels", labels)
                .feed("learningRate", (float) lr)
                .run()
                .floats("loss");
    }

    private Program program(int n) {
        return Program.trace("classifier-step", p -> {
            List<Tensor> features = train.trace(p, n);
            Tensor labels = p.input("labels", Shape.of(n), DType.I32);
            List<Tensor> losses = classifiers.logits(features, Mode.TRAIN).stream()
                    .map(logits -> CrossEntropy.mean(logits, labels))
                    .toList();
            Tensor sum = losses.stream().reduce(Tensor::add).orElseThrow();
            sgd.update(Gradients.of(sum, sgd.parameters()), p.scalar("learningRate"));
            p.output(
                    "loss",
                    Tensor.concat(0, losses.stream().map(l -> l.reshape(1)).toArray(Tensor[]::new)));
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

    /// Everything that the rest of the training depends on, by name.
    public Map<String, ArrayData> state() {
        return state(TrainingState::copy);
    }

    /// As [#state], but the arrays are the training's own memory: to be written to a file before the next step.
    public Map<String, ArrayData> stateInPlace() {
        return state(TrainingState::view);
    }

    private Map<String, ArrayData> state(Function<Variable, ArrayData> array) {
        return TrainingState.of(
                classifiers.named(),
                sgd.momenta(),
                array,
                history,
                trainedSeconds(),
                Map.of("last", last, "best", best));
    }

    /// Goes on from a state.
    ///
    /// @param state of a training of the same recipe and classifiers
    public void restore(Map<String, ArrayData> state) {
        TrainingState.restore(classifiers.named(), sgd.momenta(), state);
        history.clear();
        history.addAll(TrainingState.history(state, recipe));
        trainedNanos = Math.round(TrainingState.seconds(state) * 1e9);
        last = TrainingState.scores(state, "last", classifiers.count());
        best = TrainingState.scores(state, "best", classifiers.count());
    }
}
