package org.jmoco.moco.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.DetectData;
import org.jmoco.eval.detect.DetectOutline;
import org.jmoco.eval.detect.DetectTime;
import org.jmoco.eval.segment.SegmentForecast;
import org.jmoco.eval.segment.SegmentTime;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;

/// What a training of a detector will need, before it starts, if all images of a part are as large as the recipe can
/// make them.
///
/// @param data    the images, if they are here
/// @param images  training images
/// @param bytes   of this machine's memory that the run may take
/// @param largest number of images, up to the batch, that fit at once; 0 if not even one does
/// @param time    how long it takes, once that was tried
public record DetectPlan(
        DetectOutline outline,
        Optional<DetectData> data,
        int images,
        long bytes,
        SegmentForecast memory,
        int largest,
        Optional<SegmentTime> time) {
    /// Whether a configuration is one of detection.
    public static boolean isOne(ConfigTree.Mapping tree) {
        return tree.entries().containsKey("flavour") && tree.entries().containsKey("recipe");
    }

    /// Looks at a configuration.
    ///
    /// @param images number of training images, if the data is not here; `data.classes` then says how many classes
    ///     it has
    /// @throws org.jmoco.nn.data.DataException if the data is missing or incomplete
    /// @throws ConfigException if the number of classes is not known
    public static DetectPlan of(DetectConfig config, Optional<Integer> images, long bytes, Device device) {
        int classes = config.data().classes();
        int training;
        Optional<DetectData> here = Optional.empty();
        if (images.isPresent()) {
            training = images.get();
            if (classes == 0) {
                throw new ConfigException("--images plans without the data, whose number of classes then has to be "
                        + "told: --set data.classes=20, as VOC has; COCO has 80");
            }
        } else {
            DetectData data = DetectData.open(config);
            training = data.train().size();
            classes = data.names().size();
            here = Optional.of(data);
        }
        DetectOutline outline = new DetectOutline(config, config.encoder().config(), classes);
        SegmentForecast memory = SegmentForecast.of(outline, bytes, device);
        int largest = SegmentForecast.largest(outline, bytes, device);
        return new DetectPlan(outline, here, training, bytes, memory, largest, Optional.empty());
    }

    /// The same with the time of a trial: on its own first batches if the data is here, else on noise.
    public DetectPlan timed(Device device, SegmentTime.Trial trial) {
        SegmentTime measured = DetectTime.measure(outline, data.map(DetectData::train), device, trial);
        return new DetectPlan(outline, data, images, bytes, memory, largest, Optional.of(measured));
    }

    /// Seconds of the whole run; without the data the test images are not known and left out.
    public OptionalDouble totalSeconds() {
        return time.map(t -> OptionalDouble.of(t.total(DetectTime.steps(outline.config()), tests())))
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
        return (double) outline.config().recipe().iterations() * outline.batch() / images;
    }

    /// @throws RunException naming what would fit, if the recipe does not
    public void require() {
        if (!fits()) {
            throw new RunException(format(
                    "the run does not fit: it needs %.0f MiB, there are %.0f; %s",
                    SegmentPlan.mebibytes(memory.total()),
                    SegmentPlan.mebibytes(bytes),
                    SegmentForecast.advice(outline, largest)));
        }
    }

    /// All of it for people.
    public List<String> lines() {
        DetectConfig config = outline.config();
        DetectConfig.Recipe recipe = config.recipe();
        ResNet.Config net = outline.encoder();
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: %s %s%s on %s (%s, width %d), %d classes, images of up to %d×%d pixels",
                config.name(),
                config.flavour(),
                config.model().detector(),
                config.model().masks() ? " with masks" : "",
                net.arch(),
                net.stem(),
                net.width(),
                outline.classes(),
                outline.height(),
                outline.width()));
        lines.add(format(
                "%,d training images; batch %d, %d at once, which share batch norm's statistics",
                images, recipe.batch(), recipe.imagesAtOnce()));
        lines.add(format(
                "%,d steps, %.1f epochs; learning rate %.4g after %d steps, a tenth at %s",
                recipe.iterations(), epochs(), recipe.lr(), recipe.warmUp(), recipe.milestones()));
        time.ifPresent(t -> lines.add(SegmentPlan.time(t, data.map(d -> d.test().size()), totalSeconds())));
        lines.add("");
        SegmentPlan.addMemory(lines, memory);
        lines.add("");
        lines.add(format(
                largest == 0
                        ? "not even one image fits at once in %.0f MiB"
                        : "in %.0f MiB fit %d images at once; the largest recipe.images-at-once is %d",
                SegmentPlan.mebibytes(bytes),
                largest,
                largestPart().orElse(0)));
        return lines;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
