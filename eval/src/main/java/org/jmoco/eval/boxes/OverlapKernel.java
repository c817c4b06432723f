package org.jmoco.eval.boxes;

/// Overlaps of one box with many, in the arithmetic of [Boxes#iou].
interface OverlapKernel {
    /// The kernel for this JVM: the Vector API where its module is present, plain Java elsewhere.
    OverlapKernel BEST = best();

    /// `out[k] = iou(boxes[i], others[from + k])` for `from + k < to`.
    void iou(Boxes boxes, int i, BoxColumns others, int from, int to, float[] out);

    /// Whether box `i` overlaps one of the others by more than `threshold`.
    boolean anyAbove(float threshold, Boxes boxes, int i, BoxColumns others);

    private static OverlapKernel best() {
        // The class that uses the Vector API must not be loaded where the module is absent.
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? new VectorOverlapKernel()
                : new PlainOverlapKernel();
    }
}
