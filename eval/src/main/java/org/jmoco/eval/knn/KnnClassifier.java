package org.jmoco.eval.knn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// Classifies by the labels of the nearest features, nothing being trained. Holds memory of the device until it is
/// closed.
///
/// ```java
/// KnnClassifier knn = new KnnClassifier(device, trainFeatures, trainLabels);
/// double percent = knn.accuracy(testFeatures, testLabels, new Vote(200, 0.1));
/// ```
public final class KnnClassifier implements AutoCloseable {
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

    @Override
    public void close() {
        search.close();
    }

    /// How often the vote names the query's own class, in percent.
    public double accuracy(ArrayData queries, int[] queryLabels, Vote vote) {
        return accuracies(queries, queryLabels, List.of(vote)).getFirst();
    }

    /// As the other one, by several processes that share the queries out. Collective.
    public double accuracy(ArrayData queries, int[] queryLabels, Vote vote, Processes processes) {
        requireLabels("queries", queries, queryLabels);
        return percent(predictions(queries, List.of(vote), processes).getFirst(), queryLabels);
    }

    /// As [#accuracy], for several votes at the cost of one search.
    public List<Double> accuracies(ArrayData queries, int[] queryLabels, List<Vote> votes) {
        requireLabels("queries", queries, queryLabels);
        List<Double> percent = new ArrayList<>();
        for (int[] predicted : predictions(queries, votes)) {
            percent.add(percent(predicted, queryLabels));
        }
        return percent;
    }

    private static double percent(int[] predicted, int... labels) {
        long right = IntStream.range(0, predicted.length)
                .filter(i -> predicted[i] == labels[i])
                .count();
        return 100.0 * right / predicted.length;
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

    /// As [#predictions(ArrayData, List)], by several processes that share the queries out and all get all
    /// answers. Collective.
    public List<int[]> predictions(ArrayData queries, List<Vote> votes, Processes processes) {
        Slices slices = Slices.even(processes.count(), queries.dim(0), Integer.BYTES);
        int own = processes.number();
        long rowBytes = queries.dim(1) * Float.BYTES;
        processes.phase("nearest neighbours");
        List<int[]> found = slices.size(own) == 0
                ? List.of()
                : predictions(
                        ArrayData.of(
                                ElementType.F32,
                                new long[] {slices.size(own), queries.dim(1)},
                                queries.payload().asSlice(slices.start(own) * rowBytes, slices.size(own) * rowBytes)),
                        votes);
        List<int[]> all = new ArrayList<>();
        for (int vote = 0; vote < votes.size(); vote++) {
            MemorySegment answers = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, queries.dim(0));
            if (!found.isEmpty()) {
                MemorySegment.copy(found.get(vote), 0, answers, ValueLayout.JAVA_INT, slices.startByte(own), (int)
                        slices.size(own));
            }
            processes.gather(answers, slices);
            all.add(answers.toArray(ValueLayout.JAVA_INT));
        }
        return all;
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
