package org.jmoco.moco.pretrain;

import java.util.Map;
import org.jmoco.moco.algorithm.Outcome;

/// How far a run is, and what it adds up on the way. Saved with every checkpoint.
final class Counters {
    private static final String SECONDS = "seconds";
    private static final String LOSSES = "epoch-losses";
    private static final String ACCURACIES = "epoch-accuracies";
    private static final String STEPS = "epoch-steps";

    private long steps;
    private double seconds;
    private double losses;
    private double accuracies;
    private long summed;

    /// At the beginning.
    Counters() {}

    /// As they were saved.
    Counters(long steps, Map<String, String> saved) {
        this.steps = steps;
        seconds = Double.parseDouble(saved.getOrDefault(SECONDS, "0"));
        losses = Double.parseDouble(saved.getOrDefault(LOSSES, "0"));
        accuracies = Double.parseDouble(saved.getOrDefault(ACCURACIES, "0"));
        summed = Long.parseLong(saved.getOrDefault(STEPS, "0"));
    }

    Map<String, String> save() {
        return Map.of(
                SECONDS,
                Double.toString(seconds),
                LOSSES,
                Double.toString(losses),
                ACCURACIES,
                Double.toString(accuracies),
                STEPS,
                Long.toString(summed));
    }

    /// Counts one step.
    ///
    /// @param beginsEpoch whether it is the first of its epoch
    void count(Outcome outcome, double stepSeconds, boolean beginsEpoch) {
        if (beginsEpoch) {
            losses = 0;
            accuracies = 0;
            summed = 0;
        }
        steps++;
        seconds += stepSeconds;
        losses += outcome.loss();
        accuracies += outcome.accuracy();
        summed++;
    }

    /// Steps done.
    long steps() {
        return steps;
    }

    /// Time spent in steps, waiting for images included.
    double seconds() {
        return seconds;
    }

    /// Mean loss since the epoch began, nats.
    double epochLoss() {
        return losses / summed;
    }

    /// Mean contrastive accuracy since the epoch began, in `[0, 1]`.
    double epochAccuracy() {
        return accuracies / summed;
    }
}
