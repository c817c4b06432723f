package org.jmoco.nn.data.dense;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// What a detector is trained on: images with their objects, resized to one of several sizes and flipped, by the
/// recipes of detectron2 and mmdet.
///
/// @param resize a random size that keeps the ratio of the sides
/// @param flip   probability that left and right are exchanged, in `[0, 1]`
public record ObjectViews(ResizeShortest resize, double flip) {
    /// Highest counter word of the draws, "VIEW", so that no two purposes share a stream.
    private static final int STREAM = 0x56494557;

    /// @throws IllegalArgumentException if the probability is none
    public ObjectViews {
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("the probability of a flip must lie in [0, 1], got " + flip);
        }
    }

    /// How an image became a view: what has to be done to its masks as well.
    ///
    /// @param from its own size   @param to the size of the view   @param flipped after resizing
    public record Geometry(RatioResize.Size from, RatioResize.Size to, boolean flipped) {}

    /// A view.
    ///
    /// @param image    pixels
    /// @param boxes    of the objects, in the view's pixels and inside it; one may be empty
    /// @param objects  as the annotation has them, in the same order
    /// @param geometry how the one comes from the other
    public record View(RgbImage image, List<Target.Box> boxes, List<Target.Instance> objects, Geometry geometry) {}

    /// How an image becomes the view of a step of training: a function of these alone.
    ///
    /// @param from the image's own size   @param index of the image
    public Geometry geometry(RatioResize.Size from, int index, long seed, int step) {
        return geometry(from, new Philox(seed, index, step, STREAM));
    }

    Geometry geometry(RatioResize.Size from, Philox draws) {
        RatioResize.Size to = resize.draw(from.width(), from.height(), draws);
        return new Geometry(from, to, draws.nextDouble() < flip);
    }

    /// How an image is seen when a trained detector is tested: at the largest size, not flipped.
    public Geometry testing(RatioResize.Size from) {
        return new Geometry(from, resize.of(from.width(), from.height()), false);
    }

    /// The view of an image.
    ///
    /// @param geometry for an image of its size
    public View view(ObjectScene scene, Geometry geometry) {
        RgbImage resized = resize.apply(scene.image(), geometry.to);
        List<Target.Box> boxes = new ArrayList<>();
        for (Target.Instance object : scene.objects()) {
            boxes.add(moved(object.box(), geometry));
        }
        return new View(geometry.flipped ? FlipScene.flip(resized) : resized, boxes, scene.objects(), geometry);
    }

    /// A box in the view. mmdet counts in float32, detectron2 in float64.
    private Target.Box moved(Target.Box box, Geometry geometry) {
        RatioResize.Size from = geometry.from;
        RatioResize.Size to = geometry.to;
        double x0 = scaled(box.x0(), from.width(), to.width());
        double x1 = scaled(box.x1(), from.width(), to.width());
        double y0 = scaled(box.y0(), from.height(), to.height());
        double y1 = scaled(box.y1(), from.height(), to.height());
        return geometry.flipped
                ? new Target.Box(to.width() - x1, y0, to.width() - x0, y1)
                : new Target.Box(x0, y0, x1, y1);
    }

    private double scaled(double place, int from, int to) {
        double moved = resize.rule() == ResizeShortest.Rule.OPENCV
                ? (float) place * (float) ((double) to / from)
                : place * ((double) to / from);
        return Math.clamp(moved, 0, to);
    }
}
