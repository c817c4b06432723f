package org.jmoco.tensor.ops.image;

import java.util.function.Consumer;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;

/// The samples of a box, one by one, as the paper describes them.
final class Samples {
    private Samples() {}

    /// A share that an element of the map has in an element of the features.
    record Share(int feature, int element, double weight) {}

    /// Visits all shares of the boxes of one level, in no matter what order.
    static void visit(
            RoiAlign op, int level, double[] boxes, double[] images, double[] levels, Shape map, Consumer<Share> body) {
        for (int r = 0; r < images.length; r++) {
            if (levels[r] == level) {
                for (int cy = 0; cy < op.size(); cy++) {
                    for (int cx = 0; cx < op.size(); cx++) {
                        cell(op, r, level, new int[] {cy, cx}, boxes, (int) images[r], map, body);
                    }
                }
            }
        }
    }

    private static void cell(
            RoiAlign op, int r, int level, int[] cell, double[] boxes, int image, Shape map, Consumer<Share> body) {
        double x0 = boxes[4 * r];
        double y0 = boxes[4 * r + 1];
        double x1 = boxes[4 * r + 2];
        double y1 = boxes[4 * r + 3];
        double scale = op.scales().get(level);
        double shift = op.aligned() ? 0.5 : 0;
        double least = op.aligned() ? Double.NEGATIVE_INFINITY : 1;
        double w = Math.max((x1 - x0) * scale, least) / op.size();
        double h = Math.max((y1 - y0) * scale, least) / op.size();
        int kx = op.samples((float) x0, (float) x1, level);
        int ky = op.samples((float) y0, (float) y1, level);
        for (int jy = 0; jy < ky; jy++) {
            for (int jx = 0; jx < kx; jx++) {
                double y = y0 * scale - shift + (cell[0] + (jy + 0.5) / ky) * h;
                double x = x0 * scale - shift + (cell[1] + (jx + 0.5) / kx) * w;
                if (y < -1 || y > map.dim(1) || x < -1 || x > map.dim(2)) {
                    continue;
                }
                y = Math.clamp(y, 0, map.dim(1) - 1);
                x = Math.clamp(x, 0, map.dim(2) - 1);
                for (int iy = (int) y; iy <= Math.min((int) y + 1, map.dim(1) - 1); iy++) {
                    for (int ix = (int) x; ix <= Math.min((int) x + 1, map.dim(2) - 1); ix++) {
                        double weight = (1 - Math.abs(y - iy)) * (1 - Math.abs(x - ix)) / Math.max(ky * kx, 1);
                        for (int c = 0; c < map.dim(3); c++) {
                            int feature = ((r * op.size() + cell[0]) * op.size() + cell[1]) * map.dim(3) + c;
                            body.accept(new Share(feature, Elements.index(map, image, iy, ix, c), weight));
                        }
                    }
                }
            }
        }
    }
}
