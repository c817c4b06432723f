package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.masks.Rle;
import org.jmoco.eval.metrics.CocoAp;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.VocDetectionAp;
import org.jmoco.eval.result.DetectionMetrics;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.Device;

/// What a trained detector is worth: the objects of all test images that it finds.
public final class DetectBenchmark implements AutoCloseable {
    /// The file of all detections of the test images.
    public static final String DETECTIONS = "detections.json";

    /// Which published numbers are about which configuration, and on how many images.
    private static final List<PublishedOn> PUBLISHED = List.of(
            new PublishedOn("faster_rcnn_r50_c4_mstrain_24k_voc0712", "voc0712-det", 4952),
            new PublishedOn("pascal_voc_R_50_C4_24k_moco", "voc0712-det", 4952),
            new PublishedOn("mask_rcnn_r50_fpn_mstrain_1x_coco", "coco-fpn-1x", 5000),
            new PublishedOn("coco_R_50_FPN_1x_moco", "coco-fpn-1x", 5000));

    private final DetectConfig config;
    private final DetectPredictor predictor;
    private final int[] labels;

    private record PublishedOn(String config, String benchmark, int test) {}

    /// Told how it goes, and asked to stop by an exception.
    public interface Listener {
        /// @param done images of `of`
        void images(int done, int of);
    }

    /// @param normalize what the encoder wants of bytes
    public DetectBenchmark(DetectConfig config, Detector net, Normalize normalize, Device device) {
        this(config, net, normalize, device, IntStream.range(0, net.classes()).toArray());
    }

    /// @param labels which class of the data each class of the network is, see [Detectors#labels]
    public DetectBenchmark(DetectConfig config, Detector net, Normalize normalize, Device device, int... labels) {
        this.config = config;
        this.labels = labels.clone();
        predictor = new DetectPredictor(net, normalize, device);
    }

    /// What is in an image, in its own pixels, by falling score.
    public Detections predict(RgbImage image) {
        var found = predictor.detect(image).labelled(labels);
        Detections detections = Detections.of(found.boxes(), found.scores(), found.classes());
        if (found.masks().isEmpty()) {
            return detections;
        }
        List<Rle> masks = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            float[] mask = found.masks().get(i);
            int cells = (int) Math.sqrt(mask.length);
            masks.add(config.flavour().paste().paste(mask, cells, found.boxes(), i, image.height(), image.width()));
        }
        return detections.withMasks(masks);
    }

    /// Looks for objects in all test images, those of one size together.
    ///
    /// @return of each image, in the order of the data
    /// @throws org.jmoco.nn.data.DataException if an image cannot be read, or is not as large as its annotation
    ///     says
    public List<Detections> detect(DetectData data, Listener listener) {
        int n = data.test().size();
        Detections[] found = new Detections[n];
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> size(data, i).height())
                        .thenComparingInt(i -> size(data, i).width()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int done = 0; done < n; done++) {
            found[order[done]] =
                    predict(ObjectScene.load(data.test(), order[done]).image());
            listener.images(done + 1, n);
        }
        return Arrays.asList(found);
    }

    private RatioResize.Size size(DetectData data, int image) {
        Target.Objects objects = data.truth().objects().get(image);
        return predictor.seen(objects.width(), objects.height());
    }

    /// The result of what was found: PASCAL VOC's numbers on its layout, else COCO's twelve, of boxes and, where
    /// they are found, of masks.
    ///
    /// @param protocol its full name
    public EvaluationResult result(String protocol, DetectData data, List<Detections> found, Provenance provenance) {
        List<Metric> metrics = new ArrayList<>();
        List<ResultTable> tables = new ArrayList<>();
        if (data.layout() == ObjectData.VOC) {
            voc(data, found, metrics, tables);
        } else {
            boolean masks = config.model().masks();
            coco(data, found, CocoAp.Region.BOXES, masks ? "box " : "", metrics, tables);
            if (masks) {
                coco(data, found, CocoAp.Region.MASKS, "mask ", metrics, tables);
            }
        }
        return new EvaluationResult(
                protocol, metrics, tables, published(protocol, data.test().size()), provenance);
    }

    private void voc(DetectData data, List<Detections> found, List<Metric> metrics, List<ResultTable> tables) {
        VocDetectionAp ap = VocDetectionAp.measure(
                data.truth().objects(),
                found,
                data.names().size(),
                config.flavour().vocRules(),
                data.elevenPoints() ? Interpolation.POINTS_11 : Interpolation.AREA);
        metrics.addAll(DetectionMetrics.voc(ap, config.seed()));
        tables.add(DetectionMetrics.byClass("by class", data.names(), ap.matched(), ap.interpolation()));
    }

    private void coco(
            DetectData data,
            List<Detections> found,
            CocoAp.Region region,
            String prefix,
            List<Metric> metrics,
            List<ResultTable> tables) {
        CocoAp ap = CocoAp.measure(data.truth().objects(), found, data.names().size(), region);
        metrics.addAll(DetectionMetrics.coco(ap, prefix, config.seed()));
        tables.add(DetectionMetrics.byClass(
                prefix + "by class", data.names(), ap.matched(CocoAp.Area.ALL), Interpolation.POINTS_101));
    }

    private static List<Published> published(String protocol, int test) {
        return PUBLISHED.stream()
                .filter(p -> protocol.endsWith("/" + p.config) && p.test == test)
                .flatMap(p -> Published.of(p.benchmark).stream())
                .toList();
    }

    /// The share of an image's objects that are found with an overlap of half or more, or of what is found the
    /// share that is an object, whichever is smaller: for choosing images to look at.
    public static double agreement(Target.Objects truth, Detections found) {
        List<Target.Instance> objects =
                truth.instances().stream().filter(o -> !o.crowd()).toList();
        List<Detection> sure = found.found().stream()
                .filter(d -> d.score() >= DrawnObjects.SURE)
                .toList();
        long hit = objects.stream()
                .filter(o -> sure.stream().anyMatch(d -> d.label() == o.label() && overlap(d, o.box()) >= 0.5))
                .count();
        return objects.isEmpty() && sure.isEmpty() ? 1 : (double) hit / Math.max(objects.size(), sure.size());
    }

    private static double overlap(Detection d, Target.Box box) {
        double width = Math.max(Math.min(d.right(), box.x1()) - Math.max(d.x(), box.x0()), 0);
        double height = Math.max(Math.min(d.bottom(), box.y1()) - Math.max(d.y(), box.y0()), 0);
        double both = width * height;
        double either = d.width() * d.height() + (box.x1() - box.x0()) * (box.y1() - box.y0()) - both;
        return both == 0 ? 0 : both / either;
    }

    @Override
    public void close() {
        predictor.close();
    }
}
