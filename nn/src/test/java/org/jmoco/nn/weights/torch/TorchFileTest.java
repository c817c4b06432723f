package org.jmoco.nn.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.WeightFixtures;
import org.jmoco.nn.weights.Weights;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
    private static Checkpoint read(String name) throws Exception {
        return Checkpoint.parse(name, MemorySegment.ofArray(WeightFixtures.bytes(name)));
    }

    private static String refusal(String name, byte[] bytes) {
        return assertThrows(FormatException.class, () -> Checkpoint.parse(name, MemorySegment.ofArray(bytes)))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtypes-zip.pth", "dtypes-legacy.pth"})
    void everyTypeAndEveryView(String name) throws Exception {
        Checkpoint file = read(name);
        Map<String, ArrayData> arrays = file.arrays();
        Map<String, ElementType> types = Map.of(
                "float64",
                ElementType.F64,
                "float32",
                ElementType.F32,
                "float16",
                ElementType.F16,
                "bfloat16",
                ElementType.BF16,
                "int64",
                ElementType.I64,
                "int32",
                ElementType.I32,
                "int16",
                ElementType.I16,
                "int8",
                ElementType.I8,
                "uint8",
                ElementType.U8,
                "bool",
                ElementType.BOOL);
        types.forEach((key, type) -> {
            assertEquals(type, arrays.get(key).type());
            for (int i = 0; i < 60; i++) {
                assertEquals(
                        type == ElementType.BOOL ? i % 2 : i, arrays.get(key).doubleAt(i), key);
            }
        });
        ArrayData transposed = arrays.get("transposed");
        assertArrayEquals(new long[] {5, 3, 4}, transposed.shape());
        ArrayData everyOther = arrays.get("every_other");
        assertArrayEquals(new long[] {2, 3, 2}, everyOther.shape());
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 3; b++) {
                for (int c = 0; c < 4; c++) {
                    assertEquals((b * 4 + c) * 5 + a, transposed.doubleAt((a * 3 + b) * 4 + c));
                }
            }
        }
        assertArrayEquals(new float[] {5, 8, 10, 13, 15, 18, 45, 48, 50, 53, 55, 58}, everyOther.toFloatArray());
        assertArrayEquals(
                new float[] {50, 51, 52, 53, 54, 55, 56, 57, 58, 59},
                arrays.get("tail").toFloatArray());
        assertArrayEquals(new long[0], arrays.get("scalar").shape());
        assertEquals(2.5, arrays.get("scalar").doubleAt(0));
        assertArrayEquals(new long[] {0, 7}, arrays.get("empty").shape());
        assertEquals(arrays.get("float32"), arrays.get("shared_a"));
        assertEquals(20, arrays.get("shared_b").doubleAt(0));
        assertArrayEquals(new float[] {5, 25, 45}, arrays.get("one_wide").toFloatArray());
        assertEquals(arrays.get("float32"), arrays.get("parameter"));
        assertEquals(arrays.get("float32"), arrays.get("requires_grad"));
        assertFalse(arrays.containsKey("complex"));
        assertEquals(Map.of("complex", "elements of a ComplexFloatStorage are not read"), file.skipped());
    }

    @ParameterizedTest
    @CsvSource({
        "expanded.pth, does not fit in its storage of 1 elements",
        "module.pth, holds a pickled object of torch.nn.modules.linear.Linear; save the model's state_dict",
        "tensor.pth, holds no state dict"
    })
    void filesWithoutAStateDictAreNamed(String name, String reason) throws Exception {
        String message = refusal(name, WeightFixtures.bytes(name));
        assertTrue(message.startsWith(name + ": ") && message.contains(reason), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtypes-zip.pth", "dtypes-legacy.pth"})
    void everyTruncationIsRefused(String name) throws Exception {
        byte[] whole = WeightFixtures.bytes(name);
        for (int length = 0; length < whole.length; length++) {
            refusal(name, Arrays.copyOf(whole, length));
        }
    }

    @Test
    void aFlippedBitOfAPayloadIsNoticed() throws Exception {
        byte[] file = WeightFixtures.bytes("dtypes-zip.pth");
        file[file.length / 2] ^= 1; // in the middle are storages
        assertTrue(refusal("f", file).contains("is damaged: its checksum differs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtypes-zip.pth", "dtypes-legacy.pth", "mmselfsup-1x.pth"})
    void damagedFilesAreReadOrRefused(String name) throws Exception {
        byte[] valid = WeightFixtures.bytes(name);
        int refused = Mutations.feed(valid, FormatException.class::isInstance, bytes -> {
            Checkpoint file = Checkpoint.parse("damaged", bytes);
            file.arrays().values().forEach(ArrayData::toF32);
            Weights.of(file);
        });
        assertTrue(refused > Mutations.count() / 2, "only " + refused + " refused");
    }
}
