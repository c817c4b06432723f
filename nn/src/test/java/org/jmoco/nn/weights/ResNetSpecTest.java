package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetSpecTest {
    /// Counts of PyTorch's own models.
    @ParameterizedTest
    @CsvSource({
        "50, IMAGENET, '', 23508032",
        "50, IMAGENET, '1000', 25557032",
        "50, IMAGENET, '128', 23770304",
        "50, IMAGENET, '2048 128', 27966656",
        "18, CIFAR, '128', 11234496",
        "18, IMAGENET, '1000', 11689512",
        "10, IMAGENET, '1000', 5418792",
        "34, IMAGENET, '1000', 21797672",
        "101, IMAGENET, '1000', 44549160",
        "152, IMAGENET, '1000', 60192808"
    })
    void parametersAreCountedExactly(int depth, Stem stem, String head, long expected) {
        List<Integer> sizes = head.isEmpty()
                ? List.of()
                : List.of(head.split(" ")).stream().map(Integer::valueOf).toList();
        long count =
                WeightFixtures.spec(arch(depth), stem, 64, sizes.toArray(Integer[]::new)).shapes().entrySet().stream()
                        .filter(e ->
                                !e.getKey().contains("running") && !e.getKey().contains("num_batches"))
                        .mapToLong(e -> ArrayData.count(e.getValue()))
                        .sum();
        assertEquals(expected, count);
    }

    private static Arch arch(int depth) {
        return Arch.ofDepth(depth).orElseThrow();
    }

    @Test
    void resNet50HasTheStateDictOfTorchvision() {
        assertEquals(
                320,
                WeightFixtures.spec(Arch.RESNET50, Stem.IMAGENET, 64, 1000)
                        .shapes()
                        .size());
    }

    @ParameterizedTest
    @CsvSource({
        "10, CIFAR, 2",
        "18, CIFAR, 3",
        "34, IMAGENET, 2",
        "50, CIFAR, 1",
        "101, IMAGENET, 1",
        "152, IMAGENET, 1",
        "50, DEEP, 2"
    })
    void theGuessFindsWhatWasMade(int depth, Stem stem, int width) {
        ResNetSpec spec = WeightFixtures.spec(arch(depth), stem, width, 6, 4);
        assertEquals(spec, ResNetSpec.guess(WeightFixtures.fill("", spec)));
        assertEquals("", spec.compare(WeightFixtures.fill("", spec)).toString());
    }

    @Test
    void aHeadWithBatchNormIsFoundWholeOrNotAtAll() {
        ResNetSpec plain = WeightFixtures.spec(Arch.RESNET10, Stem.CIFAR, 2, 6, 4);
        ResNetSpec spec = new ResNetSpec(plain.config(), plain.head(), true);
        Map<String, ArrayData> arrays = WeightFixtures.fill("", spec);
        assertEquals(spec, ResNetSpec.guess(arrays));
        assertEquals("", spec.compare(arrays).toString());
        assertEquals("ResNet-10 (CIFAR stem, width 2, head 6-4 with batch norm)", spec.toString());
        assertFalse(plain.compare(arrays).isEmpty(), "a head without batch norm is another one");
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            Map<String, ArrayData> lacking = new LinkedHashMap<>(arrays);
            lacking.remove("fc.1." + part);
            assertEquals(plain.withHead(), ResNetSpec.guess(lacking), part);
            lacking.put("fc.1." + part, ArrayData.ofFloats(new float[7], 7));
            assertEquals(plain.withHead(), ResNetSpec.guess(lacking), part);
        }
        arrays.remove("fc.1.num_batches_tracked");
        assertEquals(spec, ResNetSpec.guess(arrays));
        assertThrows(IllegalArgumentException.class, () -> new ResNetSpec(plain.config(), List.of(4), true));
    }

    @Test
    void otherNetworksAreNotGuessed() {
        assertNull(ResNetSpec.guess(Map.of("a", ArrayData.ofFloats(new float[1]))));
        assertNull(ResNetSpec.guess(Map.of("conv1.weight", ArrayData.ofFloats(new float[27], 1, 3, 3, 3))));
    }
}
