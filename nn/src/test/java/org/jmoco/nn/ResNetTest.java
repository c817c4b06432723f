package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jmoco.nn.ResNet.Stem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResNetTest {
    @ParameterizedTest
    @CsvSource({"18, 11689512", "34, 21797672", "50, 25557032"})
    void hasTorchvisionsNumberOfParameters(int depth, long expected) {
        assertEquals(expected, imageNetClassifier(depth).parameterCount());
    }

    @Test
    void encodersHaveMocosNumberOfParameters() {
        ResNet.Config resnet50 = ResNet.Config.of(50);
        assertEquals(23_508_032, new ResNet(resnet50).parameterCount());
        assertEquals(23_770_304, new ResNet(resnet50, features -> Heads.linear(features, 128)).parameterCount());
        assertEquals(27_966_656, new ResNet(resnet50, features -> Heads.mlp(features, 128)).parameterCount());
        assertEquals(
                11_234_496,
                new ResNet(ResNet.Config.of(18).stem(Stem.CIFAR), features -> Heads.linear(features, 128))
                        .parameterCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 34, 50})
    void namesAndShapesAreTorchvisionsInItsOrder(int depth) {
        List<String> expected = Fixtures.lines("resnet" + depth + ".names").stream()
                .filter(line -> !line.endsWith("num_batches_tracked"))
                .toList();
        List<String> found = new ArrayList<>();
        StateDict.of(imageNetClassifier(depth))
                .forEach((name, array) -> found.add(name + " "
                        + Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining("x"))));
        assertEquals(expected, found);
    }

    @Test
    void headsHaveTheNamesOfTheOfficialCheckpoints() {
        ResNet.Config thin = ResNet.Config.of(18).width(2);
        assertEquals(List.of("fc.weight", "fc.bias"), names(new ResNet(thin, f -> Heads.linear(f, 3))));
        assertEquals(
                List.of("fc.0.weight", "fc.0.bias", "fc.2.weight", "fc.2.bias"),
                names(new ResNet(thin, f -> Heads.mlp(f, 3))));
        assertEquals(List.of(), names(new ResNet(thin)));
    }

    private static List<String> names(ResNet net) {
        return net.named().keySet().stream()
                .filter(name -> name.startsWith("fc"))
                .toList();
    }

    @Test
    void widthScalesEveryStage() {
        assertEquals(8 * 16, ResNet.Config.of(18).width(16).features());
        assertEquals(32 * 16, ResNet.Config.of(50).width(16).features());
    }

    @Test
    void anUnknownDepthIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> ResNet.Config.of(101));
        assertEquals("resnet: the depth must be 18, 34 or 50, got 101", e.getMessage());
    }

    private static ResNet imageNetClassifier(int depth) {
        return new ResNet(ResNet.Config.of(depth), features -> new Linear(features, 1000));
    }
}
