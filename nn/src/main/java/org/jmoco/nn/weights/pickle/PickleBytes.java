package org.jmoco.nn.weights.pickle;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jmoco.tensor.io.FormatException;

/// A position in the bytes of a file, from which the parts of pickle opcodes are read. Nothing is
/// allocated before its length is known to be in the file.
public final class PickleBytes {
    private static final int MAX_LINE = 65_536;
    private static final int MAX_INTEGER_BYTES = 1_024;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble BIG_F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String file;
    private final MemorySegment bytes;
    private long position;

    /// @param file stands for the file in messages
    public PickleBytes(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    public long position() {
        return position;
    }

    public long remaining() {
        return bytes.byteSize() - position;
    }

    /// Moves over `length` bytes and returns where they began.
    ///
    /// @throws FormatException if fewer are left
    public long skip(long length) {
        if (length < 0 || length > remaining()) {
            throw refused("needs " + Long.toUnsignedString(length) + " bytes, " + remaining()
                    + " are left; is the file truncated?");
        }
        long start = position;
        position += length;
        return start;
    }

    /// A view of the next bytes.
    public MemorySegment slice(long length) {
        return bytes.asSlice(skip(length), length);
    }

    int u8() {
        return bytes.get(JAVA_BYTE, skip(1)) & 0xff;
    }

    int u16() {
        return bytes.get(I16, skip(2)) & 0xffff;
    }

    int i32() {
        return bytes.get(I32, skip(4));
    }

    long u32() {
        return i32() & 0xffff_ffffL;
    }

    /// A little-endian signed 8-byte integer.
    public long i64() {
        return bytes.get(I64, skip(8));
    }

    double bigEndianDouble() {
        return bytes.get(BIG_F64, skip(8));
    }

    byte[] array(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw refused("a string of " + Long.toUnsignedString(length) + " bytes");
        }
        return slice(length).toArray(JAVA_BYTE);
    }

    String text(long length, Charset charset) {
        return new String(array(length), charset);
    }

    /// A little-endian two's complement integer, a [Long] if it fits.
    Object integer(long length) {
        if (length > MAX_INTEGER_BYTES) {
            throw refused("an integer of " + length + " bytes");
        }
        byte[] magnitude = array(length);
        for (int i = 0, j = magnitude.length - 1; i < j; i++, j--) {
            byte swap = magnitude[i];
            magnitude[i] = magnitude[j];
            magnitude[j] = swap;
        }
        return magnitude.length == 0 ? (Object) 0L : longIfFits(new BigInteger(magnitude));
    }

    /// The text up to the next newline, which is skipped.
    String line() {
        long end = position;
        long limit = Math.min(bytes.byteSize(), position + MAX_LINE);
        while (end < limit && bytes.get(JAVA_BYTE, end) != '\n') {
            end++;
        }
        if (end == limit) {
            throw refused("a text line does not end");
        }
        String line = text(end - position, StandardCharsets.UTF_8);
        position++;
        return line;
    }

    /// A line that holds a decimal integer.
    Object integerLine(String line) {
        if (line.length() > MAX_INTEGER_BYTES) {
            throw refused("an integer of " + line.length() + " digits");
        }
        try {
            return longIfFits(new BigInteger(line.strip()));
        } catch (NumberFormatException e) {
            throw new FormatException(file, at() + "not a number: " + FormatException.quote(line), e);
        }
    }

    double doubleLine() {
        String line = line();
        try {
            return Double.parseDouble(line);
        } catch (NumberFormatException e) {
            throw new FormatException(file, at() + "not a number: " + FormatException.quote(line), e);
        }
    }

    private static Object longIfFits(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /// An exception that names the file and the position.
    public FormatException refused(String problem) {
        return new FormatException(file, at() + problem);
    }

    private String at() {
        return "pickle byte " + position + ": ";
    }
}
