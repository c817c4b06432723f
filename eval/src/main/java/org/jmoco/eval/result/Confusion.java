package org.jmoco.eval.result;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How often images of one class were taken for another.
///
/// @param metric  the name of the [Metric] whose answers are counted
/// @param classes their names; empty if they are not known
/// @param counts  `[classes][classes]`, a row a true class, a column a predicted one
public record Confusion(String metric, List<String> classes, List<List<Integer>> counts) {
    /// A table of more classes is larger than what anyone looks at: for ImageNet a million cells.
    public static final int MOST_CLASSES = 100;

    /// @throws IllegalArgumentException if the table is not a square, or names are given and not one for each class
    public Confusion {
        classes = List.copyOf(classes);
        counts = counts.stream().map(List::copyOf).toList();
        int n = counts.size();
        if (counts.stream().anyMatch(row -> row.size() != n) || !classes.isEmpty() && classes.size() != n) {
            throw new IllegalArgumentException("confusion of " + metric + ": rows of "
                    + counts.stream().map(List::size).toList() + " columns and " + classes.size() + " names for " + n
                    + " classes");
        }
    }

    /// Counts answers; empty if there are more classes than [#MOST_CLASSES].
    ///
    /// @param names       of the classes, if they are known: those of another number are left out
    /// @param classes     labels and predictions are in `0 … classes − 1`
    /// @param labels      `[n]`
    /// @param predictions `[n]`
    public static Optional<Confusion> of(
            String metric, List<String> names, int classes, int[] labels, int[] predictions) {
        if (classes > MOST_CLASSES) {
            return Optional.empty();
        }
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predictions[i]]++;
        }
        List<List<Integer>> rows = IntStream.range(0, classes)
                .mapToObj(c -> IntStream.of(counts[c]).boxed().toList())
                .toList();
        return Optional.of(new Confusion(metric, names.size() == classes ? names : List.of(), rows));
    }
}
