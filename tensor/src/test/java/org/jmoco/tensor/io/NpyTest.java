package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "le-f8, F64",
        "le-f4, F32",
        "le-f2, F16",
        "le-i8, I64",
        "le-i4, I32",
        "le-i2, I16",
        "i1, I8",
        "u1, U8",
        "b1, BOOL",
        "be-f8, F64",
        "be-f4, F32",
        "be-f2, F16",
        "be-i8, I64",
        "be-i4, I32",
        "be-i2, I16",
        "fortran, F32",
        "fortran-be, I32",
        "v2, F32",
        "v3, F32"
    })
    void readsWhatNumpyWrote(String name, ElementType type) {
        ArrayData array = Npy.read(Fixtures.path(name + ".npy"));
        assertEquals(type, array.type());
        assertArrayEquals(new long[] {2, 3, 4}, array.shape());
        for (int i = 0; i < 24; i++) {
            assertEquals(Fixtures.value(type, i), array.doubleAt(i), "element " + i);
        }
    }

    /// The largest number of each width, in both byte orders.
    @Test
    void unsignedIntegersKeepTheirValues() {
        assertArrayEquals(new long[] {1, 65_535}, unsigned("<u2", "0100FFFF"));
        assertArrayEquals(new long[] {1, 65_535}, unsigned(">u2", "0001FFFF"));
        assertArrayEquals(new long[] {258, 4_294_967_295L}, unsigned("<u4", "02010000FFFFFFFF"));
        assertArrayEquals(new long[] {258, Long.MAX_VALUE}, unsigned(">u8", "00000000000001027FFFFFFFFFFFFFFF"));
        String message = assertThrows(FormatException.class, () -> unsigned("<u8", "0100000000000000FFFFFFFFFFFFFFFF"))
                .getMessage();
        assertEquals("x: element 1 is 18446744073709551615, over 2^63 - 1", message);
    }

    private static long[] unsigned(String descr, String payload) {
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }";
        byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] values = HexFormat.of().parseHex(payload);
        byte[] file =
                Arrays.copyOf(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, 128 + values.length);
        System.arraycopy(text, 0, file, 10, text.length);
        System.arraycopy(values, 0, file, 128, values.length);
        return Npy.parse("x", MemorySegment.ofArray(file)).toLongArray();
    }

    @Test
    void readsScalarsAndEmptyArrays() {
        ArrayData scalar = Npy.read(Fixtures.path("scalar.npy"));
        assertEquals(0, scalar.rank());
        assertEquals(2.5, scalar.doubleAt(0));
        assertArrayEquals(
                new long[] {0, 7}, Npy.read(Fixtures.path("empty.npy")).shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"le-f8", "le-f4", "le-f2", "le-i8", "le-i4", "le-i2", "i1", "u1", "b1", "scalar", "empty"})
    void writesTheBytesThatNumpyWrites(String name) throws Exception {
        Path copy = folder.resolve("copy.npy");
        Npy.write(copy, Npy.read(Fixtures.path(name + ".npy")));
        assertArrayEquals(Fixtures.bytes(name + ".npy"), Files.readAllBytes(copy));
    }

    @Test
    void pickledAndStructuredArraysAreRefused() throws Exception {
        assertTrue(refusal(Fixtures.bytes("object.npy")).contains("element type \"|O\" is not supported"));
        assertTrue(refusal(Fixtures.bytes("structured.npy")).contains("structured arrays are not supported"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                                              | '{' is missing",
                "{}                                                            | is needed",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2)} x      | is needed",
                "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}           | neither True nor False",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}      | not a number",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1e3,)}     | ')' is missing",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)} | too large",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)} | too large",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}       | needs 12 bytes after the "
                        + "header, the file has 8; is it truncated",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}       | needs 4 bytes after the "
                        + "header, the file has 8",
                "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} | occurs twice",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1} | unknown field",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (2,)}       | not supported",
                "{'descr': '=f4', 'fortran_order': False, 'shape': (2,)}       | not supported",
                "{'descr': '', 'fortran_order': False, 'shape': (2,)}          | not supported",
                "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)} | quoted string is missing",
            })
    void liesAreRefused(String header, String reason) {
        String text = header == null ? "" : header;
        byte[] file = new byte[10 + text.length() + 8];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length()}, 0, file, 0, 9);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, file, 10, text.length());
        String message = refusal(file);
        assertTrue(message.startsWith("lie.npy: ") && message.contains(reason), message);
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        byte[] whole = Fixtures.bytes("le-f4.npy");
        for (int length = 0; length < whole.length; length++) {
            refusal(Arrays.copyOf(whole, length));
        }
        byte[] second = Fixtures.bytes("v2.npy");
        refusal(Arrays.copyOf(second, 10));
        second[6] = 4;
        assertTrue(refusal(second).contains("npy version 4.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"le-f4", "fortran-be", "v3"})
    void damagedFilesAreReadOrRefused(String name) throws Exception {
        int refused = Mutations.feed(
                Fixtures.bytes(name + ".npy"),
                FormatException.class::isInstance,
                bytes -> Npy.parse("damaged", bytes).toDoubleArray());
        assertTrue(refused > Mutations.count() / 2, "only " + refused + " refused");
    }

    private static String refusal(byte[] file) {
        return assertThrows(FormatException.class, () -> Npy.parse("lie.npy", MemorySegment.ofArray(file)))
                .getMessage();
    }
}
