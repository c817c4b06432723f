package org.jmoco.eval.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.nn.data.source.Target;

/// Average precision of detection by PASCAL VOC's rules (Everingham et al., "The PASCAL Visual Object Classes
/// challenge", 2010), as detectron2 and MMDetection count: numbers of the one do not compare with the other's.
///
/// By falling score, a detection belongs to the object of its class and image that it overlaps most, of equal
/// overlaps the first. Enough overlap with a difficult object counts for nothing; with any other it is right
/// once, and wrong each further time. All else is wrong. Of equal scores the earlier image comes first, then
/// the earlier detection: the published code sorts them at the whim of NumPy's build. The thresholds are 0.50,
/// 0.55, …, 0.95.
public final class VocDetectionAp {
    /// Place of the threshold 0.50.
    public static final int AT_50 = 0;

    /// Place of the threshold 0.75.
    public static final int AT_75 = 5;

    private static final int THRESHOLDS = 10;

    private final MatchedDetections matched;
    private final Interpolation interpolation;

    /// Who counts.
    public enum Rules {
        /// detectron2: overlaps above the threshold; scores to three decimals and boxes to one, as its files of
        /// results have them; float64.
        DETECTRON2 {
            @Override
            Detection seen(Detection d) {
                double left = rounded(d.x() + 1, 1) - 1;
                double top = rounded(d.y() + 1, 1) - 1;
                return new Detection(
                        d.label(),
                        rounded(d.score(), 3),
                        left,
                        top,
                        rounded(d.right(), 1) - left,
                        rounded(d.bottom(), 1) - top,
                        d.mask());
            }

            @Override
            List<Target.Instance> ordered(List<Target.Instance> objects) {
                return objects;
            }

            /// In the coordinates of VOC's files, whose pixels count from 1 and whose last pixel is inside.
            @Override
            double overlap(Detection d, Target.Box box) {
                double left = d.x() + 1;
                double top = d.y() + 1;
                double width = Math.max(Math.min(box.x1(), d.right()) - Math.max(box.x0() + 1, left) + 1, 0);
                double height = Math.max(Math.min(box.y1(), d.bottom()) - Math.max(box.y0() + 1, top) + 1, 0);
                double both = width * height;
                double all = (d.right() - left + 1) * (d.bottom() - top + 1)
                        + (box.x1() - box.x0()) * (box.y1() - box.y0())
                        - both;
                return both / all;
            }

            @Override
            boolean enough(double overlap, double threshold) {
                return overlap > threshold;
            }
        },
        /// MMDetection: overlaps at the threshold or above; a box reaches to its last pixel, so its width is x1
        /// − x0 + 1; overlaps in float32; difficult objects behind the others. A detector under these rules has
        /// learned boxes whose right and lower edges are one less than [Target.Box]'s, and its detections are
        /// taken as such.
        MMDETECTION {
            @Override
            Detection seen(Detection d) {
                return d;
            }

            @Override
            List<Target.Instance> ordered(List<Target.Instance> objects) {
                List<Target.Instance> ordered = new ArrayList<>(objects);
                ordered.sort(Comparator.comparing(Target.Instance::difficult));
                return ordered;
            }

            @Override
            double overlap(Detection d, Target.Box box) {
                float x0 = (float) d.x();
                float y0 = (float) d.y();
                float x1 = (float) d.right();
                float y1 = (float) d.bottom();
                float left = (float) box.x0();
                float top = (float) box.y0();
                float right = (float) (box.x1() - 1);
                float bottom = (float) (box.y1() - 1);
                float width = Math.max(Math.min(x1, right) - Math.max(x0, left) + 1, 0);
                float height = Math.max(Math.min(y1, bottom) - Math.max(y0, top) + 1, 0);
                float both = width * height;
                float found = (x1 - x0 + 1) * (y1 - y0 + 1);
                float truth = (right - left + 1) * (bottom - top + 1);
                return both / Math.max(found + truth - both, 1e-6f);
            }

            @Override
            boolean enough(double overlap, double threshold) {
                return overlap >= threshold;
            }
        };

        /// A detection as the rules take it.
        abstract Detection seen(Detection d);

        /// Of equal overlaps the first of these counts.
        abstract List<Target.Instance> ordered(List<Target.Instance> objects);

        abstract double overlap(Detection d, Target.Box box);

        abstract boolean enough(double overlap, double threshold);
    }

    private VocDetectionAp(MatchedDetections matched, Interpolation interpolation) {
        this.matched = matched;
        this.interpolation = interpolation;
    }

