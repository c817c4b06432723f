package org.jmoco.eval.masks;

import java.util.List;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.data.dense.ObjectViews.Geometry;
import org.jmoco.nn.data.source.Target;

/// The mask of an object as a network is to find it in a box: a square of cells, each inside or outside (He et
/// al., "Mask R-CNN", 2017, section 3). Made once for an object in a view of its image, asked for each box.
public sealed interface MaskTarget {
    /// What the network is to find in a box.
    ///
    /// @param boxes in pixels of the view   @param box which of them
    /// @return `[cells, cells]`, row by row, 1 inside and 0 outside
    byte[] in(Boxes boxes, int box, int cells);

    /// detectron2's: polygons are moved and scaled so that the box becomes the square, and drawn there by COCO's
    /// rule; a side of the box counts as 0.1 at least. Runs, which detectron2 cannot take so, are cut as a
    /// [bitmap][#bitmap].
    static MaskTarget polygons(Target.Mask mask, Geometry view) {
        return mask instanceof Target.Mask.Polygons polygons
                ? new OfPolygons(
                        polygons.rings().stream().map(ring -> moved(ring, view)).toList())
                : bitmap(mask, view, view.to().height(), view.to().width());
    }

    /// MMDetection's: the mask in the image is resized to the nearest pixel, as OpenCV does, flipped, padded with
    /// zeros; a cell is inside if the mean of its bilinear samples (RoIAlign, as many as the cell is large) is at
    /// least ½. Boxes are clipped to the padded view.
    ///
    /// @param height,width of the padded view
    /// @throws IllegalArgumentException if the mask is of another size than the image, or the padded view smaller
    ///     than the view
    static MaskTarget bitmap(Target.Mask mask, Geometry view, int height, int width) {
        if (height < view.to().height() || width < view.to().width()) {
            throw new IllegalArgumentException("mask target: " + view.to() + " padded to " + width + "×" + height);
        }
        int fromHeight = view.from().height();
        int fromWidth = view.from().width();
        boolean[] pixels = Rle.of(mask, fromHeight, fromWidth).toMask();
        int[] rows = nearest(fromHeight, view.to().height());
        int[] columns = nearest(fromWidth, view.to().width());
        if (view.flipped()) {
            for (int left = 0, right = columns.length - 1; left < right; left++, right--) {
                int swap = columns[left];
                columns[left] = columns[right];
                columns[right] = swap;
            }
        }
        return new OfBitmap(pixels, fromWidth, rows, columns, height, width);
    }

    private static double[] moved(double[] ring, Geometry view) {
        double x = (double) view.to().width() / view.from().width();
        double y = (double) view.to().height() / view.from().height();
        double[] moved = ring.clone();
        for (int k = 0; k + 1 < ring.length; k += 2) {
            moved[k] = view.flipped() ? view.to().width() - ring[k] * x : ring[k] * x;
            moved[k + 1] = ring[k + 1] * y;
        }
        return moved;
    }

    /// For each pixel of the view the pixel of the image: OpenCV's ⌊i·n/m⌋.
    private static int[] nearest(int from, int to) {
        double step = 1 / ((double) to / from);
        int[] places = new int[to];
        for (int i = 0; i < to; i++) {
            places[i] = Math.min((int) Math.floor(i * step), from - 1);
        }
        return places;
    }

    /// @param rings in pixels of the view
    record OfPolygons(List<double[]> rings) implements MaskTarget {
        private static final double LEAST_SIDE = 0.1;

        @Override
        public byte[] in(Boxes boxes, int box, int cells) {
            double x = cells / Math.max(boxes.width(box), LEAST_SIDE);
            double y = cells / Math.max(boxes.height(box), LEAST_SIDE);
            List<double[]> scaled = rings.stream()
                    .map(ring -> {
                        double[] s = ring.clone();
                        for (int k = 0; k + 1 < s.length; k += 2) {
                            s[k] = (s[k] - boxes.x0(box)) * x;
                            s[k + 1] = (s[k + 1] - boxes.y0(box)) * y;
                        }
                        return s;
                    })
                    .toList();
            boolean[] inside = Polygon.toRle(scaled, cells, cells).toMask();
            byte[] target = new byte[inside.length];
            for (int i = 0; i < target.length; i++) {
                target[i] = (byte) (inside[i] ? 1 : 0);
            }
            return target;
        }
    }

    /// @param pixels   of the image, rows of `stride`   @param rows,columns of the image, for those of the view
    /// @param height,width of the padded view
    @SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
    record OfBitmap(boolean[] pixels, int stride, int[] rows, int[] columns, int height, int width)
            implements MaskTarget {
        @Override
        public byte[] in(Boxes boxes, int box, int cells) {
            byte[] target = new byte[cells * cells];
            double[] means = means(boxes, box, cells);
            for (int i = 0; i < target.length; i++) {
                target[i] = (byte) (means[i] >= 0.5 ? 1 : 0);
            }
            return target;
        }

        /// RoIAlign as a product of axes: first along the rows of the view that the box touches, then across them.
        double[] means(Boxes boxes, int box, int cells) {
            CellWeights across = CellWeights.of(clip(boxes.x0(box), width), clip(boxes.x1(box), width), width, cells);
            CellWeights down = CellWeights.of(clip(boxes.y0(box), height), clip(boxes.y1(box), height), height, cells);
            double[] means = new double[cells * cells];
            double[] row = new double[cells];
            for (int y = down.first(); y <= Math.min(down.last(), rows.length - 1); y++) {
                int from = rows[y] * stride;
                for (int j = 0; j < cells; j++) {
                    row[j] = 0;
                    int end = Math.min(across.end(j), columns.length);
                    for (int x = across.start(j); x < end; x++) {
                        row[j] += pixels[from + columns[x]] ? across.weight(j, x) : 0;
                    }
                }
                for (int i = 0; i < cells; i++) {
                    double weight = y >= down.start(i) && y < down.end(i) ? down.weight(i, y) : 0;
                    for (int j = 0; j < cells && weight != 0; j++) {
                        means[i * cells + j] += weight * row[j];
                    }
                }
            }
            return means;
        }

        private static float clip(float side, int size) {
            return Math.clamp(side, 0, size);
        }
    }
}
