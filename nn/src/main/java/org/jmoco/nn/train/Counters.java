package org.jmoco.nn.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// How far a training is, and what it adds up on the way. Saved with every checkpoint.
final class Counters {
    private static final String SECONDS = "seconds";
    private static final String WEIGHT = "epoch.weight";
    private static final String SUM = "epoch.sum.";
    /// Names keep their order.
    private static final String PLACE = "000.";
    private static final String PENDING = "epoch.pending";

    private long steps;
    private double seconds;
    private final SequencedMap<String, Double> sums = new LinkedHashMap<>();
    private long weight;
    private boolean pending;

    /// At the beginning.
    Counters() {}

    /// As they were saved.
    Counters(Checkpoints.State saved) {
        steps = saved.step();
        Map<String, String> texts = saved.metadata();
        seconds = Double.parseDouble(texts.getOrDefault(SECONDS, "0"));
        weight = Long.parseLong(texts.getOrDefault(WEIGHT, "0"));
        pending = Boolean.parseBoolean(texts.get(PENDING));
        new TreeMap<>(texts).forEach((key, value) -> {
            if (key.startsWith(SUM)) {
                sums.put(key.substring(SUM.length() + PLACE.length()), Double.valueOf(value));
            }
        });
    }

    Map<String, String> save() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(SECONDS, Double.toString(seconds));
        texts.put(WEIGHT, Long.toString(weight));
        texts.put(PENDING, Boolean.toString(pending));
        int place = 0;
        for (Map.Entry<String, Double> sum : sums.entrySet()) {
            String name = SUM + String.format(Locale.ROOT, "%03d.", place++) + sum.getKey();
            texts.put(name, Double.toString(sum.getValue()));
        }
        return texts;
    }

    /// Counts one step.
    ///
    /// @param beginsEpoch whether it is the first of its epoch
    void count(Training.StepResult result, double stepSeconds, boolean beginsEpoch) {
        if (beginsEpoch) {
            sums.clear();
            weight = 0;
        }
        steps++;
        seconds += stepSeconds;
        result.measured().forEach((name, value) -> sums.merge(name, (double) value * result.weight(), Double::sum));
        weight += result.weight();
    }

    /// Steps done.
    long steps() {
        return steps;
    }

    /// Time spent in steps, waiting for images included.
    double seconds() {
        return seconds;
    }

    /// Whether the last epoch is over and what comes after it has not been done.
    boolean pending() {
        return pending;
    }

    void setPending(boolean open) {
        pending = open;
    }

    /// Means since the epoch began, in the order in which a step gives them.
    SequencedMap<String, Double> means() {
        SequencedMap<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum / weight));
        return means;
    }
}
