package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A matrix whose elements are bfloat16 already, written as words of two neighbours in a row, the first one in the
/// lower half: what [Fragments] are made of. Behind its rows and columns there may be zeros.
///
/// @param rows    of the matrix
/// @param columns of the matrix
/// @param row     floats from one row to the next
/// @param column  floats from one column to the next
/// @param blocks  such matrices behind each other, which are written behind each other
/// @param height  rows that are written of each
/// @param width   words of a row
public record Bf16Pairs(int rows, int columns, int row, int column, int blocks, int height, int width) {
    /// Bits of bfloat16.
    private static final int INFINITE = 0x7F80;
    private static final int NAN = 0x7FC0;

    /// Of a matrix with any strides and an even number of columns.
    public static Bf16Pairs of(int rows, int columns, int row, int column) {
        return new Bf16Pairs(rows, columns, row, column, 1, rows, columns / 2);
    }

    /// The same with rows of zeros behind it, up to so many.
    public Bf16Pairs upTo(int high) {
        return new Bf16Pairs(rows, columns, row, column, blocks, high, width);
    }

    /// Whether a value's elements are bfloat16.
    public static boolean isRounded(Node n) {
        return n.op() instanceof Op.Bfloat16 || n.op() instanceof Op.View && isRounded(n.input(0));
    }

    /// Whether both factors of a product are.
    public static boolean areRounded(Node call) {
        return isRounded(call.input(0)) && isRounded(call.input(1));
    }

    /// Words of all blocks.
    public long words() {
        return (long) blocks * height * width;
    }

    /// Adds the launch that writes an operand of a call.
    ///
    /// @param to where its words go in the arena of integers
    /// @return where what follows them begins
    public int pack(Launches gpu, Args a, int operand, int to) {
        gpu.launch(
                "matmul.bf16Pairs",
                Bf16Pairs::perPair,
                new Grid(Math.ceilDiv(height * width, Grid.GROUP), 1, blocks, Grid.GROUP, 1),
                a.arenas(operand),
                a.in(operand),
                row,
                column,
                rows,
                columns,
                height * width,
                width,
                to);
        return Math.toIntExact(to + words());
    }

    /// The argument block: the matrix, its strides, rows and columns, words in all and of a row, where they go.
    static void perPair(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(5)) {
            int rows = arg.get(3);
            int columns = arg.get(4);
            int row = i / arg.get(6);
            int column = 2 * (i - row * arg.get(6));
            int known = row < rows ? row : rows - 1;
            int first = column < columns ? column : columns - 1;
            int second = column + 1 < columns ? column + 1 : columns - 1;
            int at = arg.get(0) + c.groupIdz * rows * columns + known * arg.get(1);
            int low = bits(a.get(at + first * arg.get(2)));
            int high = bits(a.get(at + second * arg.get(2)));
            int lowOrZero = column < columns ? low : 0;
            int highOrZero = column + 1 < columns ? high : 0;
            int pair = lowOrZero | highOrZero << 16;
            ints.set(arg.get(7) + c.groupIdz * arg.get(5) + i, row < rows ? pair : 0);
        }
    }

    /// The 16 bits of a number that is a bfloat16; TornadoVM has no way to those of a float. The exponent is found by
    /// bringing the number into [1, 2) by powers of two, one bit of it after the other.
    private static int bits(float x) {
        float size = x < 0 ? -x : x;
        int magnitude = size < 1f ? bitsBelowOne(size) : bitsFromOne(size);
        int beyond = size > Float.MAX_VALUE ? INFINITE : NAN; // in a driver's hands, NaN is "at least" anything
        int number = size < Float.POSITIVE_INFINITY ? magnitude : beyond;
        return x < 0 ? number | 0x8000 : number;
    }

    private static int bitsFromOne(float size) {
        float s = size;
        int exponent = 127;
        exponent = s >= 0x1p64f ? exponent + 64 : exponent;
        s = s >= 0x1p64f ? s * 0x1p-64f : s;
        exponent = s >= 0x1p32f ? exponent + 32 : exponent;
        s = s >= 0x1p32f ? s * 0x1p-32f : s;
        exponent = s >= 0x1p16f ? exponent + 16 : exponent;
        s = s >= 0x1p16f ? s * 0x1p-16f : s;
        exponent = s >= 0x1p8f ? exponent + 8 : exponent;
        s = s >= 0x1p8f ? s * 0x1p-8f : s;
        exponent = s >= 0x1p4f ? exponent + 4 : exponent;
        s = s >= 0x1p4f ? s * 0x1p-4f : s;
        exponent = s >= 0x1p2f ? exponent + 2 : exponent;
        s = s >= 0x1p2f ? s * 0x1p-2f : s;
        exponent = s >= 0x1p1f ? exponent + 1 : exponent;
        s = s >= 0x1p1f ? s * 0x1p-1f : s;
        return exponent * 128 + (int) (s * 128f) - 128;
    }

    private static int bitsBelowOne(float size) {
        float s = size;
        int exponent = 127;
        exponent = s < 0x1p-63f ? exponent - 64 : exponent;
        s = s < 0x1p-63f ? s * 0x1p64f : s;
        exponent = s < 0x1p-31f ? exponent - 32 : exponent;
        s = s < 0x1p-31f ? s * 0x1p32f : s;
        exponent = s < 0x1p-15f ? exponent - 16 : exponent;
        s = s < 0x1p-15f ? s * 0x1p16f : s;
        exponent = s < 0x1p-7f ? exponent - 8 : exponent;
        s = s < 0x1p-7f ? s * 0x1p8f : s;
        exponent = s < 0x1p-3f ? exponent - 4 : exponent;
        s = s < 0x1p-3f ? s * 0x1p4f : s;
        exponent = s < 0x1p-1f ? exponent - 2 : exponent;
        s = s < 0x1p-1f ? s * 0x1p2f : s;
        exponent = s < 1f ? exponent - 1 : exponent;
        s = s < 1f ? s * 0x1p1f : s;
        int normal = exponent * 128 + (int) (s * 128f) - 128;
        return size < 0x1p-126f ? (int) (size * 0x1p126f * 128f) : normal;
    }
}
