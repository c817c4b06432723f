package org.jmoco.eval.masks;

import java.util.Arrays;

/// How much each pixel of an axis counts in each cell of a box: RoIAlign along one axis (`aligned`, as many
/// samples a cell as it is large).
///
/// @param start  `[cells]`, first pixel that counts   @param weights `[cells][…]`, of it and those behind it
@SuppressWarnings("ArrayRecordComponent") // a carrier of weights, never compared
record CellWeights(int[] start, double[][] weights) {
    /// @param low,high sides of the box   @param size of the axis in pixels
    static CellWeights of(float low, float high, int size, int cells) {
        float cell = (high - low) / cells;
        int samples = (int) Math.ceil(cell);
        int[] start = new int[cells];
        double[][] weights = new double[cells][];
        for (int i = 0; i < cells; i++) {
            double from = low - 0.5 + i * (double) cell;
            start[i] = (int) Math.clamp((long) Math.floor(from), 0, size - 1);
            int end = (int) Math.clamp((long) Math.floor(from + cell) + 2, start[i] + 1, size);
            weights[i] = new double[end - start[i]];
            for (int j = 0; j < samples; j++) {
                double place = from + (j + 0.5) * cell / samples;
                if (place < -1 || place > size) {
                    continue;
                }
                place = Math.max(place, 0);
                int before = Math.min((int) place, size - 1);
                double fraction = before == size - 1 ? 0 : place - before;
                weights[i][before - start[i]] += (1 - fraction) / samples;
                if (fraction > 0) {
                    weights[i][before + 1 - start[i]] += fraction / samples;
                }
            }
        }
        return new CellWeights(start, weights);
    }

    int start(int cell) {
        return start[cell];
    }

    /// The pixel behind the last that counts.
    int end(int cell) {
        return start[cell] + weights[cell].length;
    }

    double weight(int cell, int pixel) {
        return weights[cell][pixel - start[cell]];
    }

    int first() {
        return Arrays.stream(start).min().orElse(0);
    }

    int last() {
        int last = -1;
        for (int i = 0; i < start.length; i++) {
            last = Math.max(last, end(i) - 1);
        }
        return last;
    }
}
