package org.jmoco.eval.knn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;

/// What votes made of the test images, in the form in which results are kept and shown.
///
/// @param features    where they are from: a tap, such as `avgpool`, or `files`
/// @param votes       one or more
/// @param predictions `[m]` a vote, the class it names for every test image
/// @param labels      `[m]`, their classes
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record KnnReport(String features, List<Vote> votes, List<int[]> predictions, int[] labels) {
    /// `knn/avgpool [k=10,20; temperature=0.07]`.
    public String protocol() {
        return "knn/" + features + " [k=" + joined(votes.stream().map(v -> v.k())) + "; temperature="
                + joined(votes.stream().map(Vote::temperature).distinct()) + "]";
    }

    private static String joined(Stream<?> values) {
        return values.map(String::valueOf).collect(Collectors.joining(","));
    }

    /// Each vote's accuracy with its interval over the test images, and of the best one, the first of equals, what
    /// it takes for what.
    ///
    /// @param names   of the classes; empty if they are not known
    /// @param classes how many there are
    public EvaluationResult result(List<String> names, int classes, Provenance provenance) {
        List<Metric> metrics = new ArrayList<>();
        int best = 0;
        for (int v = 0; v < votes.size(); v++) {
            metrics.add(Metric.percent(
                    votes.size() == 1 ? "top-1" : "top-1 k=" + votes.get(v).k(),
                    new Items.Correct(correct(v), labels),
                    provenance.seed()));
            best = metrics.get(v).value() > metrics.get(best).value() ? v : best;
        }
        Optional<Confusion> confusion =
                Confusion.of(metrics.get(best).name(), names, classes, labels, predictions.get(best));
        return new EvaluationResult(protocol(), metrics, List.of(), List.of(), confusion, provenance);
    }

    private boolean[] correct(int vote) {
        boolean[] correct = new boolean[labels.length];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = predictions.get(vote)[i] == labels[i];
        }
        return correct;
    }
}
