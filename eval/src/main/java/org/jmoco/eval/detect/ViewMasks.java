package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.dense.ObjectViews.Geometry;
import org.jmoco.nn.data.dense.OpenCvResize;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.data.source.Target.LabelMap;
import org.jmoco.nn.data.source.Target.Mask;

/// Masks of annotated objects in the pixels of a resized and flipped view. detectron2 moves the corners of
/// polygons; mmdet makes pixels of them first and then resizes those.
final class ViewMasks {
    /// Three corners.
    private static final int FEWEST_NUMBERS = 6;

    private ViewMasks() {}

    /// Whether a mask has no pixel and no polygon with an area.
    static boolean isEmpty(Mask mask) {
        return switch (mask) {
            case Mask.Polygons polygons -> polygons.rings().stream().noneMatch(ring -> ring.length >= FEWEST_NUMBERS);
            case Mask.Runs runs -> new Rle(runs.height(), runs.width(), runs.counts()).area() == 0;
        };
    }

    /// A mask in a view: polygons, or runs of its size.
    ///
    /// @param polygons whether polygons stay polygons
    static Mask moved(Mask mask, Geometry geometry, boolean polygons) {
        return polygons && mask instanceof Mask.Polygons corners
                ? new Mask.Polygons(corners.rings().stream()
                        .filter(ring -> ring.length >= FEWEST_NUMBERS && ring.length % 2 == 0)
                        .map(ring -> moved(ring, geometry))
                        .toList())
                : pixels(mask, geometry);
    }

    private static double[] moved(double[] ring, Geometry geometry) {
        double x = (double) geometry.to().width() / geometry.from().width();
        double y = (double) geometry.to().height() / geometry.from().height();
        double[] moved = new double[ring.length];
        for (int i = 0; i < ring.length; i += 2) {
            moved[i] = geometry.flipped() ? geometry.to().width() - ring[i] * x : ring[i] * x;
            moved[i + 1] = ring[i + 1] * y;
        }
        return moved;
    }

    /// The pixels that a mask has at its own size, resized to the nearest ones.
    private static Mask pixels(Mask mask, Geometry geometry) {
        RatioResize.Size from = geometry.from();
        RatioResize.Size to = geometry.to();
        boolean[] inside = Rle.of(mask, from.height(), from.width()).toMask();
        byte[] bytes = new byte[inside.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (inside[i] ? 1 : 0);
        }
        byte[] resized = OpenCvResize.nearest(new LabelMap(from.width(), from.height(), bytes), to.width(), to.height())
                .classes();
        boolean[] moved = new boolean[resized.length];
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                int column = geometry.flipped() ? to.width() - 1 - x : x;
                moved[y * to.width() + x] = resized[y * to.width() + column] != 0;
            }
        }
        return new Mask.Runs(
                to.height(), to.width(), Rle.of(moved, to.height(), to.width()).counts());
    }

    /// The masks of the objects of a view.
    static List<Mask> moved(List<Target.Instance> objects, Geometry geometry, boolean polygons) {
        List<Mask> moved = new ArrayList<>();
        objects.forEach(o -> moved.add(moved(o.mask().orElseThrow(), geometry, polygons)));
        return moved;
    }
}
