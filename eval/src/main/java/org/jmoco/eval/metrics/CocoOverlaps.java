package org.jmoco.eval.metrics;

import java.util.List;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.source.Target;

/// Overlaps of detections with objects in float64: intersection over union, or over the detection alone if the
/// object is a crowd, in the arithmetic of COCO's `maskApi.c`.
///
/// @param values `[detections][objects]`   @param areas `[detections]`, in pixels
@SuppressWarnings("ArrayRecordComponent") // a carrier of numbers, never compared
record CocoOverlaps(double[][] values, double[] areas) {
    static CocoOverlaps ofBoxes(List<Detection> detections, List<Target.Instance> objects) {
        double[] areas = new double[detections.size()];
        double[][] values = new double[detections.size()][objects.size()];
        for (int d = 0; d < areas.length; d++) {
            Detection found = detections.get(d);
            areas[d] = found.width() * found.height();
            for (int g = 0; g < objects.size(); g++) {
                Target.Box box = objects.get(g).box();
                double width = Math.min(found.right(), box.x1()) - Math.max(found.x(), box.x0());
                double height = Math.min(found.bottom(), box.y1()) - Math.max(found.y(), box.y0());
                if (width > 0 && height > 0) {
                    double both = width * height;
                    double truth = (box.x1() - box.x0()) * (box.y1() - box.y0());
                    values[d][g] = both / (objects.get(g).crowd() ? areas[d] : areas[d] + truth - both);
                }
            }
        }
        return new CocoOverlaps(values, areas);
    }

    /// @param height,width of the image
    /// @throws IllegalArgumentException if a mask is missing or of another size
    static CocoOverlaps ofMasks(List<Detection> detections, List<Target.Instance> objects, int height, int width) {
        Area[] truths = new Area[objects.size()];
        for (int g = 0; g < truths.length; g++) {
            Target.Mask mask = objects.get(g)
                    .mask()
                    .orElseThrow(() -> new IllegalArgumentException("COCO AP of masks: an object has no mask"));
            Rle pixels = Rle.of(mask, height, width);
            truths[g] = new Area(pixels, pixels.area(), pixels.box());
        }
        double[] areas = new double[detections.size()];
        double[][] values = new double[detections.size()][truths.length];
        for (int d = 0; d < areas.length; d++) {
            Rle mask = detections
                    .get(d)
                    .mask()
                    .orElseThrow(() -> new IllegalArgumentException("COCO AP of masks: a detection has no mask"));
            long pixels = mask.area();
            areas[d] = pixels;
            if (truths.length == 0) {
                continue; // as most are; the box around it would take the time of all the rest
            }
            Area found = new Area(mask, pixels, mask.box());
            for (int g = 0; g < truths.length; g++) {
                long both = found.meets(truths[g]) ? found.mask.intersection(truths[g].mask) : 0;
                if (both > 0) {
                    double whole = objects.get(g).crowd() ? found.pixels : found.pixels + truths[g].pixels - both;
                    values[d][g] = both / whole;
                }
            }
        }
        return new CocoOverlaps(values, areas);
    }

    /// A mask with its area and the box around it: most pairs do not even meet.
    private record Area(Rle mask, long pixels, Target.Box box) {
        boolean meets(Area other) {
            return box.x0() < other.box.x1()
                    && other.box.x0() < box.x1()
                    && box.y0() < other.box.y1()
                    && other.box.y0() < box.y1();
        }
    }
}
