package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResNetTest {
    @ParameterizedTest
    @CsvSource({"10, 5418792", "18, 11689512", "34, 21797672", "50, 25557032", "101, 44549160", "152, 60192808"})
    void hasTorchvisionsNumberOfParameters(int depth, long expected) {
        assertEquals(expected, imageNetClassifier(depth).parameterCount());
    }

    @Test
    void encodersHaveMocosNumberOfParameters() {
        ResNet.Config resnet50 = ResNet.Config.of(Arch.RESNET50);
        assertEquals(23_508_032, new ResNet(resnet50).parameterCount());
        assertEquals(23_770_304, new ResNet(resnet50, features -> Heads.linear(features, 128)).parameterCount());
        assertEquals(27_966_656, new ResNet(resnet50, features -> Heads.mlp(features, 128)).parameterCount());
        assertEquals(
                11_234_496,
                new ResNet(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR), features -> Heads.linear(features, 128))
                        .parameterCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 34, 50, 101})
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
        ResNet.Config thin = ResNet.Config.of(Arch.RESNET18).width(2);
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
        assertEquals(8 * 16, ResNet.Config.of(Arch.RESNET18).width(16).features());
        assertEquals(32 * 16, ResNet.Config.of(Arch.RESNET50).width(16).features());
    }

    @Test
    void whatNoNetworkHasIsRefused() {
        ResNet.Config resnet50 = ResNet.Config.of(Arch.RESNET50);
        assertRefused("resnet: the width must be 1 to 1024 channels, got 0", () -> resnet50.width(0));
        assertRefused("resnet: the width must be 1 to 1024 channels, got 100000", () -> resnet50.width(100_000));
        assertRefused(
                "resnet: with the deep stem the width must be even, got 3",
                () -> resnet50.width(3).stem(Stem.DEEP));
        assertRefused(
                "resnet: there are 1 to 3 stages to take, got 4",
                () -> resnet50.stages(3).stages(4));
        assertRefused("resnet: there must be 1 to 4 stages, got 0", () -> resnet50.stages(List.of()));
        for (int stride : new int[] {2, 12, 64}) {
            assertRefused(
                    "resnet: the output stride behind the ImageNet stem is 4, 8, 16 or 32, got " + stride,
                    () -> resnet50.outputStride(stride));
        }
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }

    /// R50-D8 of MMSegmentation: layer3 1, 2, 2, 2, 2, 2, layer4 2, 4, 4.
    @Test
    void anOutputStrideSpreadsTheStagesThatWouldGoFurther() {
        ResNet.Config resnet50 = ResNet.Config.of(Arch.RESNET50);
        List<ResNet.Stage> d8 = resnet50.outputStride(8).stages();
        assertEquals(new ResNet.Stage(2, 1, 1), d8.get(1));
        assertEquals(new ResNet.Stage(1, 1, 2), d8.get(2));
        assertEquals(new ResNet.Stage(1, 2, 4), d8.get(3));
        assertEquals(
                new ResNet.Stage(1, 1, 2), resnet50.outputStride(16).stages().get(3));
        assertEquals(resnet50, resnet50.outputStride(32));
        assertEquals(List.of(1, 1, 1, 1), strides(resnet50.outputStride(4)));
        assertEquals(List.of(1, 2, 2, 1), strides(resnet50.stem(Stem.CIFAR).outputStride(4)));
    }

    private static List<Integer> strides(ResNet.Config config) {
        return config.stages().stream().map(ResNet.Stage::stride).toList();
    }

    /// As a C4 detector has it: three stages for the image, the fourth for regions. Together they are the whole.
    @Test
    void theLastStageCanStandByItself() {
        ResNet.Config config = ResNet.Config.of(Arch.RESNET50).width(2);
        ResNet whole = new ResNet(config);
        whole.initialize(1);
        ResNet trunk = new ResNet(config.stages(3));
        Sequential last = config.stage(4);
        Map<String, ArrayData> ofTrunk = new LinkedHashMap<>();
        Map<String, ArrayData> ofLast = new LinkedHashMap<>();
        StateDict.of(whole).forEach((name, array) -> {
            if (name.startsWith("layer4.")) {
                ofLast.put(name.substring("layer4.".length()), array);
            } else {
                ofTrunk.put(name, array);
            }
        });
        StateDict.load(trunk, ofTrunk);
        StateDict.load(last, ofLast);
        assertEquals(2 * 16, trunk.config().features());
        Compiled both = Device.current().compile(Program.trace("both", p -> {
            Tensor x = p.input("x", Shape.of(2, 40, 33, 3));
            ResNet.Taps taps = trunk.taps(x, Mode.EVALUATE);
            p.output("apart", last.forward(taps.stages().getLast(), Mode.EVALUATE));
            p.output("together", whole.taps(x, Mode.EVALUATE).stages().getLast());
        }));
        float[] x = new float[2 * 40 * 33 * 3];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 17 / 8f - 1;
        }
        both.feed("x", x).run();
        assertArrayEquals(both.floats("together"), both.floats("apart"));
    }

    @Test
    void everyNormHasTheSameNamesAndAFrozenNetworkTrainsItsConvolutionsAlone() {
        ResNet.Config config = ResNet.Config.of(Arch.RESNET18).width(2);
        ResNet batch = new ResNet(config);
        ResNet frozen = new ResNet(config.norm(Norm.FROZEN));
        assertEquals(
                List.copyOf(batch.named().keySet()), List.copyOf(frozen.named().keySet()));
        assertEquals(
                List.copyOf(batch.named().keySet()),
                List.copyOf(new ResNet(config.norm(Norm.SYNCHRONISED)).named().keySet()));
        assertEquals(
                20,
                frozen.namedParameters().keySet().stream()
                        .filter(n -> n.endsWith(".weight"))
                        .count());
        assertEquals(20, frozen.parameters().size());
    }

    @Test
    void aConvolutionWithItsNormHasMmcvsNames() {
        Conv2d.Options options = Conv2d.Options.of(3).dilation(2);
        assertEquals(
                List.of("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"),
                List.copyOf(new ConvNormRelu(4, 2, options, Norm.BATCH).named().keySet()));
        ConvNormRelu plain = new ConvNormRelu(1, 1, options);
        assertEquals(
                List.of("conv.weight", "conv.bias"), List.copyOf(plain.named().keySet()));
        plain.named().get("conv.weight").set(1, 0, 0, 0, 2, 0, 0, 0, 0);
        plain.named().get("conv.bias").set(-3);
        Tensor x = Tensor.of(Shape.of(1, 3, 3, 1), 1f, 0, 0, 4, 0, 0, 0, 0, 2);
        assertArrayEquals(
                new float[] {0, 0, 0, 5, 0, 0, 0, 0, 2},
                plain.forward(x, Mode.EVALUATE).toArray());
    }

    private static ResNet imageNetClassifier(int depth) {
        return new ResNet(ResNet.Config.of(Arch.ofDepth(depth).orElseThrow()), features -> new Linear(features, 1000));
    }
}
