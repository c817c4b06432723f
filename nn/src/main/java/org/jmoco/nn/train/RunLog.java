package org.jmoco.nn.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jmoco.nn.processes.Processes;

/// What a training says while it goes: a line of `metrics.jsonl` and of the loss log a step, the progress line, a
/// line that stays an epoch. Numbers of steps and epochs go to TensorBoard's event file too.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss`, … | each step | what the training measures |
/// | `learningRate`, `imagesPerSecond` | each step | |
/// | `stepMillis`, `loadMillis` | each step | the step with its wait for images; the wait alone |
/// | `processes` | each step of several | how many |
/// | `slowestProcess`, `slowestHost` | the same | the one that took longest to load and compute |
/// | `slowestLoadMillis`, `slowestComputeMillis`, `slowestWaitMillis` | the same | its times |
/// | `epoch`, `epochLoss`, … | each epoch | epochs done; means over the epoch; what the training adds |
/// | `checkpointMillis` | each checkpoint | |
public final class RunLog implements AutoCloseable {
    /// How fast the pace that is shown follows: it looks back over about so many steps.
    private static final int STEPS_OF_PACE = 30;

    private final Length length;
    private final String title;
    private final Progress progress;
    private final Optional<MetricsLog> metrics;
    private final Optional<EventFile> events;
    private final LossLog losses;
    private double pace; // seconds a step
    private int steps;

    private RunLog(
            Training training,
            Progress progress,
            Optional<MetricsLog> metrics,
            Optional<EventFile> events,
            LossLog losses) {
        length = training.length();
        title = training.title().isEmpty() ? "" : training.title() + "  ";
        this.progress = progress;
        this.metrics = metrics;
        this.events = events;
        this.losses = losses;
    }

    /// Opens the logs of a run and cuts them back to what happened up to a step.
    ///
    /// @throws RunException if one cannot be written
    static RunLog open(Run run, Training training, long done) {
        LossLog losses = LossLog.open(run.options().losses(), done);
        Optional<MetricsLog> metrics = run.folder().map(f -> MetricsLog.open(f.metrics(), done));
        Optional<EventFile> events = run.folder().map(f -> EventFile.begin(f.events(), now(), done));
        return new RunLog(training, run.progress(), metrics, events, losses);
    }

    /// A step is done.
    void step(Counters counters, Training training, Training.StepResult result, double seconds, double loadMillis) {
        // The first step is compiled and run cold: it counts for the second one only.
        pace += (seconds - pace) / Math.clamp(steps, 1, STEPS_OF_PACE);
        steps++;
        long step = counters.steps();
        SequencedMap<String, Number> values = new LinkedHashMap<>(result.measured());
        values.put("learningRate", result.learningRate());
        values.put("imagesPerSecond", rounded(result.images() / seconds));
        values.put("stepMillis", rounded(seconds * 1000));
        values.put("loadMillis", rounded(loadMillis));
        write(step, values);
        losses.write(step, result.measured().firstEntry().getValue());
        progress.show(
                System.nanoTime(),
                () -> String.format(
                        Locale.ROOT,
                        "%sepoch %d/%d  step %,d/%,d  %s  lr %.4g  %.0f images/s  %s left  %,d MiB",
                        title,
                        length.epoch(step - 1) + 1,
                        length.epochs(),
                        step,
                        length.steps(),
                        training.describe(result.measured()),
                        result.learningRate(),
                        result.images() / pace,
                        Progress.duration(pace * (length.steps() - step)),
                        ProcessMemory.mebibytes()));
    }

    /// Several processes have taken a step.
    void processes(long step, StepAccord accord, Processes processes) {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        values.put("processes", processes.count());
        values.put("slowestProcess", accord.slowest());
        values.put("slowestHost", processes.hosts().get(accord.slowest()));
        values.put("slowestLoadMillis", rounded(accord.loadMillis()));
        values.put("slowestComputeMillis", rounded(accord.computeMillis()));
        values.put("slowestWaitMillis", rounded(accord.waitMillis()));
        metrics.ifPresent(m -> m.write(step, values));
    }

    /// An epoch is over.
    void epoch(Training.Epoch epoch, Training.EpochNotes notes) {
        SequencedMap<String, Number> values = new LinkedHashMap<>();
        values.put("epoch", epoch.number());
        epoch.means()
                .forEach((name, mean) ->
                        values.put("epoch" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), mean));
        values.putAll(notes.values());
        write(epoch.steps(), values);
        notes.line().ifPresent(line -> print(title + line));
    }

    /// Writes numbers of a step.
    public void write(long step, Map<String, ? extends Number> values) {
        metrics.ifPresent(m -> m.write(step, values));
        values.forEach((name, value) -> event(e -> e.scalar(now(), step, name, value.doubleValue())));
    }

    /// How values are spread, for TensorBoard.
    public void histogram(long step, String name, float... values) {
        event(e -> e.histogram(now(), step, name, values));
    }

    /// A picture, for TensorBoard.
    ///
    /// @param png as a PNG file has it, RGB
    public void picture(long step, String name, int height, int width, byte[] png) {
        event(e -> e.image(now(), step, name, height, width, png));
    }

    private void event(Consumer<EventFile> written) {
        events.ifPresent(written);
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    void checkpoint(long step, double millis) {
        metrics.ifPresent(m -> m.write(step, Map.of("checkpointMillis", rounded(millis))));
    }

    /// Prints a line that stays.
    public void print(String line) {
        progress.print(line);
    }

    /// The number under a key in the last line of a step that has it.
    ///
    /// @return empty if no line of that step does
    public OptionalDouble last(long step, String key) {
        return metrics.isPresent() ? metrics.get().last(step, key) : OptionalDouble.empty();
    }

    /// Puts all lines on the disk: a checkpoint must not know of steps that the logs do not.
    public void flush() {
        losses.flush();
        metrics.ifPresent(MetricsLog::flush);
    }

    @Override
    public void close() {
        try (losses) {
            metrics.ifPresent(MetricsLog::close);
        } finally {
            events.ifPresent(EventFile::close);
        }
    }

    /// Three decimals.
    public static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