    /// Scores detections.
    ///
    /// @param truth the objects of every image   @param found the detections of every image
    /// @param classes number of classes   @param interpolation [Interpolation#POINTS_11] for VOC2007's test
    ///     images, [Interpolation#AREA] for later ones
    /// @throws IllegalArgumentException if there is no image, there are not as many of both, or a class is
    ///     beyond the number of classes
    public static VocDetectionAp measure(
            List<Target.Objects> truth, List<Detections> found, int classes, Rules rules, Interpolation interpolation) {
        if (truth.isEmpty() || truth.size() != found.size()) {
            throw new IllegalArgumentException(
                    "VOC AP: objects of " + truth.size() + " images, detections of " + found.size());
        }
        List<List<OfClass>> byImage = IntStream.range(0, truth.size())
                .parallel()
                .mapToObj(i -> ofImage(i, truth.get(i), found.get(i), classes, rules))
                .toList();
        List<List<OfClass>> byClass =
                ImageOutcome.byClass(byImage.stream().flatMap(List::stream).toList(), OfClass::label, classes);
        return new VocDetectionAp(
                new MatchedDetections(
                        truth.size(),
                        THRESHOLDS,
                        byClass.parallelStream()
                                .map(all -> ImageOutcome.merged(
                                        all.stream().map(OfClass::outcome).toList()))
                                .toList()),
                interpolation);
    }

    private record OfClass(int label, ImageOutcome outcome) {}

    private static List<OfClass> ofImage(int image, Target.Objects truth, Detections found, int classes, Rules rules) {
        Detections seen = new Detections(found.found().stream().map(rules::seen).toList());
        List<List<Detection>> detections = ImageOutcome.byClass(ImageOutcome.sorted(seen), Detection::label, classes);
        List<List<Target.Instance>> objects =
                ImageOutcome.byClass(rules.ordered(truth.instances()), Target.Instance::label, classes);
        return IntStream.range(0, classes)
                .filter(c -> !detections.get(c).isEmpty() || !objects.get(c).isEmpty())
                .mapToObj(c -> new OfClass(c, matched(image, detections.get(c), objects.get(c), rules)))
                .toList();
    }

    private static ImageOutcome matched(
            int image, List<Detection> detections, List<Target.Instance> objects, Rules rules) {
        int[] truePositive = new int[detections.size()];
        int[] ignored = new int[detections.size()];
        int[] taken = new int[objects.size()];
        for (int d = 0; d < truePositive.length; d++) {
            int most = -1;
            double overlap = Double.NEGATIVE_INFINITY;
            for (int g = 0; g < taken.length; g++) {
                double here = rules.overlap(detections.get(d), objects.get(g).box());
                if (here > overlap) {
                    overlap = here;
                    most = g;
                }
            }
            for (int t = 0; t < THRESHOLDS && most >= 0; t++) {
                if (!rules.enough(overlap, (50 + 5 * t) / 100.0)) {
                    break;
                }
                int bit = 1 << t;
                if (objects.get(most).difficult()) {
                    ignored[d] |= bit;
                } else if ((taken[most] & bit) == 0) {
                    taken[most] |= bit;
                    truePositive[d] |= bit;
                }
            }
        }
        return new ImageOutcome(
                image, detections.stream().mapToDouble(Detection::score).toArray(), truePositive, ignored, (int)
                        objects.stream().filter(o -> !o.difficult()).count());
    }

    /// The number that has these decimals when it is written and read, halves to even.
    static double rounded(double value, int decimals) {
        double unit = decimals == 1 ? 10 : 1000;
        double scaled = value * unit;
        double below = Math.floor(scaled);
        if (Math.abs(scaled - below - 0.5) > 1e-6) { // the product is rounded itself
            return Math.rint(scaled) / unit;
        }
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue();
    }

    /// Mean average precision at the threshold 0.5 over classes with objects, in `[0, 1]`; NaN if none has one.
    public double ap50() {
        return matched.at(AT_50).meanAveragePrecision(interpolation);
    }

    /// At the threshold 0.75.
    public double ap75() {
        return matched.at(AT_75).meanAveragePrecision(interpolation);
    }

    /// Mean over all thresholds.
    public double ap() {
        return matched.meanAveragePrecision(interpolation);
    }

    /// Of one class at the threshold 0.5; NaN if it has no object.
    public double ap50OfClass(int c) {
        return matched.averagePrecision(c, AT_50, interpolation);
    }

    /// Who was matched, at all ten thresholds.
    public MatchedDetections matched() {
        return matched;
    }

    public Interpolation interpolation() {
        return interpolation;
    }
}
