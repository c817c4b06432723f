package org.jmoco.moco.pretrain;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.IntPredicate;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Outcome;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.report.RunReport;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunLog;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// Momentum contrast as a training: a step contrasts one batch of views; between epochs the features are looked
/// at.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss`, `accuracy` | each step | InfoNCE loss in nats; contrastive top-1 in `[0, 1]` |
/// | `alignment`, `uniformity`, `effectiveRank` | each epoch | [org.jmoco.eval.health.FeatureHealth] |
/// | `spread`, `positiveRank` | each epoch | the same |
/// | `keyAge` | each epoch | mean age of the keys in the queue, in steps |
/// | `knn`, `knnMillis` | where the monitor looked | accuracy in percent |
final class MocoTraining implements Training {
    static final String LOSS = "loss";
    static final String ACCURACY = "accuracy";
    private static final String KNN = "knn";

    private final MocoConfig config;
    private final RunData data;
    private final Device device;
    private final PretrainOptions options;
    private final Processes processes;
    private final Timetable timetable;
    private final Moco moco;
    private final IntPredicate own;
    private final Optional<String> beginning;
    private final HealthMonitor health;
    private final Optional<KnnMonitor> monitor;
    private boolean begun;
    private OptionalDouble knn = OptionalDouble.empty();

    /// A training at its start.
    ///
    /// @param options which weights to begin with instead of random ones, and the processes that train together
    /// @throws org.jmoco.moco.config.ConfigException if the ranks cannot be shared out to them evenly
    MocoTraining(MocoConfig config, RunData data, Device device, PretrainOptions options) {
        this.config = config;
        this.data = data;
        this.device = device;
        this.options = options;
        processes = options.run().processes();
        timetable = new Timetable(config, data.batches().stepsPerEpoch());
        moco = new Moco(config, data.batches().pixels());
        own = moco.owns(processes);
        beginning = options.begin(moco);
        health = new HealthMonitor(moco, data.batches(), device);
        monitor = data.labelled()
                .map(d -> new KnnMonitor(device, Encoder.of(moco.query(), "the run"), d, config, processes));
    }

    @Override
    public Training again(Device other) {
        return new MocoTraining(config, data, other, options);
    }

    /// Which weights it began from, in words, if not from random ones.
    Optional<String> beginning() {
        return beginning;
    }

    Timetable timetable() {
        return timetable;
    }

    /// The monitor's last accuracy in percent.
    OptionalDouble knn() {
        return knn;
    }

    @Override
    public Length length() {
        return timetable.length();
    }

    @Override
    public Saving saving() {
        return timetable.saving();
    }

    @Override
    public Map<String, ArrayData> state() {
        processes.phase("running statistics");
        moco.shareState(processes);
        return moco.save();
    }

    @Override
    public void restore(Map<String, ArrayData> state) {
        moco.load(state);
    }

    @Override
    public Map<String, String> description() {
        return Map.of("config", ConfigText.of(config));
    }

    @Override
    public Steps from(long done) {
        return new MocoSteps(done);
    }

    private final class MocoSteps implements Steps {
        private final Step step = moco.on(device, processes);
        private final SharedLines unreadable = new SharedLines(processes);
        private final BatchSource.Batches batches;
        private BatchSource.Views views;
        private long done;

        MocoSteps(long done) {
            this.done = done;
            batches = data.batches().from(done, moco::permutation, own);
        }

        @Override
        public void load() {
            views = batches.next();
        }

        @Override
        public StepResult take() {
            float learningRate = timetable.learningRate(done++);
            step.title("step " + done);
            Outcome outcome = step.run(views.query(), views.key(), views.permutation(), learningRate);
            SequencedMap<String, Float> measured = new LinkedHashMap<>();
            if (unreadable.share(batches.unreadable())) {
                data.batches().requireReadable(unreadable.all());
            }
            measured.put(LOSS, outcome.loss());
            measured.put(ACCURACY, outcome.accuracy());
            return new StepResult(measured, 1, config.batch(), learningRate);
        }

        @Override
        public double waitedMillis() {
            return step.waitedMillis();
        }

        @Override
        public List<String> notes() {
            return Introduction.repeated(step.repeated()).stream().toList();
        }

        @Override
        public List<String> warnings() {
            return unreadable.all().stream()
                    .map(message -> "another image takes the place of an unreadable one: " + message)
                    .toList();
        }

        @Override
        public void close() {
            batches.close();
        }
    }

    @Override
    public EpochNotes epochEnded(Epoch epoch, RunLog log) {
        String line = String.format(
                Locale.ROOT,
                "epoch %d/%d: loss %.4f, top-1 %.1f %%, %s of training",
                epoch.number(),
                epoch.of(),
                epoch.means().get(LOSS),
                100 * epoch.means().get(ACCURACY),
                Progress.duration(epoch.seconds()));
        // A look at what process 0 has alone: running statistics, and a log.
        SequencedMap<String, Number> looks =
                processes.number() == 0 ? health.look(epoch.steps(), log) : new LinkedHashMap<>();
        return new EpochNotes(looks, Optional.of(line));
    }

    /// Measures if it is time, and if a run that goes on had not come to it.
    @Override
    public void look(long done, RunLog log) {
        boolean goesOn = !begun;
        begun = true;
        if (goesOn) {
            knn = log.last(done, KNN);
        }
        if (monitor.isPresent() && timetable.isMonitored(done) && !(goesOn && isKnown(done))) {
            processes.phase("the kNN monitor after step " + done);
            moco.shareState(processes);
            long start = System.nanoTime();
            double percent = monitor.get().percent();
            knn = OptionalDouble.of(percent);
            SequencedMap<String, Number> values = new LinkedHashMap<>();
            values.put(KNN, percent);
            values.put("knnMillis", RunLog.rounded((System.nanoTime() - start) / 1e6));
            log.write(done, values);
            log.print(String.format(Locale.ROOT, "step %,d: kNN %.2f %%", done, percent));
            log.flush();
        }
        if (!goesOn) {
            // What the monitors leave has grown old in their hands; uncollected it adds up until the heap is
            // full.
            System.gc();
        }
    }

    /// Whether process 0, which has the log, knows the accuracy, and at the end has kept what else was found.
    private boolean isKnown(long done) {
        boolean kept = done < timetable.steps()
                || Files.exists(options.out().resolve(RunReport.KNN).resolve(ResultFolder.RESULT));
        byte[] mine = {(byte) (knn.isPresent() && kept ? 1 : 0)};
        return processes.gather(mine).getFirst()[0] != 0;
    }

    @Override
    public void finish(Run run, long done) {
        run.folder().ifPresent(folder -> {
            FinalWeights.write(folder.finalWeights(), moco, data.batches().pixels(), done);
            monitor.ifPresent(m -> m.draw(folder.path()));
        });
    }

    @Override
    public void report(Run run) {
        run.folder().ifPresent(folder -> RunReport.write(folder.path(), device));
    }

    @Override
    public String describe(SequencedMap<String, Float> measured) {
        return String.format(Locale.ROOT, "loss %.4f  top-1 %.1f %%", measured.get(LOSS), 100 * measured.get(ACCURACY));
    }

    @Override
    public String advice() {
        return "A lower optimizer.lr or a higher contrast.temperature helps as a rule";
    }
}
