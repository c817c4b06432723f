package org.jmoco.nn.data.image;

/// The row filters of PNG (clause 9). Rows carry a zero margin of `step` bytes, one pixel, in front.
final class PngFilter {
    static final int NONE = 0;
    static final int SUB = 1;
    static final int UP = 2;
    static final int AVERAGE = 3;
    static final int PAETH = 4;

    private PngFilter() {}

    /// Replaces a filtered row by its bytes.
    static void undo(int filter, byte[] row, byte[] above, int step) throws CorruptImageException {
        switch (filter) {
            case NONE -> {}
            case SUB -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += row[i - step];
                }
            }
            case UP -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case AVERAGE -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += (byte) ((row[i - step] & 0xFF) + (above[i] & 0xFF) >> 1);
                }
            }
            case PAETH -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += (byte) paeth(row[i - step] & 0xFF, above[i] & 0xFF, above[i - step] & 0xFF);
                }
            }
            default -> throw new CorruptImageException("is a corrupt PNG (unknown row filter " + filter + ")");
        }
    }

    /// Writes the filtered row (with the same margin) and returns the sum of its bytes' absolute values, by which
    /// filters are chosen.
    static long apply(int filter, byte[] row, byte[] above, int step, byte[] out) {
        long sum = 0;
        for (int i = step; i < row.length; i++) {
            int left = row[i - step] & 0xFF;
            int up = above[i] & 0xFF;
            int predicted = switch (filter) {
                case NONE -> 0;
                case SUB -> left;
                case UP -> up;
                case AVERAGE -> left + up >> 1;
                default -> paeth(left, up, above[i - step] & 0xFF);
            };
            out[i] = (byte) (row[i] - predicted);
            sum += Math.abs(out[i]);
        }
        return sum;
    }

    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
