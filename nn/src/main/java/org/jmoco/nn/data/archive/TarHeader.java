package org.jmoco.nn.data.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/// One block of 512 bytes before the bytes of an entry, as POSIX.1-1988 (ustar), GNU tar and their ancestor V7
/// write it.
///
/// | bytes | are |
/// |---|---|
/// | 0 … 99 | the name |
/// | 124 … 135 | the length, octal, or binary with the first bit set |
/// | 148 … 155 | the sum of all bytes, these eight taken for spaces, octal |
/// | 156 | the type |
/// | 257 … 264 | `ustar`, NUL, `00` in POSIX archives |
/// | 345 … 499 | what comes before the name, in POSIX archives |
@SuppressWarnings("ArrayRecordComponent") // a view of a block, never compared
record TarHeader(byte[] block) {
    static final int BLOCK = 512;

    private static final int NAME = 100;
    private static final int SIZE = 124;
    private static final int SUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int PREFIX_BYTES = 155;
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0};

    /// Whether it is the mark of the archive's end.
    boolean isEmpty() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the sum is right; a few old programs added signed bytes.
    boolean isSound() {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= SUM && i < SUM + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        OptionalLong said = octal(SUM, 8);
        return said.isPresent() && (said.getAsLong() == unsigned || said.getAsLong() == signed);
    }

    char type() {
        return (char) (block[TYPE] & 0xFF);
    }

    /// The length of the bytes that follow; empty if it is negative, over 2⁶³ or no number.
    OptionalLong size() {
        int first = block[SIZE] & 0xFF;
        if (first < 0x80) {
            return octal(SIZE, 12);
        }
        // Base 256: one bit says so, the next is the sign.
        long value = first & 0x7F;
        for (int i = 1; i < 12; i++) {
            if (value >= 1L << 55) {
                return OptionalLong.empty();
            }
            value = value << 8 | block[SIZE + i] & 0xFF;
        }
        return OptionalLong.of(value);
    }

    /// The name, with what comes before it.
    ///
    /// @throws CharacterCodingException if it is no UTF-8
    String name() throws CharacterCodingException {
        String name = text(block, 0, NAME);
        for (int i = 0; i < USTAR.length; i++) {
            if (block[MAGIC + i] != USTAR[i]) {
                return name;
            }
        }
        String prefix = text(block, PREFIX, PREFIX_BYTES);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /// What tells this header from others.
    int sum() {
        CRC32 sum = new CRC32();
        sum.update(block);
        return (int) sum.getValue();
    }

    /// Digits between spaces and NULs; nothing at all is 0.
    private OptionalLong octal(int at, int length) {
        long value = 0;
        boolean ended = false;
        boolean begun = false;
        for (int i = at; i < at + length; i++) {
            byte b = block[i];
            if (b == ' ' || b == 0) {
                ended = begun;
            } else if (b < '0' || b > '7' || ended) {
                return OptionalLong.empty();
            } else {
                begun = true;
                value = value << 3 | b - '0';
            }
        }
        return OptionalLong.of(value);
    }

    /// The text up to a NUL.
    static String text(byte[] bytes, int at, int most) throws CharacterCodingException {
        int end = at;
        while (end < at + most && bytes[end] != 0) {
            end++;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, at, end - at))
                .toString();
    }
}
