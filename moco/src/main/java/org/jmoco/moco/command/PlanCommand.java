package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentForecast;
import org.jmoco.eval.segment.SegmentTime;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.forecast.DetectPlan;
import org.jmoco.moco.forecast.Forecast;
import org.jmoco.moco.forecast.ProcessesForecast;
import org.jmoco.moco.forecast.SegmentPlan;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `jmoco plan`: what a run will need and take.
@Command(
        name = "plan",
        description = "Tells before anything is trained what pre-training will take: memory, steps, time (from a "
                + "short trial), the learning rate beside its scaling rule, how long a key stays in "
                + "the queue, and the largest batch that fits. Of a configuration of segmentation or detection it "
                + "tells memory, steps, time and how many images fit at once. Exits with 1 if the run does not fit.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco plan --config configs/demo.yaml",
            "Example: jmoco plan --config configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml --images "
                    + "1281167 --memory-limit 64g --no-trial",
            "Example: jmoco plan --config configs/benchmarks/fcn_r50-d8_512x512_20k_voc12aug.yaml --images 10582 "
                    + "--set data.classes=21"
        })
public final class PlanCommand implements Runnable {
    /// Either part of the trial ends after so long.
    private static final double SECONDS = 30;

    private static final double MIB = 1 << 20;

    @Mixin
    private ConfigOptions config;

