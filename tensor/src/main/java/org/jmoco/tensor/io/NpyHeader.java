package org.jmoco.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The header of an npy file, versions 1 to 3: magic, version, length, then a Python dictionary
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` padded with spaces to a multiple
/// of 64.
///
/// @param unsigned whether the integers of `type` are to be taken without a sign
/// @param bytes of the whole header, so where the payload starts
record NpyHeader(ElementType type, boolean unsigned, boolean bigEndian, boolean fortranOrder, long[] shape, int bytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_TEXT = 65_536;
    private static final int MAX_RANK = 32;

    /// Digits for which room is left so that the first dimension can grow in place; numpy leaves
    /// the same.
    private static final int GROWTH_DIGITS = 21;

    static NpyHeader parse(String file, MemorySegment bytes) {
        if (bytes.byteSize() < 10 || !Arrays.equals(bytes.asSlice(0, 6).toArray(JAVA_BYTE), MAGIC)) {
            throw new FormatException(file, "not an npy file");
        }
        int version = bytes.get(JAVA_BYTE, 6);
        if (version < 1 || version > 3 || bytes.get(JAVA_BYTE, 7) != 0) {
            throw new FormatException(
                    file, "npy version " + version + "." + bytes.get(JAVA_BYTE, 7) + "; known are 1.0, 2.0 and 3.0");
        }
        int start = version == 1 ? 10 : 12;
        if (bytes.byteSize() < start) {
            throw new FormatException(file, "the npy header is truncated");
        }
        long length = version == 1 ? bytes.get(ArrayData.I16, 8) & 0xffff : bytes.get(ArrayData.I32, 8) & 0xffffffffL;
        if (length > MAX_TEXT || length > bytes.byteSize() - start) {
            throw new FormatException(
                    file,
                    "the npy header claims "
                            + length
                            + " bytes, the file has "
                            + bytes.byteSize()
                            + " in all"
                            + " and the limit is "
                            + MAX_TEXT);
        }
        byte[] text = bytes.asSlice(start, length).toArray(JAVA_BYTE);
        return new DictParser(file, new String(text, StandardCharsets.UTF_8)).parse(start + (int) length);
    }

    /// A version 1.0 header as numpy writes it, little-endian and in C order.
    static byte[] format(ElementType type, long[] shape) {
        String dims = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '"
                + descr(type)
                + "', 'fortran_order': False, 'shape': ("
                + dims
                + (shape.length == 1 ? ",), }" : "), }");
        if (shape.length > 0) {
            text += " ".repeat(GROWTH_DIGITS - Long.toString(shape[0]).length());
        }
        int size = (10 + text.length() + 1 + 63) / 64 * 64;
        byte[] header = new byte[size];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[7] = 0;
        header[8] = (byte) (size - 10);
        header[9] = (byte) (size - 10 >> 8);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, 10, text.length());
        header[size - 1] = '\n';
        return header;
    }

    private static String descr(ElementType type) {
        return switch (type) {
            case F64 -> "<f8";
            case F32 -> "<f4";
            case F16 -> "<f2";
            case I64 -> "<i8";
            case I32 -> "<i4";
            case I16 -> "<i2";
            case I8 -> "|i1";
            case U8 -> "|u1";
            case BOOL -> "|b1";
            case BF16 -> throw new IllegalArgumentException("npy has no type for BF16; convert to F32 first");
        };
    }

    /// Just enough Python literal syntax for the dictionary; nothing is evaluated.
    private static final class DictParser {
        private final String file;
        private final String text;
        private int at;
        private String descr;
        private Boolean fortran;
        private long[] shape;

        DictParser(String file, String text) {
            this.file = file;
            this.text = text;
        }

        NpyHeader parse(int bytes) {
            expect('{');
            while (!accept('}')) {
                readField();
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            skipSpace();
            if (at != text.length() || descr == null || fortran == null || shape == null) {
                throw refused("a dictionary of descr, fortran_order and shape is needed");
            }
            ElementType type = elementType();
            return new NpyHeader(
                    type,
                    type != ElementType.U8 && descr.charAt(1) == 'u',
                    descr.charAt(0) == '>',
                    fortran,
                    shape,
                    bytes);
        }

        private void readField() {
            String key = readString();
            expect(':');
            boolean repeated;
            switch (key) {
                case "descr" -> {
                    repeated = descr != null;
                    descr = readDescr();
                }
                case "fortran_order" -> {
                    repeated = fortran != null;
                    fortran = readBoolean();
                }
                case "shape" -> {
                    repeated = shape != null;
                    shape = readShape();
                }
                default -> throw refused("unknown field " + FormatException.quote(key));
            }
            if (repeated) {
                throw refused("the field " + key + " occurs twice");
            }
        }

        private String readDescr() {
            skipSpace();
            if (at < text.length() && text.charAt(at) == '[') {
                throw refused("structured arrays are not supported");
            }
            return readString();
        }

        private ElementType elementType() {
            String kind = descr.isEmpty() ? "" : descr.substring(1);
            ElementType type = switch (kind) {
                case "f8" -> ElementType.F64;
                case "f4" -> ElementType.F32;
                case "f2" -> ElementType.F16;
                case "i8", "u8" -> ElementType.I64;
                case "i4", "u4" -> ElementType.I32;
                case "i2", "u2" -> ElementType.I16;
                case "i1" -> ElementType.I8;
                case "u1" -> ElementType.U8;
                case "b1" -> ElementType.BOOL;
                default -> null;
            };
            boolean order = !descr.isEmpty()
                    && (type != null && type.bytes() == 1 ? "|<>=" : "<>").indexOf(descr.charAt(0)) >= 0;
            if (type == null || !order) {
                throw refused("element type "
                        + FormatException.quote(descr)
                        + " is not supported (floats of 2, 4, 8 bytes, integers of 1 to 8, and b1 are)");
            }
            return type;
        }

        private String readString() {
            skipSpace();
            char quote = at < text.length() ? text.charAt(at) : 0;
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw refused("a quoted string is missing at character " + at);
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private boolean readBoolean() {
            skipSpace();
            for (String word : new String[] {"True", "False"}) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw refused("fortran_order is neither True nor False");
        }

        private long[] readShape() {
            long[] dims = new long[MAX_RANK];
            int n = 0;
            expect('(');
            while (!accept(')')) {
                if (n == MAX_RANK) {
                    throw refused("more than " + MAX_RANK + " dimensions");
                }
                dims[n++] = readDimension();
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            return Arrays.copyOf(dims, n);
        }

        private long readDimension() {
            skipSpace();
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == start || at - start > 18) {
                throw refused("a dimension is not a number, or too large");
            }
            long value = Long.parseLong(text.substring(start, at));
            accept('L'); // Python 2 wrote long integers so
            return value;
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
        }

        private boolean accept(char c) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(char c) {
            if (!accept(c)) {
                throw refused("'" + c + "' is missing at character " + at);
            }
        }

        private FormatException refused(String problem) {
            return new FormatException(file, "npy header: " + problem);
        }
    }
}
