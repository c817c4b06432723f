package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Sums that several work-groups found parts of, see [Tiling].
public final class Parts {
    private Parts() {}

    /// The arenas of a launch that finds parts: its result is scratch memory.
    public static Arenas arenas(Arenas whole) {
        return new Arenas(whole.a(), whole.b(), whole.e(), 0);
    }

    /// Adds the parts of each of `size` sums, in order, and a bias.
    ///
    /// @param arena   of the result
    /// @param from    where the parts begin in the first arena, one of all sums behind the other
    /// @param columns numbers of the bias
    /// @param bias    where it lies in the first arena, or −1
    public static void add(Launches gpu, int arena, int from, int to, int size, int parts, int columns, int bias) {
        gpu.launch(
                "matmul.addParts",
                Parts::perSum,
                Grid.threads(size),
                new Arenas(0, 0, 0, arena),
                from,
                to,
                size,
                parts,
                columns,
                bias);
    }

    static void perSum(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        int from = arg.get(0);
        int size = arg.get(2);
        int parts = arg.get(3);
        int bias = arg.get(5);
        if (i < size) {
            float sum = 0f;
            for (int part = 0; part < parts; part++) {
                sum += mem.get(from + part * size + i);
            }
            if (bias >= 0) {
                sum += mem.get(bias + i % arg.get(4));
            }
            result.set(arg.get(1) + i, sum);
        }
    }
}
