package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.WeightsTool.Part;
import org.jmoco.nn.weights.torch.TorchFixture;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Elements of types that are no floating-point numbers of ours never become weights: beside a network they are
/// passed over and said, in a network they are refused, by whatever command.
class ForeignTypesTest {
    private static final ResNetSpec SPEC = WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 1);
    private static final String OWN = "layer2.0.conv1.weight";
    private static final long[] SHAPE = SPEC.shapes().get(OWN);
    private static final int COUNT = (int) ArrayData.count(SHAPE);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final WeightsTool tool = new WeightsTool(new PrintStream(printed, true, StandardCharsets.UTF_8));

    private static ArrayData bytes(int count) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) 60);
        return ArrayData.ofBytes(bytes);
    }

    /// The tensors that a network of ours cannot have, as PyTorch pickles them.
    private static Object foreign(String kind, TorchFixture torch) {
        return switch (kind) {
            case "uint16" -> torch.newer(kind, bytes(2 * COUNT), SHAPE);
            case "uint32" -> torch.newer(kind, bytes(4 * COUNT), SHAPE);
            case "float8_e4m3fn", "float8_e5m2" -> torch.newer(kind, bytes(COUNT), SHAPE);
            case "ComplexFloatStorage" ->
                torch.ofStorage(
                        kind,
                        ArrayData.of(ElementType.F64, SHAPE, bytes(8 * COUNT).payload()),
                        SHAPE);
            case "quantised" -> torch.quantised(bytes(COUNT), SHAPE);
            case "sparse" ->
                torch.sparse(ArrayData.ofLongs(new long[4], 4, 1), ArrayData.ofFloats(new float[] {1}), SHAPE);
            case "ByteStorage" -> torch.ofStorage(kind, bytes(COUNT), SHAPE);
            case "BoolStorage" -> torch.ofStorage(kind, bytes(COUNT), SHAPE);
            case "IntStorage" ->
                torch.ofStorage(
                        kind,
                        ArrayData.of(ElementType.I32, SHAPE, bytes(4 * COUNT).payload()),
                        SHAPE);
            default -> throw new AssertionError(kind);
        };
    }

    private void assertRefusedEverywhere(Path file, String words) {
        String message = assertThrows(
                        FormatException.class, () -> Weights.read(file).network())
                .getMessage();
        assertTrue(message.contains(OWN) && message.contains(words), message);
        for (String target : new String[] {"t.safetensors", "t.pth", "t.pkl", "t.onnx"}) {
            Path to = folder.resolve(target);
            assertEquals(
                    message,
                    assertThrows(FormatException.class, () -> tool.extract(file, to))
                            .getMessage());
            assertThrows(FormatException.class, () -> tool.convert(file, to, Part.ALL, null));
            assertFalse(Files.exists(to));
        }
        tool.inspect(file);
        String text = printed.toString(StandardCharsets.UTF_8);
        String network =
                text.lines().filter(l -> l.startsWith("network ")).findFirst().orElseThrow();
        assertTrue(network.contains("ResNet-18") && network.contains(words), network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uint16",
                "uint32",
                "float8_e4m3fn",
                "float8_e5m2",
                "ComplexFloatStorage",
                "quantised",
                "sparse",
                "ByteStorage",
                "BoolStorage",
                "IntStorage"
            })
    void inFilesOfPyTorch(String kind) throws IOException {
        TorchFixture torch = new TorchFixture();
        Map<String, Object> tensors = torch.tensors(WeightFixtures.fill("", SPEC));
        tensors.put("projector.weight", foreign(kind, torch));
        Path beside = torch.save(folder.resolve("beside.pth"), Map.of("state_dict", tensors));
        assertEquals(WeightFixtures.fill("", SPEC), Weights.read(beside).network());
        boolean readable = kind.equals("ByteStorage") || kind.equals("BoolStorage") || kind.equals("IntStorage");
        assertEquals(!readable, Weights.read(beside).skipped().containsKey("projector.weight"));
        tensors.put(OWN, foreign(kind, torch));
        Path within = torch.save(folder.resolve("within.pth"), Map.of("state_dict", tensors));
        assertRefusedEverywhere(within, readable ? "weights are floating-point numbers" : kind);
    }

    /// A safetensors file of the network with one array of another type.
    private Path safetensors(String name, String dtype, int width) throws IOException {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer block = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, ArrayData> arrays = WeightFixtures.fill("", SPEC);
        arrays.putIfAbsent(name, ArrayData.ofFloats(new float[COUNT], SHAPE));
        arrays.forEach((key, array) -> {
            boolean other = key.equals(name);
            int start = block.position();
            if (other) {
                block.put(bytes(width * COUNT).payload().asByteBuffer());
            } else {
                block.put(array.payload().asByteBuffer());
            }
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"" + key + "\":{\"dtype\":\"" + (other ? dtype : array.type()) + "\",\"shape\":"
                            + java.util.Arrays.toString(array.shape()) + ",\"data_offsets\":[" + start + ","
                            + block.position() + "]}");
        });
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + block.position()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(block.flip());
        return Files.write(folder.resolve(dtype + ".safetensors"), file.array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"U16 2", "U32 4", "U64 8", "F8_E4M3 1", "F8_E5M2 1", "C64 8", "F4_NEW 1"})
    void inSafetensors(String typeAndWidth) throws IOException {
        String type = typeAndWidth.substring(0, typeAndWidth.indexOf(' '));
        int width = typeAndWidth.charAt(typeAndWidth.length() - 1) - '0';
        Weights beside = Weights.read(safetensors("projector.weight", type, width));
        assertEquals(WeightFixtures.fill("", SPEC), beside.network());
        assertEquals(Map.of("projector.weight", "elements of type " + type + " are not read"), beside.skipped());
        assertRefusedEverywhere(safetensors(OWN, type, width), type + " are not read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"I32 4", "U8 1", "BOOL 1", "I16 2", "I64 8"})
    void integersInSafetensors(String typeAndWidth) throws IOException {
        String type = typeAndWidth.substring(0, typeAndWidth.indexOf(' '));
        int width = typeAndWidth.charAt(typeAndWidth.length() - 1) - '0';
        assertRefusedEverywhere(safetensors(OWN, type, width), "weights are floating-point numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16", "F64"})
    void floatingPointNumbersOfEveryWidthAreTaken(String type) throws IOException {
        ElementType wide = ElementType.valueOf(type);
        Weights weights = Weights.read(safetensors(OWN, type, wide.bytes()));
        assertEquals(wide, weights.network().get(OWN).type());
    }

    @Test
    void inPicklesOfNumpy() throws IOException {
        Path plain = folder.resolve("plain.safetensors");
        SafeTensors.write(plain, WeightFixtures.fill("", SPEC), Map.of());
        Path pkl = folder.resolve("w.pkl");
        tool.extract(plain, pkl);
        byte[] bytes = Files.readAllBytes(pkl);
        // The first array's type, a text in the pickle, becomes one that is not known.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\002\000\000\000f4");
        bytes[at + 4] = 'u';
        Path changed = Files.write(folder.resolve("u4.pkl"), bytes);
        String message = assertThrows(
                        FormatException.class, () -> Weights.read(changed).network())
                .getMessage();
        assertTrue(message.contains("elements of type \"u4\" are not read"), message);
    }

    @Test
    void missingArraysAreListedAndNothingIsWritten() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(WeightFixtures.fill("", SPEC));
        arrays.remove("bn1.running_mean");
        arrays.remove("layer4.1.conv2.weight");
        Path source = folder.resolve("s.safetensors");
        SafeTensors.write(source, arrays, Map.of());
        Path target = folder.resolve("t.pth");
        String message = assertThrows(FormatException.class, () -> tool.extract(source, target))
                .getMessage();
        assertTrue(message.endsWith("missing: bn1.running_mean, layer4.1.conv2.weight"), message);
        assertFalse(Files.exists(target));
    }

    @Test
    void dictsWithinDictsAreNamedByTheirPaths() throws IOException {
        TorchFixture torch = new TorchFixture();
        Map<String, ArrayData> student = WeightFixtures.fill("q.", SPEC);
        Map<String, ArrayData> teacher = WeightFixtures.fill("k.", SPEC);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("epoch", 7);
        root.put("student", torch.tensors(student));
        root.put("teacher", Map.of("backbone", torch.tensors(teacher)));
        Path file = torch.save(folder.resolve("dino.pth"), root);
        String message =
                assertThrows(FormatException.class, () -> Weights.read(file)).getMessage();
        assertTrue(message.contains("\"student.\"") && message.contains("\"teacher.backbone.\""), message);
        assertEquals(
                teacher, Weights.read(file, java.util.Optional.of("teacher")).network());
        for (String key : new String[] {"network", "model_state_dict", "model", "state_dict", "weights"}) {
            Path nested = torch.save(
                    folder.resolve(key + ".pth"),
                    Map.of("checkpoint", Map.of(key, torch.tensors(Namings.LIGHTNING.of(student)))));
            assertEquals(student, Weights.read(nested).network(), key);
        }
        Map<String, Object> withCopy = new LinkedHashMap<>();
        withCopy.put("model_ema", torch.tensors(teacher));
        withCopy.put("model", torch.tensors(student));
        Path copied = torch.save(folder.resolve("copied.pth"), withCopy);
        assertEquals(student, Weights.read(copied).network());
        assertEquals(
                teacher,
                Weights.read(copied, java.util.Optional.of("model_ema")).network());
    }
}
