package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.ResultTable;

/// Precision over recall of a detection at one threshold of overlap: the mean of all classes, and the classes with
/// the most objects. Precision at a recall is the highest at this recall or a higher one.
final class PrecisionRecallChart {
    private static final int MOST_CLASSES = 9;
    private static final double[] RECALLS =
            IntStream.rangeClosed(0, 100).mapToDouble(r -> r / 100.0).toArray();

    private PrecisionRecallChart() {}

    /// A chart for every metric of a result that is about one threshold, such as `AP50`.
    static List<String> cards(EvaluationResult result) {
        List<String> cards = new ArrayList<>();
        for (Metric metric : result.metrics()) {
            if (metric.items().orElse(null) instanceof Items.Detected detected
                    && detected.matched().thresholds() == 1) {
                cards.add(of("precision over recall, " + metric.name(), names(result, detected), detected.matched()));
            }
        }
        return cards;
    }

    /// @param names of the classes
    static String of(String title, List<String> names, MatchedDetections matched) {
        List<Integer> classes = IntStream.range(0, names.size())
                .filter(c -> matched.classes().get(c).objectImage().length > 0)
                .boxed()
                .sorted(Comparator.comparing(c -> -matched.classes().get(c).objectImage().length)) // stable
                .toList();
        double[] mean = new double[RECALLS.length];
        List<LineChart.Series> series = new ArrayList<>();
        for (int c : classes) {
            double[] precision = matched.precisionAtHundredths(c, 0);
            double average = 0;
            for (int r = 0; r < mean.length; r++) {
                mean[r] += precision[r] / classes.size();
                average += precision[r] / mean.length;
            }
            if (series.size() < MOST_CLASSES) {
                series.add(new LineChart.Series(
                        String.format(Locale.ROOT, "%s %.1f %%", names.get(c), 100 * average), RECALLS, precision));
            }
        }
        if (classes.size() != 1) {
            series.addFirst(new LineChart.Series("mean of " + classes.size() + " classes", RECALLS, mean));
        }
        return LineChart.of(title, "recall", series);
    }

    /// From a table with a row for every class, else their numbers.
    private static List<String> names(EvaluationResult result, Items.Detected detected) {
        int classes = detected.matched().classes().size();
        for (ResultTable table : result.tables()) {
            int column = table.columns().indexOf("class");
            if (column >= 0 && table.rows().size() == classes) {
                return table.rows().stream()
                        .map(row -> row.get(column).toString())
                        .toList();
            }
        }
        return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    }
}
