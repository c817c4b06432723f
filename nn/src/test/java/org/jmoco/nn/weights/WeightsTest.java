package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reads what PyTorch wrote in the layout of every project, and compares each value with its
/// formula.
class WeightsTest {
    private static final ResNetSpec THIN = WeightFixtures.spec(Arch.RESNET18, Stem.IMAGENET, 1);

    private static Weights read(String name) throws Exception {
        return Weights.of(Checkpoint.parse(name, MemorySegment.ofArray(WeightFixtures.bytes(name))));
    }

    private static void assertFilled(String salt, ResNetSpec spec, Map<String, ArrayData> actual) {
        Map<String, ArrayData> expected = WeightFixtures.fill(salt, spec);
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, array) -> assertEquals(array, actual.get(name), name));
    }

    @ParameterizedTest
    @CsvSource({
        "moco-v1.pth, moco, IMAGENET, 4, 0",
        "moco-v2.pth, moco, IMAGENET, 8 4, 0",
        "moco-cifar.pth, moco-cifar, CIFAR, 4, 0",
        "mmselfsup-0x-v1.pth, mmselfsup-0x, IMAGENET, 4, 122",
        "mmselfsup-0x-v2.pth, mmselfsup-0x, IMAGENET, 8 4, 124",
        "mmselfsup-1x.pth, mmselfsup-1x, IMAGENET, 8 4, 1"
    })
    void wholeMocosOfEveryProject(String file, String layout, Stem stem, String head, int dropped) throws Exception {
        Weights weights = read(file);
        assertEquals(layout, weights.layout().name(), weights.reason());
        assertEquals(dropped, weights.dropped().size());
        List<Integer> sizes =
                List.of(head.split(" ")).stream().map(Integer::valueOf).toList();
        ResNetSpec spec = WeightFixtures.spec(Arch.RESNET18, stem, 1, sizes.toArray(Integer[]::new));
        assertFilled("q.", spec, weights.encoder());
        assertFilled("q.", spec, weights.encoder(spec));
        assertFilled("q.", spec.withHead(), weights.backbone(spec));
        assertFilled("k.", spec, weights.encoder("encoder_k"));
        assertEquals(WeightFixtures.fill("", "queue", 4, 16), weights.arrays().get("queue"));
        assertArrayEquals(new long[] {8}, weights.arrays().get("queue_ptr").toLongArray());
        assertEquals(2 * spec.shapes().size() + 2, weights.arrays().size());
    }

    @ParameterizedTest
    @CsvSource({
        "moco-linear.pth, moco-linear, 10",
        "mmselfsup-classifier.pth, mmselfsup-classifier, 10",
        "mmselfsup-backbone.pth, torchvision, 0"
    })
    void singleEncodersOfEveryProject(String file, String layout, int classes) throws Exception {
        Weights weights = read(file);
        assertEquals(layout, weights.layout().name(), weights.reason());
        assertFilled("", classes == 0 ? THIN : THIN.withHead(classes), weights.encoder());
        assertFilled("", THIN, weights.backbone());
        assertThrows(FormatException.class, () -> weights.encoder("encoder_k"));
    }

    @Test
    void oldTorchvisionFilesLackBatchCounters() throws Exception {
        ResNetSpec spec = WeightFixtures.spec(Arch.RESNET50, Stem.IMAGENET, 1, 10);
        Map<String, ArrayData> encoder = read("torchvision-resnet50.pth").encoder(spec);
        assertEquals(267, encoder.size());
        encoder.forEach((name, array) -> assertEquals(WeightFixtures.fill("", name, array.shape()), array, name));
    }

    @Test
    void factsAreShownAndForeignObjectsStayInert() throws Exception {
        Checkpoint file = Checkpoint.parse("m", MemorySegment.ofArray(WeightFixtures.bytes("mmselfsup-1x.pth")));
        assertEquals("torch.save, zip container", file.format());
        assertTrue(
                file.inertGlobals().contains("mmengine.logging.history_buffer.HistoryBuffer"),
                "" + file.inertGlobals());
        assertTrue(file.inertGlobals().contains("numpy.core.multiarray._reconstruct"));
        Checkpoint moco = Checkpoint.parse("m", MemorySegment.ofArray(WeightFixtures.bytes("moco-v1.pth")));
        assertEquals("torch.save, legacy container", moco.format());
        assertEquals(Map.of("epoch", "200", "arch", "resnet18"), moco.facts());
        assertEquals(List.of(), List.copyOf(moco.inertGlobals()));
    }

    @Test
    void aWrongNetworkIsNamed() throws Exception {
        Weights weights = read("moco-v2.pth");
        ResNetSpec wanted = WeightFixtures.spec(Arch.RESNET50, Stem.IMAGENET, 1, 8, 4);
        String message = assertThrows(FormatException.class, () -> weights.encoder(wanted))
                .getMessage();
        assertTrue(
                message.startsWith("moco-v2.pth: this is a ResNet-18 (width 1, head 8-4), the config wants a"
                        + " ResNet-50 (width 1, head 8-4); "),
                message);
        assertTrue(message.contains("missing: layer1.0.conv3.weight"), message);
        assertTrue(message.contains("layer1.0.conv1.weight"), message);
        ResNetSpec cifar = WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 1, 8, 4);
        assertTrue(assertThrows(FormatException.class, () -> weights.encoder(cifar))
                .getMessage()
                .contains("conv1.weight is [1, 3, 7, 7], not [1, 3, 3, 3]"));
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        Checkpoint strange = new Checkpoint(
                "s.pth",
                "test",
                Map.of("a.b", ArrayData.ofFloats(new float[1])),
                Map.of(),
                Map.of(),
                Map.of(),
                java.util.Set.of());
        String message =
                assertThrows(FormatException.class, () -> Weights.of(strange)).getMessage();
        assertTrue(message.startsWith("s.pth: no known key names: names begin with \"a.\""), message);
        assertThrows(IllegalArgumentException.class, () -> KeyMaps.byName("caffe"));
    }

    @Test
    void everyLayoutIsReadBackFromItsOwnNames() {
        List<String> encoder = List.copyOf(WeightFixtures.spec(Arch.RESNET50, Stem.IMAGENET, 1, 8, 4)
                .shapes()
                .keySet());
        for (Layout layout : KeyMaps.all()) {
            String prefix = layout.isMoco() ? "encoder_q." : "";
            for (String name : encoder) {
                assertEquals(prefix + name, layout.toOurs(layout.fromOurs(prefix + name)), layout.name());
            }
            assertEquals(layout.mark(), layout.fromOurs(layout.toOurs(layout.mark())), layout.name());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bn1.weight, stem.conv1.norm.weight",
        "conv1.weight, stem.conv1.weight",
        "layer4.0.downsample.1.bias, res5.0.shortcut.norm.bias",
        "layer1.2.conv3.weight, res2.2.conv3.weight",
        "layer3.5.bn2.running_var, res4.5.conv2.norm.running_var",
        "fc.0.weight, stem.fc.0.weight"
    })
    void detectron2NamesFollowTheOfficialScript(String ours, String theirs) {
        assertEquals(theirs, KeyMaps.byName("detectron2").fromOurs(ours));
    }
}
