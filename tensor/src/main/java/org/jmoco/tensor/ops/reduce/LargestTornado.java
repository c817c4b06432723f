package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// The largest elements along an axis and where they stand, `[outer, axis, inner]`: one thread a line. NaN counts
/// as the largest; of equal ones the first wins.

final class LargestTornado {
    private LargestTornado() {}

    /// @param target where the values (`positions` false) or the positions go
    static void along(Launches gpu, int x, Shape shape, int axis, int target, boolean positions) {
        int outer = Math.toIntExact(shape.size(0, axis));
        int inner = Math.toIntExact(shape.size(axis + 1, shape.rank()));
        if (outer * inner > 0) {
            gpu.launch(
                    "reduce.largest",
                    LargestTornado::linePerThread,
                    Grid.threads((long) outer * inner),
                    x,
                    target,
                    outer,
                    shape.dim(axis),
                    inner,
                    positions ? 1 : 0);
        }
    }

    /// Whether `v` is larger than `best`; NaN is larger than any number.
    static boolean larger(float v, float best) {
        return !(v <= best) && best <= best + 0f;
    }

    static void linePerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int inner = arg.get(4);
        if (i < arg.get(2) * inner) {
            int x = arg.get(0) + i / inner * arg.get(3) * inner + i % inner;
            float most = mem.get(x);
            int at = 0;
            for (int k = 1; k < arg.get(3); k++) {
                float v = mem.get(x + k * inner);
                if (larger(v, most)) {
                    most = v;
                    at = k;
                }
            }
            if (arg.get(5) == 1) {
                ints.set(arg.get(1) + i, at);
            } else {
                mem.set(arg.get(1) + i, most);
            }
        }
    }
}
