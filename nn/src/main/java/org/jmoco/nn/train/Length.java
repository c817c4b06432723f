package org.jmoco.nn.train;

/// How long a training is. Steps are counted by how many are done: after the first step it is 1.
///
/// @param stepsPerEpoch at least 1
/// @param epochs        at least 1
/// @param steps         of the whole training; it may end inside an epoch
public record Length(int stepsPerEpoch, int epochs, long steps) {
    public Length {
        if (stepsPerEpoch < 1 || epochs < 1 || steps < 1 || steps > (long) epochs * stepsPerEpoch) {
            throw new IllegalArgumentException("a training cannot have " + stepsPerEpoch + " steps an epoch, " + epochs
                    + " epochs and " + steps + " steps");
        }
    }

    /// Whole epochs.
    public Length(int stepsPerEpoch, int epochs) {
        this(stepsPerEpoch, epochs, (long) epochs * stepsPerEpoch);
    }

    /// The epoch of the step that comes after `done` steps, counted from 0.
    public int epoch(long done) {
        return Math.toIntExact(done / stepsPerEpoch);
    }

    /// The place of that step in its epoch, counted from 0.
    public int stepOfEpoch(long done) {
        return (int) (done % stepsPerEpoch);
    }

    public boolean endsEpoch(long done) {
        return done > 0 && done % stepsPerEpoch == 0;
    }
}
