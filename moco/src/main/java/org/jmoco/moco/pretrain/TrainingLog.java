package org.jmoco.moco.pretrain;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jmoco.eval.health.FeatureHealth;
import org.jmoco.moco.algorithm.Outcome;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.train.EventFile;
import org.jmoco.nn.train.LossLog;
import org.jmoco.nn.train.MetricsLog;
import org.jmoco.nn.train.ProcessMemory;
import org.jmoco.nn.train.Progress;

/// What a run says while it goes: a line of `metrics.jsonl` and of the loss log a step, the progress line, a line
/// that stays an epoch.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss`, `accuracy` | each step | InfoNCE loss in nats; contrastive top-1 in `[0, 1]` |
/// | `learningRate`, `imagesPerSecond` | each step | |
/// | `stepMillis`, `loadMillis` | each step | the step with its wait for images; the wait alone |
/// | `epoch`, `epochLoss`, `epochAccuracy` | each epoch | epochs done; means over the epoch |
/// | `knn`, `knnMillis` | where the monitor looked | accuracy in percent |
/// | `alignment`, `uniformity`, `effectiveRank` | each epoch | [org.jmoco.eval.health.FeatureHealth] |
/// | `spread`, `positiveRank` | each epoch | the same |
/// | `keyAge` | each epoch | mean age of the keys in the queue, in steps |
/// | `checkpointMillis` | each checkpoint | |
///
/// Numbers of steps and epochs go to TensorBoard's event file too.
final class TrainingLog {
    /// How fast the pace that is shown follows: it looks back over about so many steps.
    private static final int STEPS_OF_PACE = 30;

    private final MetricsLog metrics;
    private final LossLog losses;
    private final EventFile events;
    private final Progress progress;
    private final Timetable timetable;
    private final int batch;
    private double pace; // seconds a step
    private int steps;

    TrainingLog(
            MetricsLog metrics, LossLog losses, EventFile events, Progress progress, Timetable timetable, int batch) {
        this.metrics = metrics;
        this.losses = losses;
        this.events = events;
        this.progress = progress;
        this.timetable = timetable;
        this.batch = batch;
    }

    void step(Counters counters, Outcome outcome, float learningRate, double seconds, double loadMillis) {
        // The first step is compiled and run cold: it counts for the second one only.
        pace += (seconds - pace) / Math.clamp(steps, 1, STEPS_OF_PACE);
        steps++;
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", outcome.loss());
        values.put("accuracy", outcome.accuracy());
        values.put("learningRate", learningRate);
        values.put("imagesPerSecond", rounded(batch / seconds));
        values.put("stepMillis", rounded(seconds * 1000));
        values.put("loadMillis", rounded(loadMillis));
        write(counters.steps(), values);
        losses.write(counters.steps(), outcome.loss());
        progress.show(System.nanoTime(), line(counters, outcome, learningRate));
    }

    private String line(Counters counters, Outcome outcome, float learningRate) {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  step %,d/%,d  loss %.4f  top-1 %.1f %%  lr %.4g  %.0f images/s  %s left  %,d MiB",
                timetable.epoch(counters.steps() - 1) + 1,
                timetable.epochs(),
                counters.steps(),
                timetable.steps(),
                outcome.loss(),
                100 * outcome.accuracy(),
                learningRate,
                batch / pace,
                Progress.duration(pace * (timetable.steps() - counters.steps())),
                ProcessMemory.mebibytes());
    }

    void knn(long step, double percent, double millis) {
        write(step, Map.of("knn", percent, "knnMillis", rounded(millis)));
        progress.print(String.format(Locale.ROOT, "step %,d: kNN %.2f %%", step, percent));
    }

    void epoch(Counters counters) {
        int done = timetable.epoch(counters.steps());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("epoch", done);
        values.put("epochLoss", counters.epochLoss());
        values.put("epochAccuracy", counters.epochAccuracy());
        write(counters.steps(), values);
        progress.print(String.format(
                Locale.ROOT,
                "epoch %d/%d: loss %.4f, top-1 %.1f %%, %s of training",
                done,
                timetable.epochs(),
                counters.epochLoss(),
                100 * counters.epochAccuracy(),
                Progress.duration(counters.seconds())));
    }

    /// @param views pairs of views side by side, to look at
    void health(long step, FeatureHealth health, double keyAge, float[] features, RgbImage views) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("alignment", health.alignment());
        values.put("uniformity", health.uniformity());
        values.put("effectiveRank", health.effectiveRank());
        values.put("spread", health.spread());
        values.put("positiveRank", health.positiveRank());
        values.put("keyAge", keyAge);
        write(step, values);
        events.histogram(now(), step, "features", features);
        if (views != null) {
            events.image(now(), step, "views", views.height(), views.width(), PngWriter.encode(views));
        }
        health.alarm().ifPresent(alarm -> progress.print("warning: " + alarm));
    }

    private void write(long step, Map<String, ?> values) {
        metrics.write(step, values);
        values.forEach((name, value) -> events.scalar(now(), step, name, ((Number) value).doubleValue()));
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    void checkpoint(long step, double millis) {
        metrics.write(step, Map.of("checkpointMillis", rounded(millis)));
    }

    void print(String line) {
        progress.print(line);
    }

    /// Puts all lines on the disk: a checkpoint must not know of steps that the logs do not.
    void flush() {
        losses.flush();
        metrics.flush();
    }

    /// Three decimals.
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
