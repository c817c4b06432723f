package org.jmoco.tensor.ops.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Features of boxes, each a grid of cells in which bilinear samples of the map are averaged (He et al. 2017, Mask
/// R-CNN, section 3), from one of several maps a box; torchvision's `roi_align`.
///
/// | name   | shape                   | meaning                                                            |
/// |--------|-------------------------|--------------------------------------------------------------------|
/// | maps   | `[n, h, w, c]` each     | one map a level, the finest first as a rule; h and w may differ    |
/// | boxes  | `[r, 4]`                | x0, y0, x1, y1 in pixels of the image                              |
/// | images | `[r]` I32, in `[0, n)`  | the image of each box                                              |
/// | levels | `[r]` I32               | the map of each box                                                |
/// | y      | `[r, size, size, c]`    | features                                                           |
///
/// With s the map's scale, an axis begins at `x0·s − ½` (x0·s if not `aligned`) and is `(x1 − x0)·s` long (at least
/// 1 if not `aligned`), cut into `size` cells of extent b. A cell has k samples a side, evenly spread: `samples`, or
/// `⌈b⌉` where that is 0, and y is their sum divided by `max(k_y·k_x, 1)`, so an empty box gives 0. A sample below −1
/// or above the map's extent is 0; others are moved to the nearest position of the map. k follows from b in float32,
/// as torchvision and detectron2 compute it.
///
/// An image or level that does not exist ends the run with an [IndexOutOfBoundsException], a box that is not finite
/// with an [IllegalArgumentException] (on a device both with the former).
///
/// Gradient: to the maps [RoiAlignGradient]; none to the boxes, as in torchvision.
///
/// @param size    cells along each axis, above 0
/// @param scales  of each map: its extent divided by the image's
/// @param samples along each axis of a cell; 0 as many as the cell is large
/// @param aligned whether positions are pixel centres (detectron2's ROIAlignV2)
public record RoiAlign(int size, List<Float> scales, int samples, boolean aligned) implements Op {
    /// Maps that the argument block of a device kernel has room for.
    private static final int MOST_LEVELS = 8;

    public RoiAlign {
        scales = List.copyOf(scales);
        if (size < 1 || samples < 0 || scales.isEmpty() || scales.size() > MOST_LEVELS) {
            throw new IllegalArgumentException(
                    "roiAlign: expected a size of at least 1, samples of at least 0 and 1 to "
                            + MOST_LEVELS + " maps, got size " + size + ", samples " + samples + ", " + scales.size()
                            + " maps");
        }
        if (!scales.stream().allMatch(s -> s > 0 && Float.isFinite(s))) {
            throw new IllegalArgumentException("roiAlign: expected positive scales, got " + scales);
        }
    }

    /// The features of boxes.
    public Tensor of(List<Tensor> maps, Tensor boxes, Tensor images, Tensor levels) {
        List<Tensor> operands = new ArrayList<>(maps);
        operands.addAll(List.of(boxes, images, levels));
        return on(operands.toArray(Tensor[]::new));
    }

    /// The features of boxes on a single map.
    public Tensor of(Tensor map, Tensor boxes, Tensor images) {
        return of(
                List.of(map),
                boxes,
                images,
                Tensor.of(images.shape(), new int[images.shape().dim(0)]));
    }

    @Override
    public Shape shapeOf(Shape... in) {
        int k = scales.size();
        if (in.length != k + 3) {
            throw new ShapeException("roiAlign: expected " + k + " maps (as many as scales), boxes, images and levels, "
                    + "got " + in.length + " operands");
        }
        Shape first = in[0].requireRank(4, "roiAlign", "maps [n, h, w, c]");
        for (int i = 0; i < k; i++) {
            Shape map = in[i].requireRank(4, "roiAlign", "maps [n, h, w, c]");
            if (map.dim(0) != first.dim(0) || map.dim(3) != first.dim(3) || map.dim(1) < 1 || map.dim(2) < 1) {
                throw new ShapeException("roiAlign: maps want the same images and channels, and at least one position; "
                        + "got " + first + " and " + map);
            }
        }
        requireBoxes(in[k], in[k + 1], in[k + 2]);
        return Shape.of(in[k].dim(0), size, size, first.dim(3));
    }

    static void requireBoxes(Shape boxes, Shape images, Shape levels) {
        boxes.requireRank(2, "roiAlign", "boxes [r, 4]");
        Shape each = Shape.of(boxes.dim(0));
        if (boxes.dim(1) != 4 || !images.equals(each) || !levels.equals(each)) {
            throw new ShapeException("roiAlign: expected boxes [r, 4], images [r] and levels [r], got " + boxes + ", "
                    + images + " and " + levels);
        }
    }

    @Override
    public DType typeOf(DType... in) {
        for (int i = 0; i < in.length; i++) {
            DType expected = i < in.length - 2 ? DType.F32 : DType.I32;
            if (in[i] != expected) {
                throw new ShapeException("roiAlign: operand " + i + " is " + in[i] + ", expected " + expected);
            }
        }
        return DType.F32;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        int k = scales.size();
        Tensor[] gradients = new Tensor[k + 3];
        for (int i = 0; i < k; i++) {
            if (call.needs(i)) {
                gradients[i] = new RoiAlignGradient(this, i, call.input(i).shape())
                        .on(dy, call.input(k), call.input(k + 1), call.input(k + 2));
            }
        }
        return Arrays.asList(gradients);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        int k = Math.max(samples, 1);
        return 8.0 * k * k * out.size();
    }

    /// Samples along one axis of a cell, 0 for an empty box; in the float arithmetic of torchvision.
    ///
    /// @param low  begin of the box on the image
    /// @param high its end
    int samples(float low, float high, int level) {
        if (samples > 0) {
            return samples;
        }
        float offset = aligned ? 0.5f : 0;
        float extent = (high * scales.get(level) - offset) - (low * scales.get(level) - offset);
        return (int) Math.max(Math.ceil((aligned ? extent : Math.max(extent, 1)) / size), 0);
    }
}
