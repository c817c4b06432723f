package org.jmoco.nn.train;

/// When checkpoints are made, and how many are kept. One is made at the end of a training in any case.
///
/// @param every the distance of two checkpoints, in `unit`; with seconds 0 is after each step
/// @param keep  how many of the newest are kept, at least 1
public record Saving(Unit unit, long every, int keep) {
    /// What the distance is measured in.
    public enum Unit {
        STEPS,
        EPOCHS,
        SECONDS
    }

    private static final double NANOS = 1e9;

    /// @throws IllegalArgumentException if a number is out of its range
    public Saving {
        if (every < (unit == Unit.SECONDS ? 0 : 1) || keep < 1) {
            throw new IllegalArgumentException("a checkpoint every " + every + " " + unit + ", " + keep + " kept");
        }
    }

    /// One as soon as the last one is so old; the newest two are kept.
    public static Saving everySeconds(long seconds) {
        return new Saving(Unit.SECONDS, seconds, 2);
    }

    /// Whether one is due.
    ///
    /// @param done       steps done
    /// @param sinceNanos time since the last one, or since the training began or went on
    boolean isDue(long done, Length length, long sinceNanos) {
        return done == length.steps()
                || switch (unit) {
                    case STEPS -> done % every == 0;
                    case EPOCHS -> length.endsEpoch(done) && done / length.stepsPerEpoch() % every == 0;
                    case SECONDS -> sinceNanos / NANOS >= every;
                };
    }
}
