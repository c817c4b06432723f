package org.jmoco.eval.boxes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The anchors of one level of a region proposal network: boxes of all sizes and ratios around every position of a
/// map, the position's centre at multiples of the stride.
///
/// @param stride pixels of the image a position of the map
/// @param sizes  square roots of the anchors' areas, in pixels
/// @param ratios height divided by width
/// @param order  which of the two changes faster from one anchor of a position to the next
/// @param whole  whether the sides of a position's anchors are rounded to whole pixels from its centre, as
///     torchvision does
public record Anchors(int stride, List<Float> sizes, List<Float> ratios, Order order, boolean whole) {
    /// The order of a position's anchors, hence of the network's output channels.
    public enum Order {
        /// All ratios of the first size, then those of the next: detectron2.
        SIZE_BY_SIZE,
        /// All sizes of the first ratio, then those of the next: mmdet.
        RATIO_BY_RATIO
    }

    public Anchors {
        sizes = List.copyOf(sizes);
        ratios = List.copyOf(ratios);
        if (stride < 1
                || sizes.isEmpty()
                || ratios.isEmpty()
                || !sizes.stream().allMatch(s -> s > 0)
                || !ratios.stream().allMatch(r -> r > 0)) {
            throw new IllegalArgumentException(
                    "anchors: expected a stride of at least 1 and positive sizes and ratios, got stride " + stride
                            + ", sizes " + sizes + ", ratios " + ratios);
        }
    }

    /// Anchors whose sides are not rounded.
    public Anchors(int stride, List<Float> sizes, List<Float> ratios, Order order) {
        this(stride, sizes, ratios, order, false);
    }

    /// Anchors of one position.
    public int each() {
        return sizes.size() * ratios.size();
    }

    /// Their extents, `{width, height}`, in order.
    private List<double[]> extents() {
        List<double[]> extents = new ArrayList<>();
        if (order == Order.SIZE_BY_SIZE) {
            for (float size : sizes) {
                for (float ratio : ratios) {
                    extents.add(extent(size, ratio));
                }
            }
        } else {
            for (float ratio : ratios) {
                for (float size : sizes) {
                    extents.add(extent(size, ratio));
                }
            }
        }
        return extents;
    }

    private double[] extent(double size, double ratio) {
        double width = Math.sqrt(size * size / ratio);
        return new double[] {rounded(width), rounded(ratio * width)};
    }

    private double rounded(double extent) {
        return whole ? 2 * Math.rint(0.5 * extent) : extent;
    }

    /// The anchors of a map, row by row, then position by position, then in their order: `height · width ·
    /// each()`.
    public Boxes over(int height, int width) {
        return over(height, width, stride, stride);
    }

    /// The same with other distances between rows and between positions, in pixels.
    Boxes over(int height, int width, int down, int right) {
        List<double[]> extents = extents();
        float[] sides = new float[Math.multiplyExact(4 * extents.size(), height * width)];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (double[] extent : extents) {
                    sides[at++] = x * right + (float) (-0.5 * extent[0]);
                    sides[at++] = y * down + (float) (-0.5 * extent[1]);
                    sides[at++] = x * right + (float) (0.5 * extent[0]);
                    sides[at++] = y * down + (float) (0.5 * extent[1]);
                }
            }
        }
        return Boxes.of(sides);
    }

    /// The numbers of those that lie inside an image of this size, as mmdet's C4 recipe trains on.
    public static int[] inside(Boxes anchors, float width, float height) {
        return IntStream.range(0, anchors.size())
                .filter(i ->
                        anchors.x0(i) >= 0 && anchors.y0(i) >= 0 && anchors.x1(i) < width && anchors.y1(i) < height)
                .toArray();
    }
}
