package org.jmoco.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// An immutable array as it lies in a file: element type, shape and a dense little-endian payload
/// in C order (the last dimension is contiguous). The payload is off-heap or a memory-mapped file
/// and need not be aligned. A shape of rank 0 is a scalar with one element.
public final class ArrayData {
    static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ElementType type;
    private final long[] shape;
    private final long count;
    private final MemorySegment payload;

    private ArrayData(ElementType type, long[] shape, MemorySegment payload) {
        this.type = type;
        this.shape = shape.clone();
        this.count = count(shape);
        this.payload = payload.asReadOnly();
        long expected = byteSize(type, shape);
        if (payload.byteSize() != expected) {
            throw new IllegalArgumentException("an array "
                    + type
                    + Arrays.toString(shape)
                    + " has "
                    + expected
                    + " bytes, the payload has "
                    + payload.byteSize());
        }
    }

    /// Wraps a payload without copying it; it must not be changed afterwards.
    ///
    /// @throws IllegalArgumentException if its size is not what type and shape say
    public static ArrayData of(ElementType type, long[] shape, MemorySegment payload) {
        return new ArrayData(type, shape, payload);
    }

    /// Copies float values into an off-heap F32 array; without a shape it is a vector.
    public static ArrayData ofFloats(float[] values, long... shape) {
        MemorySegment to = allocate(4L * values.length);
        MemorySegment.copy(values, 0, to, F32, 0, values.length);
        return of(ElementType.F32, shapeOr(shape, values.length), to);
    }

    /// Copies double values into an off-heap F64 array; without a shape it is a vector.
    public static ArrayData ofDoubles(double[] values, long... shape) {
        MemorySegment to = allocate(8L * values.length);
        MemorySegment.copy(values, 0, to, F64, 0, values.length);
        return of(ElementType.F64, shapeOr(shape, values.length), to);
    }

    /// Copies int values into an off-heap I32 array; without a shape it is a vector.
    public static ArrayData ofInts(int[] values, long... shape) {
        MemorySegment to = allocate(4L * values.length);
        MemorySegment.copy(values, 0, to, I32, 0, values.length);
        return of(ElementType.I32, shapeOr(shape, values.length), to);
    }

    /// Copies long values into an off-heap I64 array; without a shape it is a vector.
    public static ArrayData ofLongs(long[] values, long... shape) {
        MemorySegment to = allocate(8L * values.length);
        MemorySegment.copy(values, 0, to, I64, 0, values.length);
        return of(ElementType.I64, shapeOr(shape, values.length), to);
    }

    /// Copies bytes into an off-heap U8 array; without a shape it is a vector.
    public static ArrayData ofBytes(byte[] values, long... shape) {
        MemorySegment to = allocate(values.length);
        MemorySegment.copy(values, 0, to, JAVA_BYTE, 0, values.length);
        return of(ElementType.U8, shapeOr(shape, values.length), to);
    }

    /// A zero-filled off-heap segment, aligned to 64 bytes and released when it is no longer
    /// reachable.
    public static MemorySegment allocate(long bytes) {
        return Arena.ofAuto().allocate(bytes, 64);
    }

    private static long[] shapeOr(long[] shape, int length) {
        return shape.length == 0 ? new long[] {length} : shape;
    }

