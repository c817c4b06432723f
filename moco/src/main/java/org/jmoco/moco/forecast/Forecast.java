package org.jmoco.moco.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.forecast.MemoryForecast.ImageCounts;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.moco.pretrain.BatchSource;
import org.jmoco.moco.pretrain.Introduction;
import org.jmoco.moco.pretrain.RunData;
import org.jmoco.moco.pretrain.Timetable;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.backend.DeviceMemory;

/// What a whole run will need and take, before it starts.
///
/// ```java
/// Forecast forecast = Forecast.of(config, device, OptionalInt.empty());
/// forecast.lines().forEach(System.out::println);
/// double seconds = forecast.measure(10, 5, 20).totalSeconds();
/// ```
public final class Forecast {
    private static final double MIB = 1 << 20;

    private final MocoConfig config;
    private final Device device;
    private final BatchSource batches;
    private final Optional<RunData.Labelled> labelled;
    private final Timetable timetable;
    private final ImageCounts counts;
    private MemoryForecast memory;
    private Optional<TimeForecast> time = Optional.empty();

    private Forecast(
            MocoConfig config,
            Device device,
            BatchSource batches,
            Optional<RunData.Labelled> labelled,
            ImageCounts counts) {
        this.config = config;
        this.device = device;
        this.batches = batches;
        this.labelled = labelled;
        this.counts = counts;
        timetable = new Timetable(config, batches.stepsPerEpoch());
        memory = MemoryForecast.of(config, batches.pixels(), counts, device);
    }

    /// Looks at a configuration.
    ///
    /// @param images number of training images, if the data is not here; made-up ones then take their place
    /// @throws org.jmoco.nn.data.DataException if the data is missing or broken, or smaller than a batch
    /// @throws org.jmoco.moco.config.ConfigException if the configuration does not fit the data
    public static Forecast of(MocoConfig config, Device device, OptionalInt images) {
        device.use();
        if (images.isPresent()) {
            MocoConfig unwatched = config.withKnn(config.knn().withEvery(0));
            return new Forecast(
                    unwatched,
                    device,
                    new MadeUpBatches(Trial.pixels(config), images.getAsInt(), config),
                    Optional.empty(),
                    new ImageCounts(images.getAsInt(), 0, false, 0));
        }
        RunData data = RunData.open(config);
        return new Forecast(config, device, data.batches(), data.labelled(), counts(config, data));
    }

    private static ImageCounts counts(MocoConfig config, RunData data) {
        int training = data.batches().size();
        int test = data.labelled().map(l -> l.queries().size()).orElse(0);
        long decoded = switch (config.data().kindThere()) {
            case SAMPLE, CIFAR10, CIFAR100 -> 3L * 32 * 32 * (training + test);
            case IDX -> 28L * 28 * (training + test);
            default -> 0;
        };
        return new ImageCounts(training, test, data.labelled().isPresent(), decoded);
    }

    /// This forecast for a run that has so many bytes of this machine's memory and, if its configuration says
    /// `memory: auto`, computes values again where they do not suffice.
    public Forecast within(long bytes) {
        memory = memory(config.batch(), bytes);
        return this;
    }

    private MemoryForecast memory(int batch, long bytes) {
        return MemoryForecast.within(
                bytes, batch == config.batch() ? config : config.withBatch(batch), batches.pixels(), counts, device);
    }

    /// Trains a few steps to see how long they take; nothing is kept of them.
    ///
    /// @param warmUp  steps first, for the compiler   @param steps that are measured
    /// @param seconds after which either part ends, once it has two steps
    public Forecast measure(int warmUp, int steps, double seconds) {
        time = Optional.of(TimeForecast.measure(
                config, batches, labelled, timetable, device, new TimeForecast.Trial(warmUp, steps, seconds)));
        return this;
    }

    /// What a step takes on several machines.
    ///
    /// @param share     a forecast of [one process's share][MocoConfig#share], measured
    /// @param processes that divide the ranks   @param gigabits of each machine's network
    public ProcessesForecast onProcesses(Forecast share, int processes, double gigabits) {
        double seconds = share.stepSeconds()
                .orElseThrow(() -> new IllegalStateException("the share of a process was not measured"));
        return ProcessesForecast.of(config, batches.pixels(), seconds, processes, gigabits);
    }

    /// Whether the run stays within so many bytes of this machine's memory, and of the device's.
    public boolean fits(long bytes) {
        return memory.fits(bytes);
    }

    /// The largest batch whose run [fits][#fits(long)] and that the data set can fill. Found by planning, without
    /// allocating.
    ///
    /// @return empty if not even the smallest batch fits
    public OptionalInt largestBatch(long bytes) {
        int unit = config.ranks() * config.bn().splits();
        int most = Math.max(1, (config.data().isViews() ? config.batch() : counts.training()) / unit);
        int units = largest(config.batch() / unit, most, n -> fits(n * unit, bytes));
        return units == 0 ? OptionalInt.empty() : OptionalInt.of(units * unit);
    }

