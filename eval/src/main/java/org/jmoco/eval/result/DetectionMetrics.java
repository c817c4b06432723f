package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jmoco.eval.metrics.CocoAp;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.metrics.VocDetectionAp;

/// The numbers of a detection as metrics of a result, in percent, average precisions with intervals over
/// images.
public final class DetectionMetrics {
    /// Those whose items a result keeps, so that two encoders can be compared by them.
    private static final List<String> COMPARED = List.of("AP", "AP50", "AP75");

    private DetectionMetrics() {}

    /// COCO's twelve numbers, by the names of [CocoAp#NAMES]; without those of ranges of areas in which there
    /// is no object. Recalls have no interval.
    ///
    /// @param prefix of the names, such as `box ` and `mask `   @param seed of the resamples
    public static List<Metric> coco(CocoAp ap, String prefix, long seed) {
        Map<String, Items> items = new TreeMap<>();
        Interpolation how = Interpolation.POINTS_101;
        items.put("AP", new Items.Detected(ap.matched(CocoAp.Area.ALL), how));
        items.put("AP50", new Items.Detected(ap.matched(CocoAp.Area.ALL).at(CocoAp.AT_50), how));
        items.put("AP75", new Items.Detected(ap.matched(CocoAp.Area.ALL).at(CocoAp.AT_75), how));
        items.put("APs", new Items.Detected(ap.matched(CocoAp.Area.SMALL), how));
        items.put("APm", new Items.Detected(ap.matched(CocoAp.Area.MEDIUM), how));
        items.put("APl", new Items.Detected(ap.matched(CocoAp.Area.LARGE), how));
        List<Metric> metrics = new ArrayList<>();
        double[] numbers = ap.numbers();
        for (int k = 0; k < numbers.length; k++) {
            String name = CocoAp.NAMES.get(k);
            if (Double.isNaN(numbers[k])) {
                continue;
            }
            Items mine = items.get(name);
            metrics.add(
                    mine == null
                            ? Metric.of(prefix + name, 100 * numbers[k], "%")
                            : percent(prefix + name, mine, COMPARED.contains(name), seed));
        }
        return metrics;
    }

    /// PASCAL VOC's: AP50 first, which is quoted, then AP75 and AP over all thresholds.
    ///
    /// @param seed of the resamples
    public static List<Metric> voc(VocDetectionAp ap, long seed) {
        return List.of(
                Metric.percent(
                        "AP50", new Items.Detected(ap.matched().at(VocDetectionAp.AT_50), ap.interpolation()), seed),
                Metric.percent(
                        "AP75", new Items.Detected(ap.matched().at(VocDetectionAp.AT_75), ap.interpolation()), seed),
                Metric.percent("AP", new Items.Detected(ap.matched(), ap.interpolation()), seed));
    }

    /// What lies behind the means: average precision of every class over all thresholds and at 0.5 and 0.75, in
    /// percent, and its number of objects; nothing for a class without objects.
    ///
    /// @param names of the classes   @param matched at the ten thresholds
    public static ResultTable byClass(
            String title, List<String> names, MatchedDetections matched, Interpolation interpolation) {
        ResultTable table = ResultTable.of(title, "class", "AP %", "AP50 %", "AP75 %", "objects");
        for (int c = 0; c < names.size(); c++) {
            int of = c;
            double all = IntStream.range(0, matched.thresholds())
                    .mapToDouble(t -> matched.averagePrecision(of, t, interpolation))
                    .average()
                    .orElse(Double.NaN);
            table = table.plus(
                    names.get(c),
                    cell(all),
                    cell(matched.averagePrecision(c, CocoAp.AT_50, interpolation)),
                    cell(matched.averagePrecision(c, CocoAp.AT_75, interpolation)),
                    matched.classes().get(c).objectImage().length);
        }
        return table;
    }

    private static Object cell(double share) {
        return Double.isNaN(share) ? "" : 100 * share;
    }

    private static Metric percent(String name, Items items, boolean kept, long seed) {
        Metric m = Metric.percent(name, items, seed);
        return kept ? m : new Metric(name, m.value(), m.unit(), m.interval(), m.spread(), Optional.empty());
    }
}
