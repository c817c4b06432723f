package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Outcome;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.report.RunReport;
import org.jmoco.nn.train.Checkpoints;
import org.jmoco.nn.train.EventFile;
import org.jmoco.nn.train.LossLog;
import org.jmoco.nn.train.MetricsLog;
import org.jmoco.nn.train.RunEvents;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunFolder;

/// One pre-training run: from a configuration to a folder with the weights of its encoder.
///
/// ```java
/// MocoConfig config = Binder.bind(ConfigTree.read(Path.of("configs/smoke.yaml")), MocoConfig.defaults());
/// PretrainResult result = Pretraining.run(config, PretrainOptions.into(Path.of("runs/smoke"), Device.current()));
/// ```
/// The same configuration gives the same weights, bit for bit on one kind of device, also if the run was
/// interrupted and continued.
public final class Pretraining {
    private final MocoConfig config;
    private final PretrainOptions options;
    private final RunData data;
    private final BatchSource batches;
    private final Timetable timetable;
    private final Moco moco;
    private final RunState state;

    private Pretraining(MocoConfig config, PretrainOptions options) {
        this.config = config;
        this.options = options;
        data = RunData.open(config);
        batches = data.batches();
        timetable = new Timetable(config, batches.stepsPerEpoch());
        moco = begin();
        state = new RunState(moco, SameRun.describe(config, batches.size()));
    }

    /// Trains.
    ///
    /// @throws RunException if the run cannot start or go on: the message says why, and what to do
    /// @throws org.jmoco.nn.data.DataException if the data is missing or broken
    /// @throws java.io.UncheckedIOException if the disk is full
    public static PretrainResult run(MocoConfig config, PretrainOptions options) {
        options.device().use();
        return new Pretraining(config, options).run();
    }

    private Moco begin() {
        Moco begun = new Moco(config, batches.pixels());
        options.init().ifPresent(begun::init);
        return begun;
    }

    private PretrainResult run() {
        try (RunFolder folder = RunFolder.open(options.out(), options.resume())) {
            Checkpoints checkpoints =
                    new Checkpoints(folder.checkpoints(), config.checkpoint().keep());
            checkpoints.latest().ifPresent(c -> {
                SameRun.require(c, config, batches.size());
                state.restore(c);
            });
            long done = state.counters().steps();
            folder.writeConfig(ConfigText.of(config));
            Introduction.lines(config, batches, timetable, config.data().kind() != MocoConfig.Data.Kind.VIEWS)
                    .forEach(options.progress()::print);
            if (options.resume()) {
                options.progress()
                        .print(
                                done == 0
                                        ? "there is no checkpoint yet: starting at step 0"
                                        : "going on after step " + done);
            }
            try (MetricsLog metrics = MetricsLog.open(folder.metrics(), done);
                    LossLog losses = LossLog.open(options.losses(), done);
                    EventFile events = EventFile.begin(
                            folder.path().resolve("tensorboard"), System.currentTimeMillis() / 1000.0, done)) {
                TrainingLog log =
                        new TrainingLog(metrics, losses, events, options.progress(), timetable, config.batch());
                return new Loop(folder, checkpoints, log).run(metrics.last(done, "knn"));
            }
        }
    }

    /// The steps, and what comes between them.
    private final class Loop {
        private final RunFolder folder;
        private final Checkpoints checkpoints;
        private final TrainingLog log;
        private final Optional<KnnMonitor> monitor;
        private final HealthMonitor health;
        private OptionalDouble knn = OptionalDouble.empty();
        private int unreadable;

        Loop(RunFolder folder, Checkpoints checkpoints, TrainingLog log) {
            this.folder = folder;
            this.checkpoints = checkpoints;
            this.log = log;
            health = new HealthMonitor(moco, batches, options.device());
            monitor = data.labelled()
                    .map(d -> new KnnMonitor(options.device(), Encoder.of(moco.query(), "the run"), d, config));
        }

