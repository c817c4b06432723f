package org.jmoco.nn.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.nn.weights.WeightFixtures;
import org.jmoco.nn.weights.WeightsTool;
import org.jmoco.nn.weights.WeightsTool.Part;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// onnxruntime runs what we export; PyTorch computed in float64 what should come out.
class ResNetOnnxTest {
    @TempDir
    Path folder;

    private static float[] run(Path model, ArrayData image) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model.toString());
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(image.toFloatArray()), image.shape());
                OrtSession.Result result = session.run(Map.of("images", input))) {
            OnnxTensor features = (OnnxTensor) result.get("features").orElseThrow();
            float[] values = new float[features.getFloatBuffer().remaining()];
            features.getFloatBuffer().get(values);
            return values;
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet18, 37, 16", "resnet18-cifar-linear, 16, 5", "resnet50-mlp, 32, 4"})
    void onnxruntimeGivesWhatPytorchGives(String name, int size, int features) throws Exception {
        Path source = WeightFixtures.unpack(name + ".pth", folder);
        Path model = folder.resolve(name + ".onnx");
        new WeightsTool(new PrintStream(OutputStream.nullOutputStream())).convert(source, model, Part.ALL, null);
        float[] actual = run(model, WeightFixtures.fill("", "image", 2, 3, size, size + 3));
        ArrayData expected = WeightFixtures.npy(name + "-features.npy");
        assertArrayEquals(new long[] {2, features}, expected.shape());
        double error = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            error += Math.pow(actual[i] - expected.doubleAt(i), 2);
            norm += Math.pow(expected.doubleAt(i), 2);
        }
        assertEquals(2 * features, actual.length);
        assertTrue(Math.sqrt(error / norm) < 1e-6, name + ": relative error " + Math.sqrt(error / norm));
    }

    @Test
    void aHeadWithBatchNormGivesWhatTheNetworkGives() throws Exception {
        ResNetSpec plain = WeightFixtures.spec(Arch.RESNET10, Stem.CIFAR, 2, 6, 4);
        ResNetSpec spec = new ResNetSpec(plain.config(), plain.head(), true);
        Map<String, ArrayData> weights = WeightFixtures.fill("", spec);
        ResNetOnnx.write(folder.resolve("bn.onnx"), spec, weights);
        ArrayData image = WeightFixtures.fill("", "image", 2, 3, 12, 12);
        float[] actual = run(folder.resolve("bn.onnx"), image);
        ResNet net = spec.net();
        StateDict.load(net, weights);
        Program program = Program.trace("features", p -> {
            Tensor x = p.input("images", Shape.of(2, 12, 12, 3));
            p.output("features", net.forward(x, Mode.EVALUATE));
        });
        float[] expected = Device.current()
                .compile(program)
                .feed("images", channelsLast(2, 12 * 12, image.toFloatArray()))
                .run()
                .floats("features");
        double largest = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(expected[i]))
                .max()
                .orElseThrow();
        assertArrayEquals(expected, actual, (float) (1e-5 * largest));
    }

    private static float[] channelsLast(int images, int pixels, float... channelsFirst) {
        float[] values = new float[channelsFirst.length];
        for (int i = 0; i < images; i++) {
            for (int c = 0; c < 3; c++) {
                for (int p = 0; p < pixels; p++) {
                    values[(i * pixels + p) * 3 + c] = channelsFirst[(i * 3 + c) * pixels + p];
                }
            }
        }
        return values;
    }

    @Test
    void theSameWeightsGiveTheSameBytes() throws Exception {
        ResNetSpec spec = WeightFixtures.spec(Arch.RESNET34, Stem.CIFAR, 1);
        ResNetOnnx.write(folder.resolve("a.onnx"), spec, WeightFixtures.fill("", spec));
        ResNetOnnx.write(folder.resolve("b.onnx"), spec, WeightFixtures.fill("", spec));
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.onnx")), Files.readAllBytes(folder.resolve("b.onnx")));
        Path file = folder.resolve("c.onnx");
        Map<String, ArrayData> weights = WeightFixtures.fill("", spec);
        assertThrows(FormatException.class, () -> ResNetOnnx.write(file, spec.withHead(3), weights));
    }
}
