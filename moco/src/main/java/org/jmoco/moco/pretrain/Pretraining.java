package org.jmoco.moco.pretrain;

import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.report.RunReport;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunFolder;
import org.jmoco.nn.train.TrainingLoop;

/// One pre-training run: from a configuration to a folder with the weights of its encoder.
///
/// ```java
/// MocoConfig config = Binder.bind(ConfigTree.read(Path.of("configs/smoke.yaml")), MocoConfig.defaults());
/// PretrainResult result = Pretraining.run(config, PretrainOptions.into(Path.of("runs/smoke"), Device.current()));
/// ```
/// The same configuration gives the same weights, bit for bit on one kind of device, also if the run was
/// interrupted and continued, and on any number of processes that divides the ranks.
public final class Pretraining {
    private Pretraining() {}

    /// Trains.
    ///
    /// @throws RunException if the run cannot start or go on: the message says why, and what to do
    /// @throws org.jmoco.nn.data.DataException if the data is missing or broken
    /// @throws java.io.UncheckedIOException if the disk is full
    public static PretrainResult run(MocoConfig config, PretrainOptions options) {
        options.device().use();
        RunData data = RunData.open(config);
        MocoTraining training = new MocoTraining(config, data, options.device(), options);
        Processes processes = options.run().processes();
        SameRun.require(processes, config, data.batches(), options.device());
        try (Run run = Run.open(options.out(), MocoIdentity.of(config, data.batches()), options.run())) {
            run.folder().ifPresent(folder -> folder.writeConfig(ConfigText.of(config)));
            data.remarks().forEach(run.progress()::print);
            Introduction.lines(
                            config,
                            data.batches(),
                            training.timetable(),
                            !config.data().isViews())
                    .forEach(run.progress()::print);
            if (!options.run().resume()) {
                training.beginning().ifPresent(run.progress()::print);
            }
            TrainingLoop.Ending ending = TrainingLoop.run(run, training);
            return new PretrainResult(
                    ending.finished(),
                    ending.steps(),
                    ending.means().getOrDefault(MocoTraining.LOSS, Double.NaN),
                    ending.means().getOrDefault(MocoTraining.ACCURACY, Double.NaN),
                    training.knn(),
                    ending.seconds(),
                    RunFolder.finalWeights(options.out()),
                    options.out().resolve(RunReport.FILE));
        }
    }
}
