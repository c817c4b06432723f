package org.jmoco.moco.pretrain;

import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Saving;

/// What happens at which step. Steps are counted by how many are done: after the first step it is 1.
public final class Timetable {
    private final MocoConfig config;
    private final Length length;
    private final Schedule schedule;

    public Timetable(MocoConfig config, int stepsPerEpoch) {
        this.config = config;
        long all = (long) config.schedule().epochs() * stepsPerEpoch;
        long most = config.schedule().steps();
        length = new Length(stepsPerEpoch, config.schedule().epochs(), most == 0 ? all : Math.min(all, most));
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

    /// The number as someone wrote it: 0.1, not the float32 next to it. Rates are computed in float64, as in
    /// PyTorch.
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    public Length length() {
        return length;
    }

    /// When checkpoints are made: every so many steps, else every so many epochs.
    Saving saving() {
        MocoConfig.Checkpoint c = config.checkpoint();
        return c.everySteps() > 0
                ? new Saving(Saving.Unit.STEPS, c.everySteps(), c.keep())
                : new Saving(Saving.Unit.EPOCHS, c.everyEpochs(), c.keep());
    }

    public int stepsPerEpoch() {
        return length.stepsPerEpoch();
    }

    public int epochs() {
        return length.epochs();
    }

    /// Steps of the whole run.
    public long steps() {
        return length.steps();
    }

    /// The learning rate of the step that comes after `done` steps.
    public float learningRate(long done) {
        return (float) schedule.at(length.epoch(done), done);
    }

    /// Whether the monitor looks: before the first step, every so many epochs, and at the end.
    public boolean isMonitored(long done) {
        int every = config.knn().every();
        return every > 0
                && (done == 0 || done == steps() || length.endsEpoch(done) && done / stepsPerEpoch() % every == 0);
    }
}
