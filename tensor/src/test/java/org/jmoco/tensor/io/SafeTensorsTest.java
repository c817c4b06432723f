package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsEveryTypeOfAForeignFile() {
        SafeTensors file = SafeTensors.read(Fixtures.path("all-types.safetensors"));
        assertEquals(Map.of("made by", "make_io.py"), file.metadata());
        for (ElementType type : ElementType.values()) {
            ArrayData array = file.get(type.name().toLowerCase(java.util.Locale.ROOT));
            assertEquals(type, array.type());
            assertArrayEquals(new long[] {2, 3, 4}, array.shape());
            for (int i = 0; i < 24; i++) {
                assertEquals(Fixtures.value(type, i), array.doubleAt(i), type + " " + i);
            }
        }
        assertEquals(2.5, file.get("scalar").doubleAt(0));
        assertEquals(0, file.get("scalar").rank());
        assertEquals(0, file.get("empty").count());
    }

    @Test
    void roundTripKeepsEverything() {
        SafeTensors original = SafeTensors.read(Fixtures.path("all-types.safetensors"));
        Path copy = folder.resolve("new/copy.safetensors");
        SafeTensors.write(copy, original.arrays(), original.metadata());
        SafeTensors read = SafeTensors.read(copy);
        assertEquals(Map.copyOf(original.arrays()), Map.copyOf(read.arrays()));
        assertEquals(original.metadata(), read.metadata());
    }

    @Test
    void bytesDoNotDependOnTheMapsOrder() throws Exception {
        Map<String, ArrayData> forth = new LinkedHashMap<>();
        forth.put("b", ArrayData.ofFloats(new float[] {1, 2}));
        forth.put("a", ArrayData.ofFloats(new float[] {3}));
        forth.put("ptr", ArrayData.ofLongs(new long[] {9}));
        forth.put("flag", ArrayData.ofBytes(new byte[] {1, 2, 3}));
        Map<String, ArrayData> back = new LinkedHashMap<>();
        List.of("flag", "ptr", "a", "b").forEach(k -> back.put(k, forth.get(k)));
        SafeTensors.write(folder.resolve("1"), forth, Map.of("x", "1", "y", "2"));
        SafeTensors.write(folder.resolve("2"), back, Map.of("y", "2", "x", "1"));
        byte[] bytes = Files.readAllBytes(folder.resolve("1"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("2")));
        int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        assertEquals(0, header % 8);
        assertEquals(
                "{\"__metadata__\":{\"x\":\"1\",\"y\":\"2\"},"
                        + "\"ptr\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]},"
                        + "\"flag\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[20,23]}}",
                new String(bytes, 8, header, StandardCharsets.UTF_8).stripTrailing());
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoRubbish() throws Exception {
        Path file = folder.resolve("w.safetensors");
        SafeTensors.write(file, Map.of("a", ArrayData.ofFloats(new float[] {1})), Map.of());
        byte[] before = Files.readAllBytes(file);
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(file, channel -> {
                    AtomicFile.append(channel, MemorySegment.ofArray(new byte[100]));
                    throw new IllegalStateException("a crash in the middle");
                }));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                                        | 0 | does not "
                        + "start with '{'",
                "{} x                                                                      | 0 | cannot be read",
                "{} {}                                                                     | 0 | goes on after",
                "{                                                                         | 0 | cannot be read",
                "{\"a\":1}                                                                 | 0 | \"a\" is "
                        + "not a JSON object",
                "{\"a\":{}}                                                                | 0 | needs "
                        + "dtype, shape and data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"offsets\":[0,4]}}               | 4 | unknown "
                        + "field \"offsets\"",
                "{\"a\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[0,4]}}          | 4 | U16[1] needs 2",
                "{\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,-4]}}          | 4 | negative",
                "{\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[4,0]}}           | 4 | a hole",
                "{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}               | 4 | no name of a type",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}        | 4 | not an integer",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}         | 4 | negative",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}} | 4 | "
                        + "cannot be read",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}} | 4 | too large",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}          | 4 | has 4 "
                        + "bytes, F32[2] needs 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}          | 8 | 4 bytes follow",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}          | 4 | truncated",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}          | 8 | a hole",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}          | 8 | a hole",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | overlap",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | occurs twice",
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | two "
                        + "fields dtype",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[[0]],\"data_offsets\":[0,0]}}         | 0 | nesting depth",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[{}],\"data_offsets\":[0,0]}}          | 0 | nesting depth",
                "{\"__metadata__\":{\"k\":1}}                                              | 0 | is not a string",
                "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}                              | 0 | occurs twice",
                "{\"__metadata__\":{},\"__metadata__\":{}}                                 | 0 | occurs twice",
            })
    void liesAreRefused(String header, int blockBytes, String reason) {
        byte[] json = header.strip().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + blockBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        String message = refusal(file.array());
        assertTrue(message.startsWith("lie.safetensors: ") && message.contains(reason), message);
    }

    @Test
    void arraysOfOtherTypesArePassedOverAndListed() {
        byte[] json = ("{\"u\":{\"dtype\":\"U16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"f\":{\"dtype\":\"F8_E4M3\",\"shape\":[3],\"data_offsets\":[4,7]},"
                        + "\"tiny\":{\"dtype\":\"F4\",\"shape\":[4],\"data_offsets\":[7,9]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9,13]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 13).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).position(8 + json.length + 9);
        bytes.putFloat(2.5f);
        SafeTensors read = SafeTensors.parse("x", MemorySegment.ofArray(bytes.array()));
        assertEquals(Map.of("u", "U16", "f", "F8_E4M3", "tiny", "F4"), read.skipped());
        assertEquals(Map.of("a", ArrayData.ofFloats(new float[] {2.5f})), read.arrays());
    }

    @ParameterizedTest
    @CsvSource({"-1, claims 18446744073709551615", "100000001, the limit", "3, the file has 10", "0, does not start"})
    void aWrongHeaderLengthIsRefused(long length, String reason) {
        byte[] file = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        assertTrue(refusal(file).contains(reason), refusal(file));
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        byte[] whole = Fixtures.bytes("all-types.safetensors");
        for (int length = 0; length < whole.length; length++) {
            refusal(java.util.Arrays.copyOf(whole, length));
        }
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        int refused = Mutations.feed(
                Fixtures.bytes("all-types.safetensors"),
                FormatException.class::isInstance,
                bytes -> SafeTensors.parse("damaged", bytes).arrays().values().forEach(ArrayData::toDoubleArray));
        assertTrue(refused > Mutations.count() / 2, "only " + refused + " refused");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("none.safetensors");
        Throwable e = assertThrows(UncheckedIOException.class, () -> SafeTensors.read(file));
        assertEquals("cannot read " + file + ": no such file or folder", e.getMessage());
    }

    @Test
    void namesInMessagesCannotCarryControlCodes() {
        byte[] json = "{\"\\u001b[31m\\n\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
        assertEquals("lie.safetensors: \"?[31m?\" is not a JSON object", refusal(file));
    }

    private static String refusal(byte[] file) {
        return assertThrows(
                        FormatException.class, () -> SafeTensors.parse("lie.safetensors", MemorySegment.ofArray(file)))
                .getMessage();
    }
}
