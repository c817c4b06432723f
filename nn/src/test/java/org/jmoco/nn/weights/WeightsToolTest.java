package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.WeightsTool.Part;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Mutations;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsToolTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final WeightsTool command = new WeightsTool(new PrintStream(printed, true, StandardCharsets.UTF_8));

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void inspectTellsWhatAFileHolds() throws Exception {
        Path file = WeightFixtures.unpack("mmselfsup-1x.pth", folder);
        command.inspect(file);
        String text = output();
        assertTrue(
                text.contains("layout    mmselfsup-1x, since it holds encoder_k.module.0.layer1.0.conv1.weight"), text);
        assertTrue(text.contains("network   ResNet-18 (width 1, head 8-4), complete"), text);
        assertTrue(text.contains("ignored   1 keys, such as encoder_k.steps"), text);
        assertTrue(text.contains("mmengine.logging.history_buffer.HistoryBuffer"), text);
        assertTrue(text.contains("backbone.layer4.0.downsample.0.weight"), text);
        assertTrue(text.lines().anyMatch(l -> l.startsWith("queue_ptr") && l.contains("I64   [1]")), text);
        assertTrue(text.contains("251 arrays, "), text);
    }

    @Test
    void inspectShowsWhatIsMissing() {
        Map<String, ArrayData> arrays =
                new LinkedHashMap<>(WeightFixtures.fill("", WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 1)));
        arrays.remove("layer3.1.bn2.bias");
        arrays.put("extra", ArrayData.ofFloats(new float[1]));
        Path file = folder.resolve("w.safetensors");
        SafeTensors.write(file, arrays, Map.of());
        command.inspect(file);
        assertTrue(
                output().contains("ResNet-18 (CIFAR stem, width 1, no head); missing: layer3.1.bn2.bias\n"
                        + "left out  1 keys, such as extra"),
                output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"moco", "mmselfsup-0x", "mmselfsup-1x", "jmoco"})
    void wholeMocosGoFromEveryLayoutToEveryOther(String layout) throws Exception {
        Path source = WeightFixtures.unpack("moco-v2.pth", folder);
        Path there = folder.resolve("there.pth");
        Path back = folder.resolve("back.safetensors");
        command.convert(source, there, Part.ALL, KeyMaps.byName(layout));
        assertEquals(layout, Weights.read(there).layout().name());
        command.convert(there, back, Part.ALL, null);
        assertTrue(command.diff(source, back, 0), output());
        assertTrue(output().contains("0 of 250 arrays differ"), output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "pth", "pkl"})
    void extractWritesTheBackboneInEveryFormat(String extension) throws Exception {
        Path source = WeightFixtures.unpack("moco-v1.pth", folder);
        Path target = folder.resolve("backbone." + extension);
        command.extract(source, target);
        assertEquals(
                Weights.read(source).backbone(), Map.copyOf(Weights.read(target).arrays()));
    }

    @Test
    void theKeyEncoderCanBeTakenOut() throws Exception {
        Path source = WeightFixtures.unpack("moco-v1.pth", folder);
        command.convert(source, folder.resolve("k.pth"), Part.KEY_ENCODER, KeyMaps.byName("moco-linear"));
        Weights key = Weights.read(folder.resolve("k.pth"));
        assertEquals("moco-linear", key.layout().name());
        assertEquals(Weights.read(source).encoder("encoder_k"), key.arrays());
    }

    @Test
    void diffShowsWhereFilesDiffer() throws Exception {
        Path source = WeightFixtures.unpack("moco-v1.pth", folder);
        Map<String, ArrayData> changed =
                new LinkedHashMap<>(Weights.read(source).arrays());
        float[] bias = changed.get("encoder_q.fc.bias").toFloatArray();
        bias[2] += 0.25f;
        changed.put("encoder_q.fc.bias", ArrayData.ofFloats(bias));
        changed.remove("queue_ptr");
        Path other = folder.resolve("other.safetensors");
        SafeTensors.write(other, changed, Map.of());
        assertFalse(command.diff(source, other, 0));
        assertTrue(output().contains("encoder_q.fc.bias  at most 0.2500"), output());
        assertTrue(output().contains("queue_ptr          only in the first file"), output());
        assertTrue(output().contains("2 of 246 arrays differ"), output());
    }

    @Test
    void mistakesAreNamed() throws Exception {
        Path source = WeightFixtures.unpack("moco-v1.pth", folder);
        Path target = folder.resolve("x.h5");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> command.extract(source, target))
                .getMessage()
                .contains("unknown extension; known are"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> command.convert(source, folder.resolve("x.pth"), Part.BACKBONE, KeyMaps.byName("moco")))
                .getMessage()
                .contains("layout moco is for a whole MoCo"));
        Path text = Files.writeString(folder.resolve("w.pth"), "hello world");
        assertEquals(
                text + ": neither safetensors nor a file of torch.save nor a pickle of numpy arrays",
                assertThrows(FormatException.class, () -> command.inspect(text)).getMessage());
    }

    @Test
    void damagedNumpyPicklesAreReadOrRefused() throws Exception {
        Path source = WeightFixtures.unpack("moco-v1.pth", folder);
        Path target = folder.resolve("b.pkl");
        command.extract(source, target);
        Mutations.feed(
                Files.readAllBytes(target),
                FormatException.class::isInstance,
                bytes -> Checkpoint.parse(
                        "damaged", MemorySegment.ofArray(bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))));
    }
}
