package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunLog;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;

/// The training of classifiers, all of them in one pass: the loss of a step is the sum of their cross-entropies.
/// A step, from images or stored features to the updated weights, is one program. After the epochs that the recipe
/// says, the test images are classified. Holds compiled programs until it is closed.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss`, or `loss.NAME` of each of several | each step | cross-entropy in nats |
/// | `top1`, or `top1.NAME` | each epoch with an evaluation | on the test images, in percent |
public final class ClassifierTraining implements Training, AutoCloseable {
    private final Recipe recipe;
    private final FeatureInput train;
    private final Classifiers classifiers;
    private final Sgd sgd;
    private final Scorer scorer;
    private final Length length;
    private final Manner manner;
    private final Map<Integer, Compiled> programs = new HashMap<>();
    private final List<EpochReport> history = new ArrayList<>();
    private List<Score> last = List.of();
    private List<Score> best = List.of();
    private float learningRate;

    /// How a training is carried out; none of it changes the numbers.
    ///
    /// @param device that computes
    /// @param run    it happens in
    /// @param title  names it for people, if it is one of several; else empty
    /// @param names  of the classifiers, in what is written down; empty for a single one that needs none
    /// @param saving when its state is saved
    public record Manner(Device device, Run run, String title, List<String> names, Saving saving) {
        public Manner {
            names = List.copyOf(names);
        }

        /// Alone, its state saved once a minute.
        public Manner(Device device, Run run) {
            this(device, run, "", List.of(), Saving.everySeconds(60));
        }

        private String key(String what, int classifier) {
            return names.isEmpty() ? what : what + "." + names.get(classifier);
        }
    }

    /// A training at its start.
    ///
    /// @param sgd     over the classifiers' parameters
    /// @param classes labels are in `0 … classes − 1`
    public ClassifierTraining(
            Recipe recipe,
            FeatureInput train,
            FeatureInput test,
            Classifiers classifiers,
            Sgd sgd,
            int classes,
            Manner manner) {
        if (manner.names().size() != classifiers.count() && classifiers.count() > 1) {
            throw new IllegalArgumentException(classifiers.count() + " classifiers, but the names " + manner.names());
        }
        this.recipe = recipe;
        this.train = train;
        this.classifiers = classifiers;
        this.sgd = sgd;
        this.manner = manner;
        scorer = new Scorer(manner.device(), test, classifiers, classes);
        length = new Length(train.batchesPerEpoch(), recipe.epochs());
    }

    @Override
    public Length length() {
        return length;
    }

    @Override
    public Saving saving() {
        return manner.saving();
    }

    @Override
    public String title() {
        return manner.title();
    }

    @Override
    public Steps from(long done) {
        return new ClassifierSteps(done);
    }

    private final class ClassifierSteps implements Steps {
        private final FeatureInput.Batches batches;
        private FeatureInput.Feed batch;
        private long done;

        ClassifierSteps(long done) {
            this.done = done;
            batches = train.from(new Position(length.epoch(done), length.stepOfEpoch(done)));
        }

        @Override
        public void load() {
            batch = batches.next();
        }

        @Override
        public StepResult take() {
            double lr = recipe.lrAt(length.epoch(done++));
            learningRate = (float) lr;
            int n = batch.labels().length;
            // Without an image there is nothing to step on, and nothing that counts in the epoch's mean.
            float[] loss = n == 0 ? new float[classifiers.count()] : step(batch, learningRate);
            SequencedMap<String, Float> measured = new LinkedHashMap<>();
            for (int i = 0; i < loss.length; i++) {
                measured.put(manner.key("loss", i), loss[i]);
            }
            return new StepResult(measured, n, n, learningRate);
        }

        @Override
        public List<String> warnings() {
            return batches.unreadable().stream()
                    .map(message -> "another image takes the place of an unreadable one: " + message)
                    .toList();
        }

        @Override
        public void close() {
            batches.close();
        }
    }

    /// Takes one step.
    ///
    /// @return the loss of each classifier before it, in nats
    private float[] step(FeatureInput.Feed batch, float lr) {
        int[] labels = batch.labels();
        Compiled compiled =
                programs.computeIfAbsent(labels.length, n -> manner.device().compile(program(n)));
        batch.to(compiled);
        return compiled.feed("labels", labels).feed("learningRate", lr).run().floats("loss");
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

    /// Classifies the test images if it is time.
    @Override
    public EpochNotes epochEnded(Epoch ended, RunLog log) {
        int epoch = ended.number() - 1;
        List<Double> top1 = List.of();
        if (recipe.evaluatesAfter(epoch)) {
            last = scorer.run(manner.run()::endIfAsked);
            best = best.isEmpty() ? last : better(best, last);
            top1 = last.stream().map(Score::top1).toList();
        }
        EpochReport report = recipe.reportOf(epoch, List.copyOf(ended.means().values()), top1);
        history.add(report);
        SequencedMap<String, Number> values = new LinkedHashMap<>();
        for (int i = 0; i < top1.size(); i++) {
            values.put(manner.key("top1", i), top1.get(i));
        }
        return new EpochNotes(values, top1.isEmpty() ? Optional.empty() : Optional.of(report.toString()));
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

    @Override
    public Map<String, ArrayData> state() {
        return TrainingState.of(
                classifiers.named(), sgd.momenta(), history, Map.of("last", last, "best", best), classifiers.count());
    }

    @Override
    public void restore(Map<String, ArrayData> state) {
        TrainingState.restore(classifiers.named(), sgd.momenta(), state);
        history.clear();
        history.addAll(TrainingState.history(state, recipe));
        last = TrainingState.scores(state, "last", classifiers.count());
        best = TrainingState.scores(state, "best", classifiers.count());
    }

    @Override
    public String describe(SequencedMap<String, Float> measured) {
        return "loss "
                + measured.values().stream()
                        .map(loss -> String.format(Locale.ROOT, "%.4f", loss))
                        .collect(Collectors.joining(" "));
    }

    /// What diverges is a result like others, and the learning rate the reason.
    @Override
    public Optional<RuntimeException> diverged(String what) {
        return Optional.of(new DivergedException(
                what + "; the features are damaged or the learning rate of " + learningRate + " is too high"));
    }

    @Override
    public void close() {
        programs.values().forEach(Compiled::close);
        programs.clear();
        scorer.close();
    }

    /// Nothing asks for it, since [#diverged] says all.
    @Override
    public Training again(Device other) {
        throw new UnsupportedOperationException("a training of classifiers that diverged is not computed again");
    }
}
