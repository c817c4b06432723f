package org.jmoco.nn.data.tool;

import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Thumbnail;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.random.Philox;

/// What a pipeline makes of images, as one picture: a row an image, first the image itself, then its views.
public final class ViewGrid {
    private static final int GAP = 4;
    private static final byte PAPER = (byte) 255;

    /// "GRID": the choice of rows has a random stream of its own.
    private static final int ROWS = 0x47524944;

    private ViewGrid() {}

    /// Images for the rows: the first of a random order, unreadable ones passed over, in the order of the source.
    ///
    /// @param count how many; fewer if the source has fewer
    /// @throws DataException if none can be read
    public static int[] choose(ImageSource source, int count, long seed) {
        int[] order = new Philox(seed, 0, 0, ROWS).permutation(source.size());
        int[] chosen = Arrays.stream(order)
                .filter(i -> isReadable(source, i))
                .limit(count)
                .sorted()
                .toArray();
        if (chosen.length == 0) {
            throw new DataException("none of the " + source.size() + " images can be read");
        }
        return chosen;
    }

    private static boolean isReadable(ImageSource source, int image) {
        try {
            source.load(image);
            return true;
        } catch (UnreadableImageException e) {
            return false;
        }
    }

    /// Draws the views that a run with this seed trains on in its first epoch.
    ///
    /// @param views one pipeline for each view   @param images indices in the source, one row each
    /// @param cell  side in pixels of a cell; larger views are scaled down, smaller ones up
    public static RgbImage draw(ImageSource source, List<Pipeline> views, long seed, int[] images, int cell) {
        int columns = 1 + views.size();
        RgbImage grid = new RgbImage(columns * (cell + GAP) + GAP, images.length * (cell + GAP) + GAP);
        Arrays.fill(grid.rgb(), PAPER);
        for (int row = 0; row < images.length; row++) {
            RgbImage original = source.load(images[row]);
            put(grid, Thumbnail.of(original, cell), 0, row, cell);
            for (int v = 0; v < views.size(); v++) {
                RgbImage view = views.get(v).apply(original, Streams.view(seed, 0, images[row], v));
                put(
                        grid,
                        view.width() == cell && view.height() == cell ? view : Thumbnail.of(view, cell),
                        1 + v,
                        row,
                        cell);
            }
        }
        return grid;
    }

    private static void put(RgbImage grid, RgbImage square, int column, int row, int cell) {
        int left = GAP + column * (cell + GAP);
        int top = GAP + row * (cell + GAP);
        for (int y = 0; y < cell; y++) {
            System.arraycopy(square.rgb(), 3 * y * cell, grid.rgb(), 3 * ((top + y) * grid.width() + left), 3 * cell);
        }
    }
}
