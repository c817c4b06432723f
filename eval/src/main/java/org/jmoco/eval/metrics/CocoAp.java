package org.jmoco.eval.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.source.Target;

/// COCO's twelve numbers of detection, by boxes or by masks (Lin et al., "Microsoft COCO: common objects in
/// context", 2014; `cocoeval.py`).
///
/// Of every image and class the first 100 detections count, by falling score, of equal scores those that stand
/// first. Thresholds of overlap are 0.50, 0.55, …, 0.95; [MatchedDetections] has who was matched. Average
/// precision is [Interpolation#POINTS_101], recall the share of objects found. Numbers are means over classes
/// with objects and over thresholds, in `[0, 1]`, NaN where no class has an object in the range (COCO's code
/// says −1). An annotation of the id 0, which COCO's code takes for none, is like any other.
///
/// To score two files: `CocoAp.measure(Path.of("instances.json"), Path.of("detections.json"),
/// Region.BOXES).ap()`.
public final class CocoAp {
    /// Names of [#numbers], in COCO's order: average precision, at the thresholds 0.5 and 0.75, of small,
    /// medium and large objects; average recall of the first 1, 10 and 100 detections of every image and class,
    /// and of small, medium and large objects.
    public static final List<String> NAMES =
            List.of("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

    /// Place of the threshold 0.50.
    public static final int AT_50 = 0;

    /// Place of the threshold 0.75.
    public static final int AT_75 = 5;

    private static final double[] THRESHOLDS = thresholds();
    private static final int[] MOST = {1, 10, 100};

    private final Map<Area, MatchedDetections> matched = new EnumMap<>(Area.class);
    private final double[] recalls = new double[MOST.length];

    /// What overlaps are measured by.
    public enum Region {
        /// COCO's `bbox`.
        BOXES,
        /// COCO's `segm`.
        MASKS
    }

    /// Ranges of areas in pixels, both ends inside. Of an object the area counts that its annotation says, of a
    /// detection that of its box or of its mask.
    public enum Area {
        ALL(0, 1e5 * 1e5),
        SMALL(0, 32 * 32),
        MEDIUM(32 * 32, 96 * 96),
        LARGE(96 * 96, 1e5 * 1e5);

        private final double low;
        private final double high;

        Area(double low, double high) {
            this.low = low;
            this.high = high;
        }
    }

    /// The detections of one class in one image, with what was made of them in every range.
    private record Matched(int label, List<ImageOutcome> outcomes) {
        ImageOutcome in(Area area) {
            return outcomes.get(area.ordinal());
        }
    }

    private CocoAp() {}

    /// 0.50, 0.55, …, 0.95, with the rounding of COCO's code.
    private static double[] thresholds() {
        double step = (0.95 - 0.5) / 9;
        return IntStream.range(0, 10)
                .mapToDouble(t -> t == 9 ? 0.95 : t * step + 0.5)
                .toArray();
    }

    /// Scores a file of detections.
    ///
    /// @param instances  annotations in COCO's form, such as `instances_val2017.json`
    /// @param detections in COCO's form for results, see [DetectionsJson]
    /// @throws DataException if a file is missing or none, the detections are of other images or classes, or a
    ///     mask is missing or of another size than its image where masks are asked for
    public static CocoAp measure(Path instances, Path detections, Region region) {
        CocoAnnotations truth = CocoInstances.annotations(instances);
        List<Detections> found = DetectionsJson.read(detections, truth);
        if (region == Region.MASKS) {
            requireMasks(instances, truth, detections, found);
        }
        return measure(truth.objects(), found, truth.classes().size(), region);
    }

    private static void requireMasks(Path instances, CocoAnnotations truth, Path detections, List<Detections> found) {
        for (int i = 0; i < found.size(); i++) {
            String image = ": image " + truth.imageIds().get(i);
            Target.Objects objects = truth.objects().get(i);
            for (Target.Instance object : objects.instances()) {
                requireMask(object, objects, instances + image);
            }
            if (found.get(i).found().stream().anyMatch(d -> d.mask().isEmpty())) {
                throw new DataException(
                        detections + image + " has a detection without run lengths; score the boxes instead");
            }
        }
    }

    private static void requireMask(Target.Instance object, Target.Objects image, String where) {
        if (object.mask().isEmpty()) {
            throw new DataException(where + " has an object without a mask; score the boxes instead");
        }
        if (object.mask().get() instanceof Target.Mask.Runs runs) {
            try {
                Rle.of(runs, image.height(), image.width());
            } catch (IllegalArgumentException e) {
                throw new DataException(where + " has a mask that does not fit it: " + e.getMessage(), e);
            }
        }
    }

    /// Scores detections. Of equal scores in several images the earlier image comes first: COCO's code takes
    /// images in the order of their ids.
    ///
    /// @param truth   the objects of every image   @param found the detections of every image
    /// @param classes number of classes
    /// @throws IllegalArgumentException if there is no image, there are not as many of both, a class is beyond
    ///     the number of classes, or a mask is missing or of another size where masks are asked for
    public static CocoAp measure(List<Target.Objects> truth, List<Detections> found, int classes, Region region) {
        if (truth.isEmpty() || truth.size() != found.size()) {
            throw new IllegalArgumentException(
                    "COCO AP: objects of " + truth.size() + " images, detections of " + found.size());
        }
        CocoMatching matching = new CocoMatching(THRESHOLDS);
        List<List<Matched>> byImage = IntStream.range(0, truth.size())
                .parallel()
                .mapToObj(i -> ofImage(matching, i, truth.get(i), found.get(i), classes, region))
                .toList();
        CocoAp ap = new CocoAp();
        List<List<Matched>> byClass =
                ImageOutcome.byClass(byImage.stream().flatMap(List::stream).toList(), Matched::label, classes);
        for (Area area : Area.values()) {
            ap.matched.put(
                    area,
                    new MatchedDetections(
                            truth.size(),
                            THRESHOLDS.length,
                            byClass.parallelStream()
                                    .map(all -> ImageOutcome.merged(
                                            all.stream().map(m -> m.in(area)).toList()))
                                    .toList()));
        }
        for (int m = 0; m < MOST.length; m++) {
            int most = MOST[m];
            ap.recalls[m] = IntStream.range(0, classes)
                    .mapToDouble(c -> recall(byClass.get(c), most))
                    .filter(r -> !Double.isNaN(r))
                    .average()
                    .orElse(Double.NaN);
        }
        return ap;
    }

    /// Of the classes that the image has, or that were found in it.
    private static List<Matched> ofImage(
            CocoMatching matching, int image, Target.Objects truth, Detections found, int classes, Region region) {
        List<List<Target.Instance>> objects = ImageOutcome.byClass(truth.instances(), Target.Instance::label, classes);
        List<List<Detection>> detections = ImageOutcome.byClass(ImageOutcome.sorted(found), Detection::label, classes);
        List<Matched> all = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            List<Detection> mine = detections.get(c);
            List<Detection> first = mine.subList(0, Math.min(mine.size(), MOST[MOST.length - 1]));
            if (!first.isEmpty() || !objects.get(c).isEmpty()) {
                CocoOverlaps overlaps = region == Region.BOXES
                        ? CocoOverlaps.ofBoxes(first, objects.get(c))
                        : CocoOverlaps.ofMasks(first, objects.get(c), truth.height(), truth.width());
                all.add(matched(matching, image, c, overlaps, objects.get(c), first));
            }
        }
        return all;
    }

