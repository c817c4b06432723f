package org.jmoco.eval.knn;

/// The weighted vote of neighbours: each of the k nearest votes for its class with weight
/// `exp(similarity / temperature)`; the class with the largest sum wins, of equal ones the lowest.
///
/// @param k           neighbours that vote
/// @param temperature above 0
public record Vote(int k, double temperature) {
    public Vote {
        if (k < 1 || !(temperature > 0)) {
            throw new IllegalArgumentException(
                    "knn: k must be at least 1 and the temperature above 0, got " + k + " and " + temperature);
        }
    }

    /// The predicted class of every query.
    ///
    /// @param neighbours at least k of each query
    /// @param labels     of the bank's rows, from 0 to `classes − 1`
    public int[] predict(Neighbours neighbours, int[] labels, int classes) {
        int[] predicted = new int[neighbours.queries()];
        for (int q = 0; q < predicted.length; q++) {
            double[] score = new double[classes];
            double nearest = neighbours.similarity(q, 0);
            for (int r = 0; r < k; r++) {
                // All weights over that of the nearest: the order of the sums is the same, and none overflows.
                score[labels[neighbours.row(q, r)]] += Math.exp((neighbours.similarity(q, r) - nearest) / temperature);
            }
            for (int c = 1; c < classes; c++) {
                if (score[c] > score[predicted[q]]) {
                    predicted[q] = c;
                }
            }
        }
        return predicted;
    }
}
