package org.jmoco.moco.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentData;
import org.jmoco.eval.segment.SegmentForecast;
import org.jmoco.eval.segment.SegmentOutline;
import org.jmoco.eval.segment.SegmentTime;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.pretrain.Introduction;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;

/// What a training of a segmenter will need, before it starts; for [SegmentForecast], what the run is.
///
/// @param data     the images, if they are here
/// @param images   training images
/// @param bytes    of this machine's memory that the run may take
/// @param largest  number of images, up to the batch, that fit at once; 0 if not even one does
/// @param time     how long it takes, once that was tried
public record SegmentPlan(
        SegmentOutline outline,
        Optional<SegmentData> data,
        int images,
        long bytes,
        SegmentForecast memory,
        int largest,
        Optional<SegmentTime> time) {
    private static final double MIB = 1 << 20;

    /// Whether a configuration is one of segmentation.
    public static boolean isOne(ConfigTree.Mapping tree) {
        return tree.entries().containsKey("crops") && tree.entries().containsKey("recipe");
    }

    /// Looks at a configuration.
    ///
    /// @param images number of training images, if the data is not here; `data.classes` then says how many classes
    ///     it has
    /// @throws org.jmoco.nn.data.DataException if the data is missing or incomplete
    /// @throws ConfigException if the number of classes is not known
    public static SegmentPlan of(SegmentConfig config, Optional<Integer> images, long bytes, Device device) {
        int classes = config.data().classes();
        int training;
        Optional<SegmentData> here = Optional.empty();
        if (images.isPresent()) {
            training = images.get();
            if (classes == 0) {
                throw new ConfigException("--images plans without the data, whose number of classes then has to be "
                        + "told: --set data.classes=21, as VOC has; Cityscapes has 19");
            }
        } else {
            SegmentData data = SegmentData.open(config.data());
            training = data.train().size();
            classes = data.names().size();
            here = Optional.of(data);
        }
        SegmentOutline outline = new SegmentOutline(config, config.encoder().config(), classes);
        SegmentForecast memory = SegmentForecast.of(outline, bytes, device);
        int largest = SegmentForecast.largest(outline, bytes, device);
        return new SegmentPlan(outline, here, training, bytes, memory, largest, Optional.empty());
    }

    /// The same with the time of a trial: on its own first batches if the data is here, else on noise.
    public SegmentPlan timed(Device device, SegmentTime.Trial trial) {
        SegmentTime measured = SegmentTime.measure(outline, data.map(SegmentData::train), device, trial);
        return new SegmentPlan(outline, data, images, bytes, memory, largest, Optional.of(measured));
    }

    /// Seconds of the whole run; without the data the test images are not known and left out.
    public OptionalDouble totalSeconds() {
        return time.map(t -> OptionalDouble.of(t.total(outline.config().recipe().iterations(), tests())))
                .orElse(OptionalDouble.empty());
    }

    private int tests() {
        return data.map(d -> d.test().size()).orElse(0);
    }

    /// Whether the recipe fits as it is.
    public boolean fits() {
        return memory.fits(bytes);
    }

    /// The largest `recipe.images-at-once` that fits.
    public OptionalInt largestPart() {
        return SegmentForecast.largestPart(outline, largest);
    }

    /// How often every training image is seen.
    public double epochs() {
        SegmentConfig.Recipe recipe = outline.config().recipe();
        return (double) recipe.iterations() * recipe.batch() / images;
    }

    /// Megabytes of 2^20 bytes.
    public static double mebibytes(long bytes) {
        return bytes / MIB;
    }

    /// @throws RunException naming what would fit, if the recipe does not
    public void require() {
        if (!fits()) {
            String onDevice = memory.device()
                    .map(d -> format(
                            " and %.0f MiB of the device, which has %.0f",
                            mebibytes(d.programs()), mebibytes(d.available())))
                    .orElse("");
            throw new RunException(format(
                    "the run does not fit: it needs %.0f MiB, there are %.0f%s; %s",
                    mebibytes(memory.total()), mebibytes(bytes), onDevice, SegmentForecast.advice(outline, largest)));
        }
    }

    /// All of it for people.
    public List<String> lines() {
        SegmentConfig config = outline.config();
        SegmentConfig.Recipe recipe = config.recipe();
        ResNet.Config net = outline.encoder();
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: FCN on %s (%s, width %d), output stride %d, %d classes, crops of %d×%d pixels",
                config.name(),
                net.arch(),
                net.stem(),
                net.width(),
                config.model().outputStride(),
                outline.classes(),
                config.crops().side(),
                config.crops().side()));
        lines.add(format(
                "%,d training images; batch %d, %d at once, which share batch norm's statistics",
                images, recipe.batch(), recipe.imagesAtOnce()));
        lines.add(format(
                "%,d steps, %.1f epochs; learning rate %.4g to %.4g, poly",
                recipe.iterations(), epochs(), recipe.lr(), recipe.minLr()));
        time.ifPresent(t -> lines.add(time(t, data.map(d -> d.test().size()), totalSeconds())));
        lines.add("");
        addMemory(lines, memory);
        lines.add("");
        lines.add(format(
                largest == 0
                        ? "not even one image fits at once in %.0f MiB"
                        : "in %.0f MiB fit %d images at once; the largest recipe.images-at-once is %d",
                mebibytes(bytes),
                largest,
                largestPart().orElse(0)));
        return lines;
    }

    /// What takes how long.
    ///
    /// @param tests test images, if they are here   @param total seconds of the whole run
    static String time(SegmentTime time, Optional<Integer> tests, OptionalDouble total) {
        return format(
                "a step takes %.3g s%s, a test image %.3g s; %s in all%s",
                time.step(),
                tests.isPresent() ? "" : " without loading",
                time.image(),
                Progress.duration(total.orElseThrow()),
                tests.map(n -> format(", %,d test images included", n)).orElse(", the test left out"));
    }

    /// What takes how much memory.
    static void addMemory(List<String> lines, SegmentForecast memory) {
        lines.add(memory.device().isPresent() ? "memory of the device at its peak, MiB" : "memory at its peak, MiB");
        row(lines, "parameters, momenta, gradients, statistics", memory.state());
        row(lines, "activations", memory.activations());
        row(lines, "inputs, outputs, workspace of kernels", memory.exchange() + memory.workspace());
        memory.device().ifPresent(d -> {
            row(lines, format("in all, of %,.0f", mebibytes(d.available())), d.programs());
            lines.add("memory of the machine at its peak, MiB");
        });
        row(lines, "encoder, weights being written", memory.copies());
        row(lines, "heap: batches made ahead, scores", memory.images());
        row(lines, "heap: young generation", memory.young());
        row(lines, "classes, compiled code, compiler", memory.runtime());
        row(lines, "resident in all", memory.total());
        Introduction.repeated(memory.repeated()).ifPresent(lines::add);
    }

    private static void row(List<String> lines, String name, long bytes) {
        if (bytes > 0) {
            lines.add(format("  %-42s %,10.0f", name, mebibytes(bytes)));
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
