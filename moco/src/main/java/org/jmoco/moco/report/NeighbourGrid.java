package org.jmoco.moco.report;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.nn.data.augment.ResizeExact;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.random.Philox;

/// Pictures of some test images, each with the training images that are nearest to it. A frame says whether the
/// class is the same: green, or red.
///
/// @param rows    test images
/// @param nearest training images beside each
record NeighbourGrid(int rows, int nearest) {
    private static final int TILE = 64;
    private static final int FRAME = 3;
    private static final int GAP = 12;
    private static final byte[] SAME = {89, (byte) 161, 79};
    private static final byte[] OTHER = {(byte) 225, 87, 89};
    private static final byte[] NEUTRAL = {120, 120, 120};

    RgbImage draw(
            FeatureTable bank,
            DMatrixRMaj bankRows,
            ImageSource bankImages,
            FeatureTable queries,
            DMatrixRMaj queryRows,
            ImageSource queryImages) {
        int cell = TILE + 2 * FRAME;
        int width = (nearest + 1) * cell + GAP;
        byte[] rgb = new byte[3 * width * rows * cell];
        java.util.Arrays.fill(rgb, (byte) 255);
        RgbImage grid = new RgbImage(width, rows * cell, rgb);
        for (int r = 0; r < rows; r++) {
            int query = (int) ((long) r * queries.size() / rows);
            paste(grid, queryImages.load(queries.indices()[query]), 0, r * cell, NEUTRAL);
            int[] closest = closest(queryRows, query, bankRows);
            for (int k = 0; k < nearest; k++) {
                byte[] colour = queries.labels()[query] < 0
                        ? NEUTRAL
                        : bank.labels()[closest[k]] == queries.labels()[query] ? SAME : OTHER;
                paste(grid, bankImages.load(bank.indices()[closest[k]]), (k + 1) * cell + GAP, r * cell, colour);
            }
        }
        return grid;
    }

    /// The rows of the largest cosine, the first of equal ones.
    private int[] closest(DMatrixRMaj queryRows, int query, DMatrixRMaj bankRows) {
        double[] cosines = IntStream.range(0, bankRows.numRows)
                .parallel()
                .mapToDouble(i -> {
                    double sum = 0;
                    for (int k = 0; k < bankRows.numCols; k++) {
                        sum += queryRows.get(query, k) * bankRows.get(i, k);
                    }
                    return sum;
                })
                .toArray();
        return IntStream.range(0, cosines.length)
                .boxed()
                .sorted((a, b) -> Double.compare(cosines[b], cosines[a]))
                .limit(nearest)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void paste(RgbImage grid, RgbImage image, int left, int top, byte[] colour) {
        RgbImage tile = new ResizeExact(TILE).apply(image, new Philox(0, 0, 0, 0));
        int side = TILE + 2 * FRAME - 2; // one pixel stays free between cells
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int to = 3 * ((top + y) * grid.width() + left + x);
                int tx = x - FRAME + 1;
                int ty = y - FRAME + 1;
                boolean inside = tx >= 0 && ty >= 0 && tx < TILE && ty < TILE;
                System.arraycopy(inside ? tile.rgb() : colour, inside ? 3 * (ty * TILE + tx) : 0, grid.rgb(), to, 3);
            }
        }
    }
}