    private static Matched matched(
            CocoMatching matching,
            int image,
            int label,
            CocoOverlaps overlaps,
            List<Target.Instance> objects,
            List<Detection> detections) {
        List<CocoMatching.Truth> known = objects.stream()
                .map(o -> new CocoMatching.Truth(o.area(), o.crowd()))
                .toList();
        double[] scores = detections.stream().mapToDouble(Detection::score).toArray();
        return new Matched(
                label,
                Arrays.stream(Area.values())
                        .map(area -> matching.match(image, scores, overlaps, known, area.low, area.high))
                        .toList());
    }

    /// The share of a class's objects found by the first detections of every image, mean over thresholds.
    private static double recall(List<Matched> all, int most) {
        long objects = 0;
        long found = 0;
        for (Matched m : all) {
            ImageOutcome outcome = m.in(Area.ALL);
            objects += outcome.objects();
            for (int d = 0; d < Math.min(most, outcome.scores().length); d++) {
                found += Integer.bitCount(outcome.truePositive()[d]);
            }
        }
        return objects == 0 ? Double.NaN : (double) found / objects / THRESHOLDS.length;
    }

    /// The twelve numbers, in the order of [#NAMES].
    public double[] numbers() {
        return new double[] {
            ap(),
            ap50(),
            ap75(),
            ap(Area.SMALL),
            ap(Area.MEDIUM),
            ap(Area.LARGE),
            recalls[0],
            recalls[1],
            recalls[2],
            recall(Area.SMALL),
            recall(Area.MEDIUM),
            recall(Area.LARGE)
        };
    }

    /// Mean average precision over all thresholds.
    public double ap() {
        return ap(Area.ALL);
    }

    /// At the threshold 0.5.
    public double ap50() {
        return mean(Area.ALL, c -> matched(Area.ALL).averagePrecision(c, AT_50, Interpolation.POINTS_101));
    }

    /// At the threshold 0.75.
    public double ap75() {
        return mean(Area.ALL, c -> matched(Area.ALL).averagePrecision(c, AT_75, Interpolation.POINTS_101));
    }

    /// Over all thresholds, of the objects of a range of areas.
    public double ap(Area area) {
        return matched(area).meanAveragePrecision(Interpolation.POINTS_101);
    }

    /// Over all thresholds, of one class; NaN if it has no object.
    public double apOfClass(int c) {
        return IntStream.range(0, THRESHOLDS.length)
                .mapToDouble(t -> matched(Area.ALL).averagePrecision(c, t, Interpolation.POINTS_101))
                .average()
                .orElseThrow();
    }

    /// Average recall of 100 detections, of the objects of a range of areas.
    public double recall(Area area) {
        MatchedDetections all = matched(area);
        return mean(
                area,
                c -> IntStream.range(0, THRESHOLDS.length)
                        .mapToDouble(t -> all.recall(c, t))
                        .average()
                        .orElseThrow());
    }

    /// Who was matched, at all ten thresholds.
    public MatchedDetections matched(Area area) {
        return matched.get(area);
    }

    private double mean(Area area, IntToDoubleFunction score) {
        return IntStream.range(0, matched(area).classes().size())
                .mapToDouble(score)
                .filter(s -> !Double.isNaN(s))
                .average()
                .orElse(Double.NaN);
    }
}
