package org.jmoco.eval.knn;

import java.util.Arrays;

/// The bank rows that may be among the k nearest of one query, by similarities known up to `slack / 2`.
final class Candidates {
    private final float[] best; // the k largest similarities so far, a heap with the smallest on top
    private final float slack;
    private int filled;
    private int[] rows;
    private float[] similarities;
    private int count;

    Candidates(int k, float slack) {
        best = new float[k];
        this.slack = slack;
        rows = new int[2 * k];
        similarities = new float[2 * k];
    }

    /// What is less similar than this cannot be among the k nearest.
    float limit() {
        return filled < best.length ? Float.NEGATIVE_INFINITY : best[0] - slack;
    }

    /// Takes in a row of at least [#limit].
    void offer(float similarity, int row) {
        if (filled < best.length) {
            up(filled++, similarity);
        } else if (similarity > best[0]) {
            down(similarity);
        }
        if (count == rows.length) {
            prune();
        }
        rows[count] = row;
        similarities[count++] = similarity;
    }

    /// The rows that are left, in the order in which they came.
    int[] rows() {
        prune();
        return Arrays.copyOf(rows, count);
    }

    private void prune() {
        float limit = limit();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (similarities[i] >= limit) {
                rows[kept] = rows[i];
                similarities[kept++] = similarities[i];
            }
        }
        count = kept;
        if (count > rows.length / 2) {
            rows = Arrays.copyOf(rows, 2 * rows.length);
            similarities = Arrays.copyOf(similarities, rows.length);
        }
    }

    private void up(int from, float value) {
        int i = from;
        while (i > 0 && best[(i - 1) / 2] > value) {
            best[i] = best[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        best[i] = value;
    }

    private void down(float value) {
        int i = 0;
        while (2 * i + 1 < best.length) {
            int child = 2 * i + 1;
            if (child + 1 < best.length && best[child + 1] < best[child]) {
                child++;
            }
            if (best[child] >= value) {
                break;
            }
            best[i] = best[child];
            i = child;
        }
        best[i] = value;
    }
}
