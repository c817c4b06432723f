package org.jmoco.nn.data.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.InflaterInputStream;
import org.jmoco.nn.data.DataException;

/// Arrays of structures in MATLAB's level 5 files ("MAT-File Format", The MathWorks), as far as ImageNet's
/// `meta.mat` needs them: two fields, one a number, the other a text.
final class MatStructs {
    private static final int HEADER = 128;
    private static final int MOST_BYTES = 1 << 26;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int STRUCT_CLASS = 2;
    private static final int CHAR_CLASS = 4;

    private final String title;

    private MatStructs(String title) {
        this.title = title;
    }

    /// The texts of an array's structures by their numbers.
    ///
    /// @param title begins messages   @param number,text the two fields
    /// @throws DataException if the file is of another form, or has no such array
    static Map<Integer, String> read(byte[] file, String title, String array, String number, String text) {
        try {
            return new MatStructs(title).find(file, array, number, text);
        } catch (BufferUnderflowException | IOException | IndexOutOfBoundsException e) {
            throw new DataException(title + ": is damaged, or no MATLAB file of level 5", e);
        }
    }

    private Map<Integer, String> find(byte[] file, String array, String number, String text) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < HEADER || in.get(HEADER - 2) != 'I' || in.get(HEADER - 1) != 'M') {
            throw new DataException(title + ": is no MATLAB file of level 5");
        }
        in.position(HEADER);
        while (in.remaining() >= 8) {
            int type = in.getInt();
            ByteBuffer content = take(in, in.getInt(), 1);
            if (type == COMPRESSED) {
                ByteBuffer inflated = inflated(content);
                type = inflated.getInt();
                content = take(inflated, inflated.getInt(), 1);
            }
            if (type == MATRIX) {
                Matrix matrix = new Matrix(content);
                if (matrix.name.equals(array) && matrix.kind == STRUCT_CLASS) {
                    return matrix.structs(number, text);
                }
            }
        }
        throw new DataException(title + ": has no structures called " + array);
    }

    private ByteBuffer inflated(ByteBuffer packed) throws IOException {
        byte[] bytes = new byte[packed.remaining()];
        packed.get(bytes);
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            byte[] all = in.readNBytes(MOST_BYTES);
            return ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /// The next bytes, and what fills them up to a multiple.
    private static ByteBuffer take(ByteBuffer from, int count, int multiple) {
        if (count < 0 || count > from.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer taken = from.slice(from.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        int whole = (count + multiple - 1) / multiple * multiple;
        from.position(Math.min(from.limit(), from.position() + whole));
        return taken;
    }

    /// A type with its bytes; up to four bytes share the tag's second half.
    private record Element(int type, ByteBuffer bytes) {
        static Element next(ByteBuffer from) {
            int tag = from.getInt();
            if (tag >>> 16 != 0) {
                return new Element(tag & 0xFFFF, take(take(from, 4, 4), tag >>> 16, 1));
            }
            return new Element(tag, take(from, from.getInt(), 8));
        }

        double number(int at) {
            return switch (type) {
                case 1 -> bytes.get(at);
                case 2 -> bytes.get(at) & 0xFF;
                case 3 -> bytes.getShort(2 * at);
                case 4 -> bytes.getShort(2 * at) & 0xFFFF;
                case 5 -> bytes.getInt(4 * at);
                case 6 -> bytes.getInt(4 * at) & 0xFFFF_FFFFL;
                case 7 -> bytes.getFloat(4 * at);
                case 9 -> bytes.getDouble(8 * at);
                default -> throw new BufferUnderflowException();
            };
        }

        String text() {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(0, all);
            return new String(all, type == 4 || type == 17 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
        }
    }

    /// One array: flags, sizes, its name, then what it holds.
    private final class Matrix {
        private final ByteBuffer rest;
        private final int kind;
        private final long count;
        private final String name;

        Matrix(ByteBuffer bytes) {
            rest = bytes;
            kind = Element.next(rest).bytes.getInt(0) & 0xFF;
            ByteBuffer sizes = Element.next(rest).bytes;
            long product = 1;
            while (sizes.remaining() >= 4) {
                product = Math.clamp(product * sizes.getInt(), 0, Integer.MAX_VALUE);
            }
            count = product;
            name = Element.next(rest).text();
        }

        Map<Integer, String> structs(String number, String text) {
            int longest = (int) Element.next(rest).number(0);
            String all = Element.next(rest).text();
            List<String> fields = new ArrayList<>();
            for (int at = 0; longest > 0 && at + longest <= all.length(); at += longest) {
                String padded = all.substring(at, at + longest);
                fields.add(padded.indexOf(0) < 0 ? padded : padded.substring(0, padded.indexOf(0)));
            }
            if (!fields.contains(number) || !fields.contains(text)) {
                throw new DataException(title + ": its " + name + " have no fields " + number + " and " + text);
            }
            Map<Integer, String> found = new TreeMap<>();
            for (long i = 0; i < count; i++) {
                int of = 0;
                String said = "";
                for (String field : fields) {
                    Element value = Element.next(rest);
                    if (field.equals(number)) {
                        of = (int) new Matrix(value.bytes).value().number(0);
                    } else if (field.equals(text)) {
                        Matrix chars = new Matrix(value.bytes);
                        said = chars.kind == CHAR_CLASS ? chars.value().text() : "";
                    }
                }
                found.put(of, said);
            }
            return found;
        }

        private Element value() {
            return Element.next(rest);
        }
    }
}
