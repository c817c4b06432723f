package org.jmoco.tensor.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/// One array in numpy's npy format. For files written row by row see [NpyWriter].
public final class Npy {
    private Npy() {}

    /// Reads a file of version 1 to 3 in either byte order and either element order. The payload is
    /// a view of the mapped file if it is little-endian and in C order, else a converted copy.
    /// Integers without a sign become signed ones of twice the width, those of 8 bytes ones of 8.
    ///
    /// @throws FormatException if it is not an npy file, its element type is not supported, an
    ///   integer has no room, or its size differs from what the header says
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static ArrayData read(Path file) {
        return parse(file.toString(), MappedFile.read(file));
    }

    /// Reads a file's content from memory.
    ///
    /// @param name stands for the file in messages
    /// @throws FormatException as [#read]
    public static ArrayData parse(String name, MemorySegment file) {
        NpyHeader header = NpyHeader.parse(name, file);
        MemorySegment payload = file.asSlice(header.bytes());
        long expected;
        try {
            expected = ArrayData.byteSize(header.type(), header.shape());
        } catch (IllegalArgumentException e) {
            throw new FormatException(name, e.getMessage(), e);
        }
        if (payload.byteSize() != expected) {
            throw new FormatException(
                    name,
                    header.type()
                            + Arrays.toString(header.shape())
                            + " needs "
                            + expected
                            + " bytes after the header, "
                            + "the file has "
                            + payload.byteSize()
                            + (payload.byteSize() < expected ? "; is it truncated?" : ""));
        }
        if (header.bigEndian() && header.type().bytes() > 1) {
            payload = swapBytes(payload, header.type().bytes());
        }
        ElementType type = header.type();
        if (header.unsigned()) {
            payload = signed(name, payload, type);
            type = type == ElementType.I16 ? ElementType.I32 : ElementType.I64;
        }
        if (header.fortranOrder() && header.shape().length > 1) {
            return toCOrder(type, payload, header.shape());
        }
        return ArrayData.of(type, header.shape(), payload);
    }

    private static MemorySegment signed(String name, MemorySegment from, ElementType type) {
        long count = from.byteSize() / type.bytes();
        MemorySegment to = ArrayData.allocate(count * (type == ElementType.I16 ? 4 : 8));
        for (long i = 0; i < count; i++) {
            switch (type) {
                case I16 -> to.set(ArrayData.I32, 4 * i, Short.toUnsignedInt(from.get(ArrayData.I16, 2 * i)));
                case I32 -> to.set(ArrayData.I64, 8 * i, Integer.toUnsignedLong(from.get(ArrayData.I32, 4 * i)));
                default -> {
                    long value = from.get(ArrayData.I64, 8 * i);
                    if (value < 0) {
                        throw new FormatException(
                                name, "element " + i + " is " + Long.toUnsignedString(value) + ", over 2^63 - 1");
                    }
                    to.set(ArrayData.I64, 8 * i, value);
                }
            }
        }
        return to;
    }

    /// Replaces `file` atomically by version 1.0, little-endian, C order: byte for byte what numpy
    /// 1.23 and later write.
    ///
    /// @throws IllegalArgumentException if the array is BF16, which npy does not know
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, ArrayData array) {
        byte[] header = NpyHeader.format(array.type(), array.shape());
        AtomicFile.write(file, channel -> {
            AtomicFile.append(channel, MemorySegment.ofArray(header));
            AtomicFile.append(channel, array.payload());
        });
    }

    private static MemorySegment swapBytes(MemorySegment from, int width) {
        MemorySegment to = ArrayData.allocate(from.byteSize());
        for (long i = 0; i < from.byteSize(); i += width) {
            switch (width) {
                case 2 -> to.set(ArrayData.I16, i, Short.reverseBytes(from.get(ArrayData.I16, i)));
                case 4 -> to.set(ArrayData.I32, i, Integer.reverseBytes(from.get(ArrayData.I32, i)));
                default -> to.set(ArrayData.I64, i, Long.reverseBytes(from.get(ArrayData.I64, i)));
            }
        }
        return to;
    }

    /// In Fortran order the first dimension is contiguous.
    private static ArrayData toCOrder(ElementType type, MemorySegment payload, long[] shape) {
        long[] stride = new long[shape.length];
        long step = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            stride[axis] = step;
            step *= shape[axis];
        }
        return Strided.toDense(type, payload, 0, shape, stride);
    }
}