        /// @param known the monitor's accuracy at the checkpoint, if it had looked by then
        PretrainResult run(OptionalDouble known) {
            knn = known;
            boolean stopped = false;
            if (known.isEmpty()) {
                look(); // the run had ended between a checkpoint and the monitor's look
            }
            if (state.counters().steps() < timetable.steps()) {
                Step step = moco.on(options.device());
                try (BatchSource.Batches views = batches.from(state.counters().steps(), moco::permutation)) {
                    while (state.counters().steps() < timetable.steps() && !stopped) {
                        train(step, views);
                        stopped = options.stop().getAsBoolean()
                                && state.counters().steps() < timetable.steps();
                        settle(stopped);
                    }
                }
            }
            log.flush();
            if (!stopped) {
                FinalWeights.write(
                        folder.finalWeights(),
                        moco,
                        batches.pixels(),
                        state.counters().steps());
                monitor.ifPresent(m -> m.draw(folder.path(), config.seed()));
            }
            Path report = RunReport.write(folder.path());
            Counters c = state.counters();
            return new PretrainResult(
                    !stopped,
                    c.steps(),
                    c.epochLoss(),
                    c.epochAccuracy(),
                    knn,
                    c.seconds(),
                    folder.finalWeights(),
                    report);
        }

        private void train(Step step, BatchSource.Batches views) {
            long done = state.counters().steps();
            long start = System.nanoTime();
            BatchSource.Views v = views.next();
            double loadMillis = (System.nanoTime() - start) / 1e6;
            float learningRate = timetable.learningRate(done);
            RunEvents.Ongoing event = RunEvents.step();
            Outcome outcome = step.run(v.query(), v.key(), v.permutation(), learningRate);
            event.ended(done + 1, outcome.loss());
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!Float.isFinite(outcome.loss())) {
                throw fault("step " + (done + 1) + ": the loss is " + outcome.loss(), done + 1);
            }
            state.counters().count(outcome, seconds, done % timetable.stepsPerEpoch() == 0);
            log.step(state.counters(), outcome, learningRate, seconds, loadMillis);
            for (String message :
                    views.unreadable().subList(unreadable, views.unreadable().size())) {
                log.print("warning: another image takes the place of an unreadable one: " + message);
                unreadable++;
            }
        }

        private void settle(boolean stopping) {
            long done = state.counters().steps();
            if (timetable.endsEpoch(done)) {
                log.epoch(state.counters());
                health.look(done, log);
            }
            if (timetable.isSaved(done) || stopping) {
                save();
            }
            look();
            if (timetable.endsEpoch(done)) {
                System.gc(); // what the monitors leave has grown old in their hands; uncollected it adds up until the
                // heap is full
            }
        }

        private void save() {
            log.flush();
            long start = System.nanoTime();
            Checkpoints.State checkpoint = state.save();
            RunState.damage(checkpoint.arrays()).ifPresent(array -> {
                throw fault(
                        "step " + checkpoint.step() + ": " + array + " holds a number that is not finite",
                        checkpoint.step());
            });
            RunEvents.Ongoing event = RunEvents.checkpoint();
            checkpoints.save(checkpoint);
            event.ended(checkpoint.step(), Float.NaN);
            log.checkpoint(checkpoint.step(), (System.nanoTime() - start) / 1e6);
        }

        /// Measures if it is time; comes after saving, so that nothing is lost if someone does not wait for it.
        private void look() {
            long done = state.counters().steps();
            if (monitor.isPresent()
                    && timetable.isMonitored(done)
                    && !options.stop().getAsBoolean()) {
                long start = System.nanoTime();
                double percent = monitor.get().percent();
                knn = OptionalDouble.of(percent);
                log.knn(done, percent, (System.nanoTime() - start) / 1e6);
                log.flush();
            }
        }

        private RunException fault(String what, long step) {
            log.flush();
            Optional<Checkpoints.State> good = checkpoints.latest();
            Moco again = begin();
            good.ifPresent(c -> again.load(c.arrays()));
            long from = good.map(Checkpoints.State::step).orElse(0L);
            String origin = FaultSearch.search(again, batches, timetable, from, step, options.progress())
                    .orElse("on the JVM all results of the same steps are finite, so the device is to be suspected");
            String last = good.isPresent()
                    ? "the last good checkpoint is " + checkpoints.list().getLast()
                    : "there is no checkpoint yet";
            return new RunException(what + "; " + origin + "; " + last
                    + ". A lower optimizer.lr or a higher contrast.temperature helps as a rule");
        }
    }
}
