package org.jmoco.eval.boxes;

/// The kernel as ordinary loops, and the last few boxes of every vector loop.
class PlainOverlapKernel implements OverlapKernel {
    @Override
    public void iou(Boxes boxes, int i, BoxColumns others, int from, int to, float[] out) {
        rest(boxes, i, others, from, from, to, out);
    }

    static void rest(Boxes boxes, int i, BoxColumns others, int first, int from, int to, float[] out) {
        float x0 = boxes.x0(i);
        float y0 = boxes.y0(i);
        float x1 = boxes.x1(i);
        float y1 = boxes.y1(i);
        float area = boxes.area(i);
        for (int k = from; k < to; k++) {
            out[k - first] = Boxes.iou(
                    x0, y0, x1, y1, area, others.x0[k], others.y0[k], others.x1[k], others.y1[k], others.area[k]);
        }
    }

    @Override
    public boolean anyAbove(float threshold, Boxes boxes, int i, BoxColumns others) {
        return anyAbove(threshold, boxes, i, others, 0);
    }

    static boolean anyAbove(float threshold, Boxes boxes, int i, BoxColumns others, int from) {
        float x0 = boxes.x0(i);
        float y0 = boxes.y0(i);
        float x1 = boxes.x1(i);
        float y1 = boxes.y1(i);
        float area = boxes.area(i);
        for (int k = from; k < others.size; k++) {
            if (Boxes.iou(x0, y0, x1, y1, area, others.x0[k], others.y0[k], others.x1[k], others.y1[k], others.area[k])
                    > threshold) {
                return true;
            }
        }
        return false;
    }
}
