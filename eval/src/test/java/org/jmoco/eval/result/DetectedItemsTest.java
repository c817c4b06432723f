package org.jmoco.eval.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.metrics.CocoAp;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.metrics.VocDetectionAp;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectedItemsTest {
    private static final Provenance PROVENANCE = new Provenance("jmoco", Map.of(), 7, List.of());

    @TempDir
    private Path folder;

    private final List<Target.Objects> truth = new ArrayList<>();

    /// Scenes of two classes, and a detector that finds a share of them.
    private List<Detections> found(double share, int images) {
        truth.clear();
        List<Detections> found = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            Philox draws = new Philox(3, i, 0, 0);
            List<Target.Instance> objects = new ArrayList<>();
            List<Detection> detections = new ArrayList<>();
            for (int o = 0; o < 3; o++) {
                int label = draws.below(2);
                double x = 40 * o;
                objects.add(new Target.Instance(
                        label, new Target.Box(x, 0, x + 30, 30), 900, false, false, Optional.empty()));
                double off = draws.nextDouble() < share ? 1 : 40;
                detections.add(new Detection(label, draws.nextDouble(), x, off, 30, 30, Optional.empty()));
            }
            truth.add(new Target.Objects(200, 200, objects));
            found.add(new Detections(detections));
        }
        return found;
    }

    private EvaluationResult result(double share) {
        List<Detections> found = found(share, 40);
        List<Metric> metrics = DetectionMetrics.coco(CocoAp.measure(truth, found, 2, CocoAp.Region.BOXES), "box ", 5);
        return new EvaluationResult("scenes-detection", metrics, List.of(), List.of(), PROVENANCE);
    }

    @Test
    void whatIsWrittenIsReadAndCompared() {
        EvaluationResult good = result(0.8);
        ResultFolder.write(folder.resolve("good"), good);
        ResultFolder.write(folder.resolve("poor"), result(0.4));
        EvaluationResult a = ResultFolder.read(folder.resolve("good"));
        EvaluationResult b = ResultFolder.read(folder.resolve("poor"));
        assertEquals(
                List.of("box AP", "box AP50", "box AP75", "box APs", "box AR1", "box AR10", "box AR100", "box ARs"),
                a.metrics().stream().map(Metric::name).toList());
        Metric ap = a.metric("box AP");
        Items items = ap.items().orElseThrow();
        assertEquals(40, items.size());
        assertTrue(a.metric("box APs").items().isEmpty()
                && a.metric("box APs").interval().isPresent());
        assertTrue(a.metric("box AR1").interval().isEmpty());
        assertEquals(good.metric("box AP").value(), ap.value());
        int[] once = new int[40];
        Arrays.fill(once, 1);
        assertEquals(ap.value(), 100 * items.score(once), 1e-12);
        Metric.Interval interval = ap.interval().orElseThrow();
        assertTrue(interval.low() < ap.value() - 3 && ap.value() < interval.high(), interval + " " + ap.value());
        List<Comparison> comparisons = Comparison.of(List.of("good", "poor"), a, b, 1);
        assertEquals(
                List.of("box AP", "box AP50", "box AP75"),
                comparisons.stream().map(Comparison::metric).toList());
        Comparison first = comparisons.getFirst();
        assertEquals(
                a.metric("box AP").value() - b.metric("box AP").value(),
                first.difference().value(),
                1e-9);
        assertTrue(first.pValue() < 0.01 && first.difference().low() > 0, first.toString());
        assertTrue(Comparison.of(List.of("a", "a"), a, a, 1).getFirst().pValue() > 0.9);
    }

    /// Objects of other images are refused.
    @Test
    void itemsOfOtherObjectsAreNotCompared() {
        EvaluationResult forty = result(0.5);
        List<Detections> found = found(0.5, 41);
        EvaluationResult more = new EvaluationResult(
                "scenes-detection",
                DetectionMetrics.coco(CocoAp.measure(truth, found, 2, CocoAp.Region.BOXES), "box ", 5),
                List.of(),
                List.of(),
                PROVENANCE);
        List<String> names = List.of("a", "b");
        assertThrows(DataException.class, () -> Comparison.of(names, forty, more, 1));
    }

    @Test
    void vocHasThreeNumbers() {
        List<Detections> found = found(0.7, 20);
        VocDetectionAp ap =
                VocDetectionAp.measure(truth, found, 2, VocDetectionAp.Rules.DETECTRON2, Interpolation.POINTS_11);
        List<Metric> metrics = DetectionMetrics.voc(ap, 1);
        assertEquals(
                List.of("AP50", "AP75", "AP"),
                metrics.stream().map(Metric::name).toList());
        assertEquals(100 * ap.ap50(), metrics.get(0).value(), 1e-12);
        assertEquals(100 * ap.ap(), metrics.get(2).value(), 1e-12);
        ResultTable table = DetectionMetrics.byClass("t", List.of("a", "b"), ap.matched(), ap.interpolation());
        assertEquals(List.of("class", "AP %", "AP50 %", "AP75 %", "objects"), table.columns());
        assertEquals(100 * ap.ap50OfClass(1), (double) table.rows().get(1).get(2), 1e-12);
        double mean = ((double) table.rows().get(0).get(1)
                        + (double) table.rows().get(1).get(1))
                / 2;
        assertEquals(100 * ap.ap(), mean, 1e-9);
        assertEquals(
                60, (int) table.rows().get(0).get(4) + (int) table.rows().get(1).get(4));
    }

    @Test
    void damageIsNamed() {
        MatchedDetections matched = new MatchedDetections(
                3,
                2,
                List.of(
                        new MatchedDetections.OfClass(new int[0], new int[0], new int[0], new int[] {0}),
                        new MatchedDetections.OfClass(
                                new int[] {2, 1}, new int[] {1, 3}, new int[] {2, 0}, new int[] {1, 1, 2})));
        Items.Detected items = new Items.Detected(matched, Interpolation.AREA);
        Map<String, ArrayData> arrays = new TreeMap<>();
        DetectedItems.put(arrays, "m", items);
        Items.Detected read = DetectedItems.read("f", arrays, "m");
        assertTrue(read.sameLabels(items));
        int[] times = {1, 2, 3};
        assertEquals(items.score(times), read.score(times));
        for (String array : List.copyOf(arrays.keySet())) {
            Map<String, ArrayData> less = new TreeMap<>(arrays);
            less.remove(array);
            assertThrows(FormatException.class, () -> DetectedItems.read("f", less, "m"), array);
        }
        damaged(arrays, "m/detection-image", 2, 3);
        damaged(arrays, "m/detection-class", 1, 0);
        damaged(arrays, "m/object-class", 0, 1, 1, 2);
        damaged(arrays, "m/images-classes-thresholds-points", 3, 2, 2, 12);
        damaged(arrays, "m/images-classes-thresholds-points", 3, 2, 40, 0);
        damaged(arrays, "m/object-class", 0, 0, 0, 0); // more is found than there is
    }

    private static void damaged(Map<String, ArrayData> arrays, String name, int... values) {
        Map<String, ArrayData> wrong = new TreeMap<>(arrays);
        wrong.put(name, ArrayData.ofInts(values));
        assertThrows(FormatException.class, () -> DetectedItems.read("f", wrong, "m"), name);
    }
}