    /// The largest number in `1 … most` that fits, if all smaller ones do: doubled or halved from `start` until it
    /// lies between two numbers, then halved in.
    static int largest(int start, int most, IntPredicate fits) {
        int fit = 0;
        int no = most + 1;
        int next = Math.min(start, most);
        while (no - fit > 1) {
            if (fits.test(next)) {
                fit = next;
            } else {
                no = next;
            }
            boolean open = no > most && fit > 0;
            next = open ? (int) Math.min(2L * fit, most) : (fit + no) / 2;
        }
        return fit;
    }

    private boolean fits(int batch, long bytes) {
        try {
            return memory(batch, bytes).fits(bytes);
        } catch (ShapeException e) {
            return true; // too few samples for batch norm: a matter of statistics, not of memory
        }
    }

    /// What the run takes of the device's memory; empty where that is the process's.
    public Optional<DeviceMemory> deviceMemory() {
        return memory.device();
    }

    /// Megabytes of the heap, outside it, and resident in all, each 2^20 bytes.
    public double heapMebibytes() {
        return memory.heap() / MIB;
    }

    /// See [#heapMebibytes].
    public double offHeapMebibytes() {
        return memory.offHeap() / MIB;
    }

    /// See [#heapMebibytes].
    public double residentMebibytes() {
        return memory.total() / MIB;
    }

    public int stepsPerEpoch() {
        return timetable.stepsPerEpoch();
    }

    public long steps() {
        return timetable.steps();
    }

    /// Epochs that a key stays in the queue.
    public double queueEpochs() {
        return (double) config.contrast().queue()
                / (config.contrast().symmetric() ? 2 * config.batch() : config.batch())
                / timetable.stepsPerEpoch();
    }

    /// Seconds a step; empty before [#measure].
    public Optional<Double> stepSeconds() {
        return time.map(TimeForecast::step);
    }

    /// Seconds of the run, with the monitor; empty before [#measure].
    public Optional<Double> totalSeconds() {
        return time.map(t -> t.total(timetable));
    }

    /// All of it for people.
    public List<String> lines() {
        List<String> lines = new ArrayList<>(
                Introduction.lines(config, batches, timetable, !config.data().isViews()));
        lines.add(format(
                "learning rate %.4g, %s over %d epochs",
                config.optimizer().lr(), config.schedule().kind().name().toLowerCase(Locale.ROOT), timetable.epochs()));
        lines.add("");
        lines.add(memory.device().isPresent() ? "memory of the device at its peak, MiB" : "memory at its peak, MiB");
        row(lines, "parameters, momenta, statistics, queue", memory.state());
        row(lines, "activations", memory.activations());
        row(lines, "inputs, outputs, workspace of kernels", memory.exchange() + memory.workspace());
        memory.device().ifPresent(d -> {
            row(lines, format("in all, of %,.0f", d.available() / MIB), d.programs());
            lines.add("memory of the machine at its peak, MiB");
            row(
                    lines,
                    d.machine() ? "the device's arenas, and one copy" : "one copy of the device's largest arenas",
                    d.host());
            row(lines, "variables, inputs, outputs", memory.state() + memory.exchange());
        });
        row(lines, "weights being written", memory.copies());
        row(lines, "kNN monitor, map of the features", memory.features());
        row(lines, "heap: images, batches made ahead", memory.images());
        row(lines, "heap: young generation", memory.young());
        row(lines, "classes, compiled code, compiler", memory.runtime());
        row(lines, "resident in all", memory.total());
        Introduction.repeated(memory.repeated()).ifPresent(lines::add);
        time.ifPresent(t -> {
            lines.add("");
            lines.add(format(
                    "a step takes %.0f ms, %.1f images a second; an epoch %s",
                    1000 * t.step(),
                    config.batch() / t.step(),
                    Progress.duration(t.step() * timetable.stepsPerEpoch())));
            long looks = TimeForecast.looks(timetable);
            String watched = looks > 0 && t.monitor() > 0
                    ? format(
                            ", of which %s for %d looks of the kNN monitor",
                            Progress.duration(looks * t.monitor()), looks)
                    : "";
            lines.add(format(
                    "in all %s%s; the first steps, while kernels are compiled, %s more than others",
                    Progress.duration(t.total(timetable)), watched, Progress.duration(t.warmUp())));
        });
        return lines;
    }

    private static void row(List<String> lines, String name, long bytes) {
        if (bytes > 0) {
            lines.add(format("  %-40s %,10.0f", name, bytes / MIB));
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
