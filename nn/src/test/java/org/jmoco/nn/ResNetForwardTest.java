package org.jmoco.nn;

import static org.jmoco.nn.Close.assertClose;
import static org.jmoco.nn.Close.doubles;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Test;

/// Whole networks against torchvision in float64, see `make_resnet.py`: stages, loss, all gradients, running
/// statistics, evaluation.
///
/// The program is run twice: by the float64 reference, which shows that it is torchvision's network (to the
/// float32 rounding of the stored numbers), and in float32, where errors grow over 20 or 53 layers of batch
/// norm over few values. There a stage may be three times as far from float64 as PyTorch's float32 is at its
/// farthest in this network; so may all gradients together, and the gradients of single parameters in the
/// geometric mean. A single one, often of two numbers that nearly cancel, is a matter of luck: any other order
/// of additions moves it by a factor of two. It may be ten times as far, where a mistake would show as a
/// distance near 1.
class ResNetForwardTest {
    private static final double ROUNDED = 1e-7;

    @Test
    void resNet18WithTheCifarStem() {
        for (Device device : TestDevices.all()) {
            check(
                    device,
                    new ResNet(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(3), f -> new Linear(f, 5)),
                    Fixtures.tensors("resnet18-cifar.safetensors"));
        }
    }

    @Test
    void resNet50OnImagesOfOddSize() {
        for (Device device : TestDevices.all()) {
            check(
                    device,
                    new ResNet(ResNet.Config.of(Arch.RESNET50).width(2), f -> new Linear(f, 5)),
                    Fixtures.tensors("resnet50.safetensors"));
        }
    }

    /// The last stage keeps its extent; of its blocks the first convolutions are spread.
    @Test
    void resNet18WithAnOutputStrideOfFour() {
        for (Device device : TestDevices.all()) {
            ResNet.Config config =
                    ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2);
            check(
                    device,
                    new ResNet(config.outputStride(4), f -> new Linear(f, 5)),
                    Fixtures.tensors("resnet18-d4.safetensors"));
        }
    }

    @Test
    void resNet50WithTheDeepStemAndAnOutputStrideOfEight() {
        for (Device device : TestDevices.all()) {
            ResNet.Config config =
                    ResNet.Config.of(Arch.RESNET50).stem(Stem.DEEP).width(2);
            check(
                    device,
                    new ResNet(config.outputStride(8), f -> new Linear(f, 5)),
                    Fixtures.tensors("resnet50-deep-d8.safetensors"));
        }
    }

    private static void check(Device device, ResNet net, SafeTensors fixture) {
        StateDict.load(net, withPrefix(fixture, "start."));
        Map<String, Variable> parameters = net.namedParameters();
        Shape images = shape(fixture.get("x"));
        Program train = Program.trace("train", p -> {
            Tensor x = p.input("x", images);
            ResNet.Taps taps = net.taps(x, Mode.TRAIN);
            Tensor logits = net.head().forward(taps.avgpool(), Mode.TRAIN);
            Tensor loss = CrossEntropy.mean(logits, p.input("labels", Shape.of(images.dim(0)), DType.I32));
            p.output("feature1", taps.stem());
            for (int i = 0; i < taps.stages().size(); i++) {
                p.output("feature" + (i + 2), taps.stages().get(i));
            }
            p.output("logits", logits);
            p.output("loss", loss);
            List<Tensor> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
            int i = 0;
            for (String name : parameters.keySet()) {
                p.output("gradient." + name, gradients.get(i++));
            }
        });
        Program evaluate =
                Program.trace("evaluate", p -> p.output("evaluated", net.forward(p.input("x", images), Mode.EVALUATE)));

        Reference reference = new Reference();
        double[] x = fixture.get("x").toDoubleArray();
        Map<String, double[]> wide = reference.run(
                train.graph(), Map.of("x", x, "labels", fixture.get("labels").toDoubleArray()));
        net.namedBuffers()
                .forEach((name, v) -> assertClose(
                        fixture.get("after." + name).toDoubleArray(), reference.value(v), ROUNDED, "float64 " + name));
        wide.forEach((label, values) -> assertClose(expected(fixture, label), values, ROUNDED, "float64 " + label));
        assertClose(
                expected(fixture, "evaluated"),
                reference.run(evaluate.graph(), Map.of("x", x)).get("evaluated"),
                ROUNDED,
                "float64 evaluated");

        double allowed = 3
                * fixture.arrays().keySet().stream()
                        .filter(name -> name.startsWith("distance."))
                        .mapToDouble(name -> fixture.get(name).doubleAt(0))
                        .max()
                        .orElseThrow();
        Compiled step = device.compile(train)
                .feed("x", fixture.get("x").toFloatArray())
                .feed("labels", fixture.get("labels").toIntArray())
                .run();
        List<Double> ratios = new ArrayList<>();
        wide.keySet().forEach(label -> {
            boolean gradient = label.startsWith("gradient.");
            double distance = assertClose(
                    expected(fixture, label),
                    step.floats(label),
                    gradient ? allowed * 10 / 3 : allowed,
                    label + " on " + device);
            double torch = gradient ? fixture.get("distance." + label).doubleAt(0) : 0;
            if (distance > 0 && torch > 0) {
                ratios.add(Math.log(distance / torch));
            }
        });
        double mean = Math.exp(
                ratios.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
        assertTrue(
                ratios.size() > 50 && mean <= 3,
                "gradients are on average " + mean + " times as far from float64 as PyTorch's on " + device);
        double[] expectedGradient = whole(parameters.keySet(), name -> expected(fixture, "gradient." + name));
        double[] gradient = whole(parameters.keySet(), name -> doubles(step.floats("gradient." + name)));
        assertClose(
                expectedGradient,
                gradient,
                3 * fixture.get("wholeGradientDistance").doubleAt(0),
                "whole gradient on " + device);
        net.namedBuffers()
                .forEach((name, v) -> assertClose(
                        fixture.get("after." + name).toDoubleArray(), v.toArray(), allowed, name + " on " + device));
        float[] evaluated = device.compile(evaluate)
                .feed("x", fixture.get("x").toFloatArray())
                .run()
                .floats("evaluated");
        assertClose(expected(fixture, "evaluated"), doubles(evaluated), allowed, "evaluated on " + device);
    }

    private static double[] whole(Collection<String> names, Function<String, double[]> part) {
        return names.stream().map(part).flatMapToDouble(Arrays::stream).toArray();
    }

    /// A stored value in this project's layout.
    private static double[] expected(SafeTensors fixture, String label) {
        return EngineOrder.toEngine(Map.of(label, fixture.get(label)))
                .get(label)
                .toDoubleArray();
    }

    private static Map<String, ArrayData> withPrefix(SafeTensors fixture, String prefix) {
        Map<String, ArrayData> found = new LinkedHashMap<>();
        fixture.arrays().forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), array);
            }
        });
        return found;
    }

    private static Shape shape(ArrayData array) {
        return Shape.of(Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray());
    }
}
