package org.jmoco.moco.pretrain;

import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.optim.Schedule;

/// What happens at which step. Steps are counted by how many are done: after the first step it is 1.
public final class Timetable {
    private final MocoConfig config;
    private final int stepsPerEpoch;
    private final Schedule schedule;

    public Timetable(MocoConfig config, int stepsPerEpoch) {
        this.config = config;
        this.stepsPerEpoch = stepsPerEpoch;
        schedule = schedule(config);
    }

    private static Schedule schedule(MocoConfig config) {
        MocoConfig.Schedule s = config.schedule();
        double rate = decimal(config.optimizer().lr());
        return switch (s.kind()) {
            case CONSTANT -> new Schedule.Constant(rate);
            case STEPS -> new Schedule.Steps(rate, decimal(s.gamma()), Schedule.Unit.EPOCHS, s.milestones());
            case COSINE -> new Schedule.Cosine(rate, s.epochs(), s.countFromOne() ? 1 : 0);
        };
    }

    /// The number as someone wrote it: 0.1, not the float32 next to it. Rates are computed in float64, as in PyTorch.
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    public int epochs() {
        return config.schedule().epochs();
    }

    /// Steps of the whole run.
    public long steps() {
        long all = (long) epochs() * stepsPerEpoch;
        return config.schedule().steps() == 0
                ? all
                : Math.min(all, config.schedule().steps());
    }

    /// The epoch of the step that comes after `done` steps, counted from 0.
    public int epoch(long done) {
        return Math.toIntExact(done / stepsPerEpoch);
    }

    /// The learning rate of the step that comes after `done` steps.
    public float learningRate(long done) {
        return (float) schedule.at(epoch(done), done);
    }

    public boolean endsEpoch(long done) {
        return done > 0 && done % stepsPerEpoch == 0;
    }

    /// Whether the monitor looks: every so many epochs, and at the end.
    public boolean isMonitored(long done) {
        int every = config.knn().every();
        return every > 0 && (done == steps() || endsEpoch(done) && done / stepsPerEpoch % every == 0);
    }

    /// Whether a checkpoint is due: every so many steps, else every so many epochs; and at the end.
    public boolean isSaved(long done) {
        MocoConfig.Checkpoint c = config.checkpoint();
        boolean due = c.everySteps() > 0
                ? done % c.everySteps() == 0
                : endsEpoch(done) && done / stepsPerEpoch % c.everyEpochs() == 0;
        return due || done == steps();
    }
}
