package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// One work-group a row finds the best, then the best behind it, and so on.

final class TopKTornado implements TornadoKernel<TopK> {
    @Override
    public void emit(TopK op, Args a, Launches gpu) {
        int n = a.shape(0).dim(-1);
        if (a.size() > 0) {
            gpu.launch(
                    "reduce.topK",
                    TopKTornado::rowPerGroup,
                    Grid.groups(a.size() / op.k()),
                    a.in(0),
                    a.out(),
                    n,
                    op.k());
        }
    }

    /// Whether element `v` at `i` comes before `w` at `j`: the larger first, of equal ones that which stands first.
    static boolean before(float v, int i, float w, int j) {
        boolean first = v > w;
        boolean vNumber = v <= v + 0f;
        boolean wNumber = w <= w + 0f;
        if (!vNumber) {
            first = wNumber || i < j;
        } else if (wNumber && v == w) {
            first = i < j;
        }
        return first;
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] values = c.allocateFloatLocalArray(256);
        int[] positions = c.allocateIntLocalArray(256);
        int n = arg.get(2);
        int row = arg.get(0) + c.groupIdx * n;
        int t = c.localIdx;
        int last = -1; // position of the one found before
        for (int k = 0; k < arg.get(3); k++) {
            int best = -1;
            for (int i = t; i < n; i += 256) {
                if (last < 0 || before(mem.get(row + last), last, mem.get(row + i), i)) {
                    if (best < 0 || before(mem.get(row + i), i, mem.get(row + best), best)) {
                        best = i;
                    }
                }
            }
            positions[t] = best;
            values[t] = mem.get(row + (best < 0 ? 0 : best));
            for (int half = 128; half > 0; half = half >> 1) {
                c.localBarrier();
                if (t < half) {
                    int other = positions[t + half];
                    if (other >= 0 && (positions[t] < 0 || before(values[t + half], other, values[t], positions[t]))) {
                        positions[t] = other;
                        values[t] = values[t + half];
                    }
                }
            }
            c.localBarrier();
            last = positions[0];
            if (t == 0) {
                ints.set(arg.get(1) + c.groupIdx * arg.get(3) + k, last);
            }
            c.localBarrier();
        }
    }
}
