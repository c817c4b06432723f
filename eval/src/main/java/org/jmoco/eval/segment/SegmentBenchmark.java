package org.jmoco.eval.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jmoco.eval.metrics.MeanIou;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.OpenCvResize;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.dense.Scene;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target.LabelMap;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Device;

/// What a trained segmenter is worth: the pixels of all test images that it labels rightly.
public final class SegmentBenchmark implements AutoCloseable {
    /// The metric that is quoted.
    public static final String MEAN_IOU = "mIoU";

    /// Which published numbers are about which configuration, and on how many images.
    private static final List<PublishedOn> PUBLISHED = List.of(
            new PublishedOn("fcn_r50-d8_512x512_20k_voc12aug", "voc12aug-seg", 10_582, 1449),
            new PublishedOn("fcn_r50-d8_769x769_40k_cityscapes", "cityscapes-seg", 2975, 500));

    private final SegmentConfig config;
    private final SegmentPredictor predictor;
    private final int classes;

    private record PublishedOn(String config, String benchmark, int train, int test) {}

    /// Told how it goes.
    public interface Listener {
        /// @param done images of `of`
        void images(int done, int of);
    }

    /// Counted pixels.
    ///
    /// @param items  of every image   @param counts `[classes][classes]` over all images, a row a true class
    @SuppressWarnings("ArrayRecordComponent") // a carrier of counts, never compared
    public record Counted(Items.Segmented items, long[][] counts) {
        /// The mean intersection over union of an image by itself, in `[0, 1]`; NaN if none of its pixels has a
        /// label.
        public double own(int image) {
            return MeanIou.of(List.of(items.images().get(image))).mean();
        }
    }

    /// @param normalize what the encoder wants of bytes
    public SegmentBenchmark(SegmentConfig config, Segmenter net, Normalize normalize, Device device) {
        this.config = config;
        this.classes = net.options().classes();
        predictor = new SegmentPredictor(net, normalize, config.test().testing(), device);
    }

    /// The classes of an image's pixels, at its own size.
    public LabelMap predict(RgbImage image) {
        RatioResize.Size size = config.test().frame().of(image.width(), image.height());
        RgbImage seen = OpenCvResize.bilinear(image, size.width(), size.height());
        int[] found = predictor.classes(seen.rgb(), size.height(), size.width(), image.height(), image.width());
        byte[] bytes = new byte[found.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) found[i];
        }
        return new LabelMap(image.width(), image.height(), bytes);
    }

    /// Labels all images and counts.
    ///
    /// @throws DataException if an image or its label map cannot be read, or no pixel has a class
    public Counted count(ImageSource images, Listener listener) {
        return count(images, new Alone("this machine"), () -> false, listener);
    }

    /// The same by several processes, which all get the same. Collective.
    ///
    /// @param stop whether someone wants this process to stop
    /// @throws org.jmoco.nn.train.StoppedException on all of them if so
    public Counted count(ImageSource images, Processes processes, BooleanSupplier stop, Listener listener) {
        SharedCounts shared = new SharedCounts(processes, classes, stop);
        shared.count(images.size(), (i, pixels) -> {
            Scene scene = Scene.load(images, i);
            MeanIou.Counts counted =
                    shared.add(predict(scene.image()).classes(), scene.labels().classes(), pixels);
            listener.images(i + 1, images.size());
            return counted;
        });
        if (Arrays.stream(shared.counts()).flatMapToLong(Arrays::stream).sum() == 0) {
            throw new DataException(images.name(0) + ": no pixel of this and the other test images has a class, so "
                    + "there is nothing to compare with: all their labels are " + LabelMap.IGNORED);
        }
        return new Counted(new Items.Segmented(shared.ofImages()), shared.counts());
    }

    /// The result of what was counted.
    ///
    /// @param protocol its full name   @param names of the classes   @param training number of training images
    public EvaluationResult result(
            String protocol, List<String> names, int training, Counted counted, Provenance provenance) {
        Items.Segmented items = counted.items();
        List<Metric> metrics = List.of(
                Metric.percent(MEAN_IOU, items, config.seed()),
                metric("aAcc", items, MeanIou::pixelAccuracy),
                metric("mAcc", items, MeanIou::meanAccuracy));
        MeanIou all = MeanIou.of(items.images());
        ResultTable table = ResultTable.of("by class", "class", "IoU %", "accuracy %", "pixels");
        for (int c = 0; c < classes; c++) {
            long pixels = Arrays.stream(counted.counts()[c]).sum();
            table = table.plus(names.get(c), percent(all.iou(c)), percent(all.accuracy(c)), pixels);
        }
        return new EvaluationResult(
                protocol,
                metrics,
                List.of(table),
                published(protocol, training, items.size()),
                confusion(names, counted),
                provenance);
    }

    private List<Published> published(String protocol, int training, int test) {
        return PUBLISHED.stream()
                .filter(p ->
                        protocol.endsWith("/" + p.config) && (training == 0 || p.train == training) && p.test == test)
                .flatMap(p -> Published.of(p.benchmark).stream())
                .toList();
    }

    private Metric metric(String name, Items.Segmented items, ToDoubleFunction<MeanIou> score) {
        HalfSamples.Interval i = new HalfSamples(items.size(), HalfSamples.REPLICATES, config.seed())
                .interval(times -> score.applyAsDouble(MeanIou.of(items.images(), times)), Metric.LEVEL);
        return new Metric(
                name,
                100 * i.value(),
                "%",
                Optional.of(new Metric.Interval(100 * i.low(), 100 * i.high(), i.level())),
                Optional.empty(),
                Optional.empty());
    }

    /// Nothing for a class that is not there.
    private static Object percent(double share) {
        return Double.isNaN(share) ? "" : 100 * share;
    }

    private Optional<Confusion> confusion(List<String> names, Counted counted) {
        if (classes > Confusion.MOST_CLASSES) {
            return Optional.empty();
        }
        long most = 1;
        for (long[] row : counted.counts()) {
            for (long count : row) {
                most = Math.max(most, count);
            }
        }
        long unit = Math.ceilDiv(most, Integer.MAX_VALUE);
        List<List<Integer>> rows = new ArrayList<>();
        for (long[] row : counted.counts()) {
            rows.add(IntStream.range(0, classes)
                    .mapToObj(c -> Math.toIntExact(row[c] / unit))
                    .toList());
        }
        return Optional.of(new Confusion(MEAN_IOU, names, rows));
    }

    @Override
    public void close() {
        predictor.close();
    }
}
