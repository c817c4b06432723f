package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;

/// A linear evaluation from features to its result, wherever the features are from.
public final class HeadsOnFeatures {
    private final LinearConfig config;
    private final Data data;
    private final Run run;
    private final Device device;
    private final LinearHeads heads;
    private final ClassifierTraining training;
    private double seconds;

    /// What is classified.
    ///
    /// @param train   of each of the configuration's taps   @param test the same of the test images
    /// @param names   of the classes, as far as they are known
    /// @param classes labels are in `0 … classes − 1`
    public record Data(FeatureInput train, FeatureInput test, List<String> names, int classes) {
        public Data {
            names = List.copyOf(names);
        }
    }

    /// Makes the classifiers, one on each tap.
    ///
    /// @param run    that all of it belongs to
    /// @param device that trains
    /// @param saving when the state of the training is saved
    public HeadsOnFeatures(LinearConfig config, Data data, Run run, Device device, Saving saving) {
        this.config = config;
        this.data = data;
        this.run = run;
        this.device = device;
        heads = new LinearHeads(data.train().shapes(), data.classes());
        List<String> names = config.taps().stream().map(Tap.Stage::key).toList();
        training = heads.training(
                config.recipe(),
                data.train(),
                data.test(),
                config.seed(),
                new ClassifierTraining.Manner(device, run, "", names, saving));
    }

    /// Trains what is left of the epochs.
    ///
    /// @return the result, one score a classifier
    /// @throws DivergedException if a loss is not finite, saying where
    /// @throws org.jmoco.nn.train.StoppedException if someone wanted the run to stop: all is saved
    public List<Score> train() {
        seconds = TrainingLoop.run(run, training).orStopped().seconds();
        return training.scores();
    }

    /// Time spent in training steps, also before an interruption; evaluation not counted.
    public double trainedSeconds() {
        return seconds;
    }

    public LinearHeads heads() {
        return heads;
    }

    /// Classifies the test images with the heads as they are, without training.
    ///
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop
    public List<Score> score() {
        try (Scorer scorer = new Scorer(device, data.test(), heads, data.classes())) {
            return scorer.run(run::endIfAsked);
        }
    }

    /// The result of these scores.
    ///
    /// @param protocol  its full name, with what differs from the configuration's
    /// @param published the numbers of others on the same data
    public EvaluationResult result(
            String protocol, List<Score> scores, List<Published> published, Provenance provenance) {
        List<Metric> metrics = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            metrics.add(Metric.percent(
                    "top-1" + suffix(i),
                    new Items.Correct(scores.get(i).correct(), scores.get(i).labels()),
                    config.seed()));
        }
        for (int i = 0; i < scores.size(); i++) {
            metrics.add(Metric.of("top-5" + suffix(i), scores.get(i).top5(), "%"));
        }
        return new EvaluationResult(protocol, metrics, List.of(epochs()), published, confusion(scores), provenance);
    }

    /// Of the classifier with the best top-1, the first of equals.
    private Optional<Confusion> confusion(List<Score> scores) {
        int best = 0;
        for (int i = 1; i < scores.size(); i++) {
            best = scores.get(i).top1() > scores.get(best).top1() ? i : best;
        }
        return Confusion.of(
                "top-1" + suffix(best),
                data.names(),
                data.classes(),
                scores.get(best).labels(),
                scores.get(best).predictions());
    }

    private String suffix(int head) {
        return config.taps().size() == 1 ? "" : " " + config.taps().get(head).key();
    }

    private ResultTable epochs() {
        List<String> columns = new ArrayList<>(List.of("epoch", "lr"));
        for (Tap.Stage tap : config.taps()) {
            columns.add("loss " + tap.key());
        }
        for (Tap.Stage tap : config.taps()) {
            columns.add("top-1 " + tap.key());
        }
        ResultTable table = ResultTable.of("epochs", columns.toArray(String[]::new));
        for (EpochReport epoch : training.history()) {
            if (!epoch.top1().isEmpty()) {
                List<Object> row = new ArrayList<>(List.of(epoch.epoch(), epoch.lr()));
                row.addAll(epoch.loss());
                row.addAll(epoch.top1());
                table = table.plus(row.toArray());
            }
        }
        return table;
    }
}
