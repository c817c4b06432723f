package org.jmoco.eval.knn;

/// The nearest bank rows of each query, the most similar first; of equally similar ones the one with the lower number.
///
/// @param k            neighbours of a query
/// @param rows         `[queries · k]`, numbers of bank rows
/// @param similarities `[queries · k]`, cosines in `[−1, 1]`
@SuppressWarnings("ArrayRecordComponent") // a carrier of results, never compared
public record Neighbours(int k, int[] rows, double[] similarities) {
    /// How many queries there are.
    public int queries() {
        return rows.length / k;
    }

    /// The bank row of a query's neighbour, counted from 0.
    public int row(int query, int neighbour) {
        return rows[query * k + neighbour];
    }

    /// Its similarity.
    public double similarity(int query, int neighbour) {
        return similarities[query * k + neighbour];
    }
}
