package org.jmoco.tensor.ops.image;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;

/// The boxes of a [RoiAlign] as its kernels on the JVM read them.
final class Rois {
    private final RoiAlign op;
    private final MemorySegment boxes;
    private final MemorySegment images;
    private final MemorySegment levels;
    private final int count;

    /// @param pictures images there are
    Rois(RoiAlign op, MemorySegment boxes, MemorySegment images, MemorySegment levels, int count, int pictures) {
        this.op = op;
        this.boxes = boxes;
        this.images = images;
        this.levels = levels;
        this.count = count;
        for (int r = 0; r < count; r++) {
            check(r, pictures);
        }
    }

    private void check(int r, int pictures) {
        if (image(r) < 0 || image(r) >= pictures) {
            throw new IndexOutOfBoundsException(
                    "roiAlign: box " + r + " is of image " + image(r) + ", there are " + pictures);
        }
        if (level(r) < 0 || level(r) >= op.scales().size()) {
            throw new IndexOutOfBoundsException("roiAlign: box " + r + " is of level " + level(r) + ", there are "
                    + op.scales().size());
        }
        for (int side = 0; side < 4; side++) {
            if (!Float.isFinite(side(r, side))) {
                throw new IllegalArgumentException("roiAlign: box " + r + " is not finite: " + side(r, 0) + ", "
                        + side(r, 1) + ", " + side(r, 2) + ", " + side(r, 3));
            }
        }
    }

    int count() {
        return count;
    }

    int image(int r) {
        return images.getAtIndex(JAVA_INT, r);
    }

    int level(int r) {
        return levels.getAtIndex(JAVA_INT, r);
    }

    private float side(int r, int side) {
        return boxes.getAtIndex(JAVA_FLOAT, 4L * r + side);
    }

    /// How the rows of the map make the rows of box `r`.
    Interpolation vertical(int r, Shape map) {
        return axis(side(r, 1), side(r, 3), level(r), map.dim(1));
    }

    /// How the columns of the map make the columns of box `r`.
    Interpolation horizontal(int r, Shape map) {
        return axis(side(r, 0), side(r, 2), level(r), map.dim(2));
    }

    private Interpolation axis(float low, float high, int level, int extent) {
        double scale = op.scales().get(level);
        double start = low * scale - (op.aligned() ? 0.5 : 0);
        double length = (high - (double) low) * scale;
        double cell = (op.aligned() ? length : Math.max(length, 1)) / op.size();
        return Interpolation.averages(start, cell, op.samples(low, high, level), op.size(), extent);
    }
}
