package org.jmoco.moco.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.nn.data.augment.ResizeExact;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.random.Philox;

/// Some test images, each with the training images that are nearest to it: one sheet of equal tiles, a row a test
/// image, which stands first.
///
/// @param sheet  the tiles, without gaps
/// @param labels `[rows][1 + nearest]`, the tiles' classes; −1 for none
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
record NeighbourGrid(RgbImage sheet, int[][] labels) {
    /// Side of a tile in pixels.
    static final int TILE = 64;

    /// Finds and draws them.
    ///
    /// @param rows test images, evenly over the data set   @param nearest training images beside each
    static NeighbourGrid of(
            int rows,
            int nearest,
            FeatureTable bank,
            DMatrixRMaj bankRows,
            ImageSource bankImages,
            FeatureTable queries,
            DMatrixRMaj queryRows,
            ImageSource queryImages) {
        int width = (nearest + 1) * TILE;
        RgbImage sheet = new RgbImage(width, rows * TILE, new byte[3 * width * rows * TILE]);
        int[][] labels = new int[rows][nearest + 1];
        for (int r = 0; r < rows; r++) {
            int query = (int) ((long) r * queries.size() / rows);
            paste(sheet, queryImages.load(queries.indices()[query]), 0, r);
            labels[r][0] = queries.labels()[query];
            List<Integer> closest = closest(queryRows, query, bankRows, nearest);
            for (int k = 0; k < nearest; k++) {
                paste(sheet, bankImages.load(bank.indices()[closest.get(k)]), k + 1, r);
                labels[r][k + 1] = bank.labels()[closest.get(k)];
            }
        }
        return new NeighbourGrid(sheet, labels);
    }

    /// The rows of the largest cosine, the first of equal ones.
    private static List<Integer> closest(DMatrixRMaj queryRows, int query, DMatrixRMaj bankRows, int nearest) {
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
                .sorted(Comparator.comparingDouble(i -> -cosines[i]))
                .limit(nearest)
                .toList();
    }

    private static void paste(RgbImage sheet, RgbImage image, int column, int row) {
        RgbImage tile = new ResizeExact(TILE).apply(image, new Philox(0, 0, 0, 0));
        for (int y = 0; y < TILE; y++) {
            int to = 3 * ((row * TILE + y) * sheet.width() + column * TILE);
            System.arraycopy(tile.rgb(), 3 * y * TILE, sheet.rgb(), to, 3 * TILE);
        }
    }
}
