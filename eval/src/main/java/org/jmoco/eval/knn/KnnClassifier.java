package org.jmoco.eval.knn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// Classifies by the labels of the nearest features, nothing being trained.
///
/// ```java
/// KnnClassifier knn = new KnnClassifier(device, trainFeatures, trainLabels);
/// double percent = knn.accuracy(testFeatures, testLabels, new Vote(200, 0.1));
/// ```
public final class KnnClassifier {
    private final NearestNeighbours search;
    private final int[] labels;
    private final int classes;

    /// @param bank   `[n, d]` of float32
    /// @param labels `[n]`, from 0
    /// @throws IllegalArgumentException if lengths do not fit, a label is negative, or a feature is not finite
    public KnnClassifier(Device device, ArrayData bank, int[] labels) {
        requireLabels("bank", bank, labels);
        search = new NearestNeighbours(device, bank);
        this.labels = labels.clone();
        classes = IntStream.of(labels).max().orElseThrow() + 1;
    }

    /// How often the vote names the query's own class, in percent.
    public double accuracy(ArrayData queries, int[] queryLabels, Vote vote) {
        return accuracies(queries, queryLabels, List.of(vote)).getFirst();
    }

    /// As [#accuracy], for several votes at the cost of one search.
    public List<Double> accuracies(ArrayData queries, int[] queryLabels, List<Vote> votes) {
        requireLabels("queries", queries, queryLabels);
        List<Double> percent = new ArrayList<>();
        for (int[] predicted : predictions(queries, votes)) {
            long right = IntStream.range(0, predicted.length)
                    .filter(i -> predicted[i] == queryLabels[i])
                    .count();
            percent.add(100.0 * right / predicted.length);
        }
        return percent;
    }

    /// The class that each vote names for every query, at the cost of one search.
    ///
    /// @param queries `[m, d]` of float32
    /// @return `[m]` a vote
    public List<int[]> predictions(ArrayData queries, List<Vote> votes) {
        Neighbours neighbours =
                search.of(queries, votes.stream().mapToInt(Vote::k).max().orElseThrow());
        return votes.stream()
                .map(vote -> vote.predict(neighbours, labels, classes))
                .toList();
    }

    private static void requireLabels(String what, ArrayData features, int[] labels) {
        if (features.rank() != 2 || features.dim(0) != labels.length) {
            throw new IllegalArgumentException("knn: " + labels.length + " labels for the " + what + " " + features);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new IllegalArgumentException("knn: row " + i + " of the " + what + " has no class");
            }
        }
    }
}
