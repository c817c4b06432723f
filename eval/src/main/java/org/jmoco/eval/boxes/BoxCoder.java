package org.jmoco.eval.boxes;

/// Boxes relative to others, as the regression targets of Faster R-CNN (Ren et al. 2015, equation 2): with centre
/// (cx, cy) and extent (w, h) of the reference,
/// `(x·(cx′ − cx)/w, y·(cy′ − cy)/h, width·ln(w′/w), height·ln(h′/h))`.
///
/// @param x          weight of the horizontal shift (mmdet's standard deviation is its inverse)
/// @param y          weight of the vertical shift
/// @param width      weight of the logarithm of widths
/// @param height     weight of the logarithm of heights
/// @param clampBelow whether logarithms are clamped to ±ln(1000/16) (mmdet), not only from above (detectron2)
public record BoxCoder(float x, float y, float width, float height, boolean clampBelow) {
    /// Beyond this factor a decoded box does not grow: ln(1000/16).
    public static final float MOST = (float) StrictMath.log(1000.0 / 16);

    /// Unit weights, as region proposal networks have them.
    public static BoxCoder plain(boolean clampBelow) {
        return new BoxCoder(1, 1, 1, 1, clampBelow);
    }

    /// Weights 10, 10, 5, 5, as box heads have them.
    public static BoxCoder weighted(boolean clampBelow) {
        return new BoxCoder(10, 10, 5, 5, clampBelow);
    }

    /// What leads from box `i` of the references to box `j` of the targets: four numbers at `deltas[at]`.
    public void encode(Boxes references, int i, Boxes targets, int j, float[] deltas, int at) {
        float w = references.width(i);
        float h = references.height(i);
        float targetW = targets.width(j);
        float targetH = targets.height(j);
        deltas[at] = x * (targets.x0(j) + 0.5f * targetW - (references.x0(i) + 0.5f * w)) / w;
        deltas[at + 1] = y * (targets.y0(j) + 0.5f * targetH - (references.y0(i) + 0.5f * h)) / h;
        deltas[at + 2] = width * log(targetW / w);
        deltas[at + 3] = height * log(targetH / h);
    }

    /// The boxes that deltas lead to, `deltas[at + stride·i]` for box i of the references.
    ///
    /// @param stride from one box's four numbers to the next one's; more than 4 where each class has its own
    public Boxes decode(Boxes references, float[] deltas, int at, int stride) {
        float[] sides = new float[4 * references.size()];
        for (int i = 0; i < references.size(); i++) {
            int d = at + stride * i;
            axis(references.x0(i), references.width(i), deltas[d] / x, deltas[d + 2] / width, sides, 4 * i);
            axis(references.y0(i), references.height(i), deltas[d + 1] / y, deltas[d + 3] / height, sides, 4 * i + 1);
        }
        return Boxes.of(sides);
    }

    private void axis(float low, float extent, float shift, float growth, float[] sides, int at) {
        float clamped = Math.min(clampBelow ? Math.max(growth, -MOST) : growth, MOST);
        float centre = shift * extent + (low + 0.5f * extent);
        float half = 0.5f * ((float) StrictMath.exp(clamped) * extent);
        sides[at] = centre - half;
        sides[at + 2] = centre + half;
    }

    private static float log(float ratio) {
        return (float) StrictMath.log(ratio);
    }
}