    @Mixin
    private DeviceOptions device;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Memory that the run may take, such as 16g or 900m. Default: what this machine, or its "
                    + "container, has.")
    private Optional<Long> limit = Optional.empty();

    @Option(
            names = "--images",
            paramLabel = "N",
            converter = Count.class,
            description = "Plans for a data set of N images that need not be here; the kNN monitor is left out.")
    private Optional<Integer> images = Optional.empty();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            converter = Count.class,
            description = "Steps of the trial before the measured ones, for the compiler; fewer if they take "
                    + "long. Default: ${DEFAULT-VALUE}.",
            defaultValue = "20")
    private int warmUp;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Count.class,
            description = "Measured steps of the trial; fewer if they take long. Default: ${DEFAULT-VALUE}.",
            defaultValue = "15")
    private int steps;

    @Option(
            names = "--processes",
            paramLabel = "N",
            converter = Count.class,
            description = "Tells what a step would take on N machines like this one: tries one machine's share of the "
                    + "ranks instead of all of them.")
    private Optional<Integer> processes = Optional.empty();

    @Option(
            names = "--gigabits",
            paramLabel = "B",
            description = "With --processes: the network of each machine, Gb/s. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private double gigabits;

    @Option(names = "--no-trial", description = "Runs no step and tells no time.")
    private boolean noTrial;

    @Spec
    private CommandSpec spec;

    /// `900m`, `16g`, or bytes.
    static final class SizeConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmgt]?)i?b?");

        @Override
        public Long convert(String text) {
            Matcher m = SIZE.matcher(text.toLowerCase(Locale.ROOT));
            if (!m.matches()) {
                throw new TypeConversionException("'" + text + "' is no size; write 16g, 900m or a number of bytes");
            }
            int shift = m.group(2).isEmpty() ? 0 : 10 * (1 + "kmgt".indexOf(m.group(2)));
            long number = Long.parseLong(m.group(1));
            if (number == 0 || number > Long.MAX_VALUE >> shift) {
                throw new TypeConversionException("'" + text + "' is no size that a memory has");
            }
            return number << shift;
        }
    }

    @Override
    public void run() {
        ConfigTree.Mapping tree = config.tree();
        if (SegmentPlan.isOne(tree)) {
            segmentation(Binder.bind(tree, SegmentConfig.defaults()));
            return;
        }
        if (DetectPlan.isOne(tree)) {
            detection(Binder.bind(tree, DetectConfig.defaults()));
            return;
        }
        MocoConfig c = config.read();
        processes.ifPresent(n -> requireProcesses(c, n));
        Devices.Choice choice = device.open();
        long bytes = limit.orElseGet(JvmFootprint::machineBytes);
        Forecast forecast = Forecast.of(
                        c, choice.device(), images.map(OptionalInt::of).orElse(OptionalInt.empty()))
                .within(bytes);
        double mebibytes = bytes / MIB;
        boolean fits = forecast.fits(bytes);
        OptionalInt largest = forecast.largestBatch(bytes);
        Optional<ProcessesForecast> together = Optional.empty();
        if (fits && !noTrial) {
            Progress progress = Progress.forPeople();
            if (processes.isPresent()) {
                int n = processes.get();
                progress.print("trying some steps of one of " + n + " machines on " + choice.device() + " …");
                Forecast share = Forecast.of(
                                c.share(n),
                                choice.device(),
                                images.map(OptionalInt::of).orElse(OptionalInt.empty()))
                        .measure(warmUp, steps, SECONDS);
                together = Optional.of(forecast.onProcesses(share, n, gigabits));
            } else {
                progress.print("trying some steps on " + choice.device() + " …");
                forecast.measure(warmUp, steps, SECONDS);
            }
        }
        print(c, forecast, together, largest, mebibytes);
        if (!fits) {
            String onDevice = forecast.deviceMemory()
                    .map(d -> String.format(
                            Locale.ROOT,
                            " and %.0f MiB of the device, which has %.0f",
                            d.programs() / MIB,
                            d.available() / MIB))
                    .orElse("");
            throw new RunException(String.format(
                    Locale.ROOT,
                    "the run does not fit: it needs %.0f MiB, there are %.0f%s; %s",
                    forecast.residentMebibytes(),
                    mebibytes,
                    onDevice,
                    largest.isPresent()
                            ? "the largest batch that fits is " + largest.getAsInt()
                            : "no batch of this network fits, a smaller model.width or views need less"));
        }
    }

    private void segmentation(SegmentConfig c) {
        if (processes.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--processes foretells steps of pre-training alone");
        }
        long bytes = limit.orElseGet(JvmFootprint::machineBytes);
        Device opened = device.open().device();
        SegmentPlan untimed = SegmentPlan.of(c, images, bytes, opened);
        SegmentPlan plan = untimed.fits() && !noTrial ? untimed.timed(opened, trial(opened)) : untimed;
        PrintWriter out = spec.commandLine().getOut();
        plan.lines().forEach(out::println);
        SegmentForecast memory = plan.memory();
        ResultLine line = new ResultLine()
                .seconds("residentMiB", SegmentPlan.mebibytes(memory.total()))
                .seconds("heapMiB", SegmentPlan.mebibytes(memory.heap()))
                .seconds("offHeapMiB", SegmentPlan.mebibytes(memory.offHeap()));
        memory.device().ifPresent(d -> line.seconds("deviceMiB", SegmentPlan.mebibytes(d.programs())));
        plan.time().ifPresent(t -> line.percent("stepMillis", 1000 * t.step()));
        plan.totalSeconds().ifPresent(total -> line.seconds("totalSeconds", total));
        out.println(line.with("steps", c.recipe().iterations())
                .percent("epochs", plan.epochs())
                .with("imagesAtOnce", plan.largestPart().orElse(0))
                .with("largestBatch", plan.largest()));
        out.flush();
        plan.require();
    }

    private SegmentTime.Trial trial(Device opened) {
        Progress.forPeople().print("trying some steps on " + opened + " …");
        return new SegmentTime.Trial(warmUp, steps, SECONDS);
    }

    /// Of images as large as the recipe can make them.
    private void detection(DetectConfig c) {
        if (processes.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--processes foretells steps of pre-training alone");
        }
        long bytes = limit.orElseGet(JvmFootprint::machineBytes);
        Device opened = device.open().device();
        DetectPlan untimed = DetectPlan.of(c, images, bytes, opened);
        DetectPlan plan = untimed.fits() && !noTrial ? untimed.timed(opened, trial(opened)) : untimed;
        PrintWriter out = spec.commandLine().getOut();
        plan.lines().forEach(out::println);
        ResultLine line = new ResultLine()
                .seconds("residentMiB", SegmentPlan.mebibytes(plan.memory().total()));
        plan.time().ifPresent(t -> line.percent("stepMillis", 1000 * t.step()));
        plan.totalSeconds().ifPresent(total -> line.seconds("totalSeconds", total));
        out.println(line.with("steps", c.recipe().iterations())
                .percent("epochs", plan.epochs())
                .with("imagesAtOnce", plan.largestPart().orElse(0))
                .with("largestBatch", plan.largest()));
        out.flush();
        plan.require();
    }

    private void requireProcesses(MocoConfig c, int n) {
        if (c.ranks() % n != 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--processes must divide the ranks of the configuration, " + c.ranks() + ", got " + n
                            + "; --set ranks=" + n + " has as many");
        }
        if (!(gigabits > 0 && gigabits < Double.POSITIVE_INFINITY)) {
            throw new ParameterException(spec.commandLine(), "--gigabits must be above 0, got " + gigabits);
        }
    }

    private void print(
            MocoConfig c,
            Forecast forecast,
            Optional<ProcessesForecast> together,
            OptionalInt largest,
            double mebibytes) {
        PrintWriter out = spec.commandLine().getOut();
        forecast.lines().forEach(out::println);
        together.ifPresent(t -> t.lines().forEach(out::println));
        out.println();
        String where = String.format(
                Locale.ROOT,
                "%sin %.0f MiB",
                forecast.deviceMemory().isPresent() ? "on the device and " : "",
                mebibytes);
        out.println(
                largest.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "the largest batch that fits %s and the data set fills is %,d",
                                where,
                                largest.getAsInt())
                        : "no batch fits " + where);
        ResultLine line = new ResultLine()
                .seconds("residentMiB", forecast.residentMebibytes())
                .seconds("heapMiB", forecast.heapMebibytes())
                .seconds("offHeapMiB", forecast.offHeapMebibytes())
                .with("stepsPerEpoch", forecast.stepsPerEpoch())
                .with("steps", forecast.steps());
        forecast.deviceMemory().ifPresent(d -> line.seconds("deviceMiB", d.programs() / MIB));
        forecast.stepSeconds()
                .ifPresent(s ->
                        line.percent("stepMillis", 1000 * s).seconds("epochSeconds", s * forecast.stepsPerEpoch()));
        forecast.totalSeconds().ifPresent(s -> line.seconds("totalSeconds", s));
        together.ifPresent(
                t -> line.percent("processesStepMillis", 1000 * t.step()).percent("efficiency", 100 * t.efficiency()));
        out.println(line.with("learningRate", c.optimizer().lr())
                .percent("queueEpochs", forecast.queueEpochs())
                .with("largestBatch", largest.orElse(0)));
        out.flush();
    }
}
