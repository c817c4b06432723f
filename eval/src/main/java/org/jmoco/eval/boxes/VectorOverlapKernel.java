package org.jmoco.eval.boxes;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The kernel on the Vector API: a lane a box, the same operations and hence the same bits.
final class VectorOverlapKernel extends PlainOverlapKernel {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    @Override
    public void iou(Boxes boxes, int i, BoxColumns others, int from, int to, float[] out) {
        FloatVector x0 = FloatVector.broadcast(S, boxes.x0(i));
        FloatVector y0 = FloatVector.broadcast(S, boxes.y0(i));
        FloatVector x1 = FloatVector.broadcast(S, boxes.x1(i));
        FloatVector y1 = FloatVector.broadcast(S, boxes.y1(i));
        FloatVector area = FloatVector.broadcast(S, boxes.area(i));
        int k = from;
        for (; k <= to - LANES; k += LANES) {
            iou(x0, y0, x1, y1, area, others, k).intoArray(out, k - from);
        }
        rest(boxes, i, others, from, k, to, out);
    }

    @Override
    public boolean anyAbove(float threshold, Boxes boxes, int i, BoxColumns others) {
        FloatVector x0 = FloatVector.broadcast(S, boxes.x0(i));
        FloatVector y0 = FloatVector.broadcast(S, boxes.y0(i));
        FloatVector x1 = FloatVector.broadcast(S, boxes.x1(i));
        FloatVector y1 = FloatVector.broadcast(S, boxes.y1(i));
        FloatVector area = FloatVector.broadcast(S, boxes.area(i));
        int k = 0;
        for (; k <= others.size - 2 * LANES; k += 2 * LANES) {
            VectorMask<Float> a = iou(x0, y0, x1, y1, area, others, k).compare(GT, threshold);
            VectorMask<Float> b = iou(x0, y0, x1, y1, area, others, k + LANES).compare(GT, threshold);
            if (a.or(b).anyTrue()) {
                return true;
            }
        }
        return anyAbove(threshold, boxes, i, others, k);
    }

    private static FloatVector iou(
            FloatVector x0,
            FloatVector y0,
            FloatVector x1,
            FloatVector y1,
            FloatVector area,
            BoxColumns others,
            int k) {
        FloatVector width = x1.min(FloatVector.fromArray(S, others.x1, k))
                .sub(x0.max(FloatVector.fromArray(S, others.x0, k)))
                .max(0);
        FloatVector height = y1.min(FloatVector.fromArray(S, others.y1, k))
                .sub(y0.max(FloatVector.fromArray(S, others.y0, k)))
                .max(0);
        FloatVector both = width.mul(height);
        FloatVector either = area.add(FloatVector.fromArray(S, others.area, k)).sub(both);
        return FloatVector.zero(S).blend(both.div(either), both.compare(GT, 0));
    }
}
