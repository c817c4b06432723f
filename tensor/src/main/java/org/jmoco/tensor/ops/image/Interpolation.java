package org.jmoco.tensor.ops.image;

/// Linear interpolation along one axis as a sparse matrix: position `r` of the result is
/// `Σ weights[k] · x[columns[k]]` over `starts[r] ≤ k < starts[r + 1]`.
///
/// @param columns positions of the operand, ascending within a row
/// @param size    positions of the operand
@SuppressWarnings("ArrayRecordComponent") // never compared
record Interpolation(int[] starts, int[] columns, float[] weights, int size) {
    /// Positions of the result.
    int rows() {
        return starts.length - 1;
    }

    /// The matrix of [ResizeBilinear] for `from` positions seen as `to`.
    static Interpolation bilinear(int from, int to, boolean corners) {
        Builder rows = new Builder(to, from);
        for (int i = 0; i < to; i++) {
            long place = ResizeBilinear.place(i, from, to, corners);
            long unit = ResizeBilinear.unit(to, corners);
            int low = (int) Math.min(place / unit, from - 1);
            double fraction = (double) (place % unit) / unit;
            rows.add(low, 1 - fraction);
            rows.add(Math.min(low + 1, from - 1), fraction);
            rows.end();
        }
        return rows.matrix();
    }

    /// The matrix of one axis of one box of [RoiAlign].
    ///
    /// @param low  where the box begins on the map
    /// @param cell extent of one cell of the result
    /// @param samples of a cell, may be 0
    /// @param cells of the result
    /// @param size positions of the map
    static Interpolation averages(double low, double cell, int samples, int cells, int size) {
        Builder rows = new Builder(cells, size);
        for (int i = 0; i < cells; i++) {
            double start = low + i * cell;
            double step = cell / samples;
            int first = firstSample(start, step, samples);
            int end = endOfSamples(start, step, samples, size);
            for (int k = first; k < end; k++) {
                int j = step < 0 ? first + end - 1 - k : k;
                double at = start + (j + 0.5) * step;
                if (at >= -1 && at <= size) {
                    double inside = Math.max(at, 0);
                    int below = Math.min((int) inside, size - 1);
                    double fraction = below == size - 1 ? 0 : inside - below;
                    rows.add(below, (1 - fraction) / samples);
                    rows.add(Math.min(below + 1, size - 1), fraction / samples);
                }
            }
            rows.end();
        }
        return rows.matrix();
    }

    /// A sample at or before the first one that is not left of the map, so that a huge box costs no more than the map.
    private static int firstSample(double start, double step, int samples) {
        return step > 0 ? (int) Math.clamp(Math.ceil((-1 - start) / step - 0.5) - 1, 0, samples) : 0;
    }

    /// One behind the last sample that is not right of the map, or a little later.
    private static int endOfSamples(double start, double step, int samples, int size) {
        return step > 0 ? (int) Math.clamp(Math.floor((size - start) / step - 0.5) + 2, 0, samples) : samples;
    }

    /// The first column that any row uses; 0 if none does.
    int first() {
        int first = size;
        for (int r = 0; r < rows(); r++) {
            if (starts[r] < starts[r + 1]) {
                first = Math.min(first, columns[starts[r]]);
            }
        }
        return first == size ? 0 : first;
    }

    /// One behind the last column that any row uses; 0 if none does.
    int end() {
        int end = 0;
        for (int r = 0; r < rows(); r++) {
            if (starts[r] < starts[r + 1]) {
                end = Math.max(end, columns[starts[r + 1] - 1] + 1);
            }
        }
        return end;
    }

    /// Rows and columns exchanged: what the gradient is multiplied with.
    Interpolation transposed() {
        int[] counts = new int[size + 1];
        for (int k = 0; k < starts[rows()]; k++) {
            counts[columns[k] + 1]++;
        }
        for (int c = 0; c < size; c++) {
            counts[c + 1] += counts[c];
        }
        int[] next = counts.clone();
        int[] turned = new int[starts[rows()]];
        float[] turnedWeights = new float[turned.length];
        for (int r = 0; r < rows(); r++) {
            for (int k = starts[r]; k < starts[r + 1]; k++) {
                int at = next[columns[k]]++;
                turned[at] = r;
                turnedWeights[at] = weights[k];
            }
        }
        return new Interpolation(counts, turned, turnedWeights, rows());
    }

    /// Takes down a matrix row by row. Columns come in ascending order but for the last two, and equal ones are
    /// added up before they are rounded.
    private static final class Builder {
        private final int size;
        private final int[] starts;
        private int row;
        private int[] columns;
        private double[] sums;
        private int count;

        Builder(int rows, int size) {
            this.size = size;
            starts = new int[rows + 1];
            columns = new int[Math.max(8, 4 * rows)];
            sums = new double[columns.length];
        }

        void add(int column, double weight) {
            for (int k = count - 1; k >= Math.max(starts[row], count - 2); k--) {
                if (columns[k] == column) {
                    sums[k] += weight;
                    return;
                }
            }
            if (weight != 0) {
                if (count == columns.length) {
                    columns = java.util.Arrays.copyOf(columns, 2 * count);
                    sums = java.util.Arrays.copyOf(sums, 2 * count);
                }
                columns[count] = column;
                sums[count++] = weight;
            }
        }

        void end() {
            starts[++row] = count;
        }

        Interpolation matrix() {
            float[] weights = new float[count];
            for (int k = 0; k < count; k++) {
                weights[k] = (float) sums[k];
            }
            return new Interpolation(starts, java.util.Arrays.copyOf(columns, count), weights, size);
        }
    }
}
