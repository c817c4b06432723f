package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.FarKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// TornadoVM has no way to the bits of a float, so this is arithmetic: |x| is brought into [1, 2) by powers of two,
/// and adding 2¹⁶ rounds it to 7 bits behind the point. Every other operation is exact. What is smaller than a normal
/// float is brought into [0, 1) alike, so that its steps are those of bfloat16 there.
final class RoundBf16Tornado extends UnaryTornado<RoundBf16> {
    @Override
    FarKernel kernel() {
        return RoundBf16Tornado::perElement;
    }

    static void perElement(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            result.set(arg.get(1) + i, rounded(a.get(arg.get(0) + i)));
        }
    }

    private static float rounded(float x) {
        float size = x < 0 ? -x : x;
        float back = size >= 0x1p64f ? 0x1p64f : 1f; // so that no power of two below has a reciprocal below normal
        float reduced = size >= 0x1p64f ? size * 0x1p-64f : size;
        float unit = reduced < 1f ? unitBelowOne(reduced) : unitFromOne(reduced);
        float rounded = (reduced * (1f / unit) + 0x1p16f - 0x1p16f) * unit * back;
        float signed = x < 0 ? -rounded : rounded;
        return size > 0 ? signed : x;
    }

    /// The power of two with `unit ≤ size < 2·unit`; 2⁶³ for ∞, and 1 for NaN.
    private static float unitFromOne(float size) {
        float unit = size >= 0x1p32f ? 0x1p32f : 1f;
        unit = size >= unit * 0x1p16f ? unit * 0x1p16f : unit;
        unit = size >= unit * 0x1p8f ? unit * 0x1p8f : unit;
        unit = size >= unit * 0x1p4f ? unit * 0x1p4f : unit;
        unit = size >= unit * 0x1p2f ? unit * 0x1p2f : unit;
        return size >= unit * 0x1p1f ? unit * 0x1p1f : unit;
    }

    /// The same below 1; 2⁻¹²⁶ for what is smaller still.
    private static float unitBelowOne(float size) {
        float atLeast = size < 0x1p-126f ? 0x1p-126f : size;
        float unit = atLeast < 0x1p-63f ? 0x1p-64f : 1f;
        unit = atLeast < unit * 0x1p-31f ? unit * 0x1p-32f : unit;
        unit = atLeast < unit * 0x1p-15f ? unit * 0x1p-16f : unit;
        unit = atLeast < unit * 0x1p-7f ? unit * 0x1p-8f : unit;
        unit = atLeast < unit * 0x1p-3f ? unit * 0x1p-4f : unit;
        unit = atLeast < unit * 0x1p-1f ? unit * 0x1p-2f : unit;
        return atLeast < unit ? unit * 0x1p-1f : unit;
    }
}
