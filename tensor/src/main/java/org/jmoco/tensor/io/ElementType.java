package org.jmoco.tensor.io;

/// The type of an array's elements in a file. All are little-endian in memory; the names are those
/// of safetensors.
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    /// bfloat16: the upper half of an F32.
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    /// One byte an element: zero is false, anything else true.
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes per element: 1, 2, 4 or 8.
    public int bytes() {
        return bytes;
    }

    /// Whether the elements can hold fractions.
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