    /// The number of elements of a shape.
    ///
    /// @throws IllegalArgumentException if a dimension is negative or the product exceeds a long
    public static long count(long... shape) {
        long count = 1;
        for (long d : shape) {
            if (d < 0) {
                throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(shape));
            }
            long high = Math.multiplyHigh(count, d);
            count *= d;
            if (high != 0 || count < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large");
            }
        }
        return count;
    }

    /// The number of bytes of a dense array.
    ///
    /// @throws IllegalArgumentException if a dimension is negative or the product exceeds a long
    public static long byteSize(ElementType type, long... shape) {
        long count = count(shape);
        if (count > Long.MAX_VALUE / type.bytes()) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large");
        }
        return count * type.bytes();
    }

    public ElementType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    public long dim(int axis) {
        return shape[axis];
    }

    /// The number of elements.
    public long count() {
        return count;
    }

    /// The payload: read-only, little-endian, C order, `count() * type().bytes()` bytes.
    public MemorySegment payload() {
        return payload;
    }

    /// The same elements under another shape, without a copy.
    ///
    /// @throws IllegalArgumentException if the number of elements differs
    public ArrayData reshape(long... newShape) {
        return of(type, newShape, payload);
    }

    /// Element `i` in C order, rounded to double (exact for all types but large I64).
    public double doubleAt(long i) {
        return switch (type) {
            case F64 -> payload.get(F64, 8 * i);
            case F32 -> payload.get(F32, 4 * i);
            case F16 -> Float.float16ToFloat(payload.get(I16, 2 * i));
            case BF16 -> bfloat16ToFloat(payload.get(I16, 2 * i));
            case I64, I32, I16, I8, U8, BOOL -> longAt(i);
        };
    }

    /// Element `i` in C order of an integer or BOOL array.
    ///
    /// @throws IllegalStateException if the elements are floating point
    public long longAt(long i) {
        return switch (type) {
            case I64 -> payload.get(I64, 8 * i);
            case I32 -> payload.get(I32, 4 * i);
            case I16 -> payload.get(I16, 2 * i);
            case I8 -> payload.get(JAVA_BYTE, i);
            case U8 -> payload.get(JAVA_BYTE, i) & 0xff;
            case BOOL -> payload.get(JAVA_BYTE, i) == 0 ? 0 : 1;
            case F64, F32, F16, BF16 ->
                throw new IllegalStateException("the array holds " + type + ", integers are needed");
        };
    }

    /// All elements as floats: F16 and BF16 widen exactly, F64 and large integers round to nearest.
    ///
    /// @throws IllegalStateException if there are more elements than a Java array can hold
    public float[] toFloatArray() {
        float[] to = new float[length()];
        if (type == ElementType.F32) {
            MemorySegment.copy(payload, F32, 0, to, 0, to.length);
        } else {
            for (int i = 0; i < to.length; i++) {
                to[i] = floatAt(i);
            }
        }
        return to;
    }

    /// Writes all elements as native-order floats into `target`, which holds `4 * count()` bytes.
    /// For arrays too large for the Java heap and for the arenas of programs.
    public void copyFloatsTo(MemorySegment target) {
        if (target.byteSize() != Math.multiplyExact(4, count)) {
            throw new IllegalArgumentException(
                    "the target has " + target.byteSize() + " bytes for " + count + " floats");
        }
        if (type == ElementType.F32) {
            MemorySegment.copy(payload, F32, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
        } else {
            for (long i = 0; i < count; i++) {
                target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, floatAt(i));
            }
        }
    }

    /// All elements as doubles; only large I64 values round.
    ///
    /// @throws IllegalStateException if there are more elements than a Java array can hold
    public double[] toDoubleArray() {
        double[] to = new double[length()];
        for (int i = 0; i < to.length; i++) {
            to[i] = doubleAt(i);
        }
        return to;
    }

    /// All elements of an integer or BOOL array.
    ///
    /// @throws IllegalStateException if the elements are floating point, a value does not fit an
    ///   int, or there are more elements than a Java array can hold
    public int[] toIntArray() {
        int[] to = new int[length()];
        for (int i = 0; i < to.length; i++) {
            long value = longAt(i);
            to[i] = (int) value;
            if (to[i] != value) {
                throw new IllegalStateException("element " + i + " is " + value + ", too large for an int");
            }
        }
        return to;
    }

    /// All elements of an integer or BOOL array.
    ///
    /// @throws IllegalStateException if the elements are floating point or too many for a Java
    ///   array
    public long[] toLongArray() {
        long[] to = new long[length()];
        for (int i = 0; i < to.length; i++) {
            to[i] = longAt(i);
        }
        return to;
    }

    /// The same values as F32 (this array itself if it is F32 already); rounds like
    /// [#toFloatArray()].
    public ArrayData toF32() {
        if (type == ElementType.F32) {
            return this;
        }
        MemorySegment to = allocate(Math.multiplyExact(4, count));
        for (long i = 0; i < count; i++) {
            to.set(F32, 4 * i, floatAt(i));
        }
        return of(ElementType.F32, shape, to);
    }

    private float floatAt(long i) {
        // A long goes to float in one rounding, not through double.
        return type.isFloating() ? (float) doubleAt(i) : (float) longAt(i);
    }

    private int length() {
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(count + " elements do not fit in one Java array");
        }
        return (int) count;
    }

    /// Widens the 16 bits of a bfloat16, exactly.
    public static float bfloat16ToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
    public static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40); // quiet, so that no payload bit is needed to stay NaN
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /// Equal types, shapes and payload bytes; so NaN equals NaN and 0 differs from −0.
    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayData that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && payload.mismatch(that.payload) == -1;
    }

    /// Of type and shape only: payloads can be large.
    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(shape);
    }

    /// Type and shape, as in `F32[64, 3, 7, 7]`.
    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
