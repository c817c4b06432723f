package org.jmoco.tensor.backend.tornado;

import java.util.Arrays;
import org.jmoco.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Copies within an arena, from any strides to any strides: what slices, concatenation, permutation, broadcasting
/// and padding are made of.
public final class Moves {
    /// Axes of a walk; shapes of fewer axes are padded with extents of 1 in front.
    public static final int AXES = 6;

    private Moves() {}

    /// Copies `n` neighbouring elements.
    ///
    /// @param floats whether in `mem`, else in `ints`
    public static void copy(Launches gpu, boolean floats, int from, int to, long n) {
        if (n > 0 && from != to) {
            gpu.launch(
                    floats ? "moves.flatFloats" : "moves.flatInts",
                    floats ? Moves::flatFloats : Moves::flatInts,
                    Grid.threads(n),
                    from,
                    to,
                    Math.toIntExact(n));
        }
    }

    /// Copies a box of elements.
    ///
    /// @param box         its extents
    /// @param fromStrides elements between neighbours along each axis, where it is read; 0 repeats
    /// @param toStrides   the same where it is written
    public static void copy(
            Launches gpu, boolean floats, int from, int[] fromStrides, int to, int[] toStrides, Shape box) {
        if (box.size() == 0) {
            return;
        }
        int[] block = new int[3 + 3 * AXES];
        block[0] = from;
        block[1] = to;
        block[2] = Math.toIntExact(box.size());
        Arrays.fill(block, 3, 3 + AXES, 1);
        int pad = AXES - box.rank();
        if (pad < 0) {
            throw new IllegalArgumentException("a device copies at most " + AXES + " axes, got " + box);
        }
        for (int a = 0; a < box.rank(); a++) {
            block[3 + pad + a] = box.dim(a);
            block[3 + AXES + pad + a] = fromStrides[a];
            block[3 + 2 * AXES + pad + a] = toStrides[a];
        }
        gpu.launch(
                floats ? "moves.boxFloats" : "moves.boxInts",
                floats ? Moves::boxFloats : Moves::boxInts,
                Grid.threads(box.size()),
                block);
    }

    /// Sets `n` neighbouring elements to 0.
    public static void clear(Launches gpu, boolean floats, int at, long n) {
        if (n > 0) {
            gpu.launch(
                    floats ? "moves.clearFloats" : "moves.clearInts",
                    floats ? Moves::clearFloats : Moves::clearInts,
                    Grid.threads(n),
                    at,
                    Math.toIntExact(n));
        }
    }

    /// Elements between neighbours along each axis of a whole tensor.
    public static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        for (int a = 0; a < strides.length; a++) {
            strides[a] = Math.toIntExact(shape.size(a + 1, shape.rank()));
        }
        return strides;
    }

    /// Where element `i` of a box lies: extents at `arg[extents]`, strides at `arg[strides]`, [#AXES] of each.
    public static int walk(IntArray arg, int extents, int strides, int i) {
        int rest = i;
        int at = 0;
        for (int a = 5; a >= 0; a--) {
            int extent = arg.get(extents + a);
            at += (rest % extent) * arg.get(strides + a);
            rest = rest / extent;
        }
        return at;
    }

    static void flatFloats(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            mem.set(arg.get(1) + i, mem.get(arg.get(0) + i));
        }
    }

    static void flatInts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            ints.set(arg.get(1) + i, ints.get(arg.get(0) + i));
        }
    }

    static void boxFloats(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            mem.set(arg.get(1) + walk(arg, 3, 15, i), mem.get(arg.get(0) + walk(arg, 3, 9, i)));
        }
    }

    static void boxInts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            ints.set(arg.get(1) + walk(arg, 3, 15, i), ints.get(arg.get(0) + walk(arg, 3, 9, i)));
        }
    }

    static void clearFloats(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            mem.set(arg.get(0) + i, 0f);
        }
    }

    static void clearInts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            ints.set(arg.get(0) + i, 0);
        }
    }
}
