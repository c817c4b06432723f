package org.jmoco.moco.tutorial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.Vote;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Outcome;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Heads;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.losses.InfoNce;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The code of `docs/tutorial.md`, chapter by chapter.
class TutorialTest {
    private static final Path PAGE = Path.of("../docs/tutorial.md");

    @Test
    void tensors() {
        Tensor a = Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6);
        Tensor b = a.multiply(10).add(Tensor.of(1f, 2, 3)); // a row is added to every row
        float[] sums = b.sum(1).toArray();

        assertArrayEquals(new float[] {66, 156}, sums);
    }

    @Test
    void programs() {
        Variable slope = Variable.of("slope", Shape.of(1), 0);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 0), List.of(slope));
        Program step = Program.trace("fit", p -> {
            Tensor x = p.input("x", Shape.of(4));
            Tensor y = p.input("y", Shape.of(4));
            Tensor loss = x.multiply(slope.read()).subtract(y).square().mean();
            sgd.minimize(loss, p.scalar("learningRate"));
            p.output("loss", loss);
        });

        Compiled fit = Device.current().compile(step).feed("learningRate", 0.02f);
        fit.feed("x", 1f, 2, 3, 4).feed("y", 3f, 6, 9, 12);
        for (int i = 0; i < 200; i++) {
            fit.run();
        }
        float found = slope.toArray()[0]; // 3.00

        assertEquals(3, found, 0.01);
        assertTrue(fit.scalar("loss") < 1e-3);
    }

    @Test
    void networks() {
        ResNet.Config thin = ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(8);
        ResNet net = new ResNet(thin, features -> Heads.linear(features, 10));
        net.initialize(1);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 5e-4f), net.parameters());
        Program step = Program.trace("classify", p -> {
            Tensor images = p.input("images", Shape.of(32, 32, 32, 3), DType.U8);
            Tensor labels = p.input("labels", Shape.of(32), DType.I32);
            Tensor logits = net.forward(FeatureExtractor.normalized(images, Normalize.CIFAR, null), Mode.TRAIN);
            Tensor loss = logits.softmaxCrossEntropy(labels).mean();
            sgd.minimize(loss, p.scalar("learningRate"));
            p.output("loss", loss);
        });

        Pipeline asTheyAre = Preset.CIFAR_TEST.pipeline();
        Compiled classify = Device.current().compile(step).feed("learningRate", 0.05f);
        double first = 0;
        double last = 0;
        try (Loader loader = new Loader(BundledSample.train(), List.of(asTheyAre), LoaderOptions.training(32, 1, 1))) {
            for (int i = 0; i < 40; i++) {
                Batch batch = loader.next();
                classify.feed("images", batch.views().getFirst().pixels()).feed("labels", batch.labels());
                float loss = classify.run().scalar("loss");
                first += i < 10 ? loss / 10 : 0;
                last += i >= 30 ? loss / 10 : 0;
            }
        }

        assertTrue(last < first - 0.05, first + " → " + last);
    }

    @Test
    void views() {
        ImageSource images = BundledSample.train();
        Pipeline augment = Preset.MOCO_V2.pipeline(32);
        Batch batch;
        try (Loader loader = new Loader(images, List.of(augment, augment), LoaderOptions.training(64, 1, 7))) {
            batch = loader.next();
        }
        byte[] queries = batch.views().get(0).pixels(); // [64, 32, 32, 3]
        byte[] keys = batch.views().get(1).pixels();

        assertEquals(64 * 32 * 32 * 3, queries.length);
        assertEquals(queries.length, keys.length);
    }

    @Test
    void contrast() {
        Tensor q = Tensor.of(Shape.of(2, 2), 1f, 0, 0, 1);
        Tensor k = Tensor.of(Shape.of(2, 2), 1f, 0, 0, 1);
        Tensor queue = Tensor.of(Shape.of(3, 2), -1f, 0, 0, -1, 0.6f, 0.8f);
        InfoNce loss = InfoNce.of(q, k, queue, 0.2f);
        float nats = loss.loss().toArray()[0];
        float top1 = loss.accuracy(1).toArray()[0]; // both queries are nearest to their own key

        double e = Math.exp(1 / 0.2);
        double first = -Math.log(e / (e + Math.exp(-1 / 0.2) + 1 + Math.exp(0.6 / 0.2)));
        double second = -Math.log(e / (e + 1 + Math.exp(-1 / 0.2) + Math.exp(0.8 / 0.2)));
        assertEquals((first + second) / 2, nats, 1e-5);
        assertEquals(1, top1);
    }

    @Test
    void momentumContrast(@TempDir Path folder) {
        MocoConfig config = Binder.bind(ConfigTree.parse("""
            batch: 64
            model: {arch: resnet18, stem: cifar, width: 8, head: mlp, dim: 64}
            contrast: {temperature: 0.1, queue: 1024, momentum: 0.99}
            bn: {splits: 8}
            """, "tutorial"), MocoConfig.defaults());
        Moco moco = new Moco(config, Pixels.bytes(32, 32, Normalize.CIFAR));
        Step step = moco.on(Device.current());
        Pipeline augment = Preset.MOCO_V2.pipeline(32);
        Outcome outcome = null;
        try (Loader loader = new Loader(
                BundledSample.train(), List.of(augment, augment), LoaderOptions.training(64, 1, config.seed()))) {
            for (int i = 0; i < 10; i++) {
                Batch batch = loader.next();
                outcome = step.run(
                        batch.views().get(0).pixels(), batch.views().get(1).pixels(), moco.permutation(i), 0.03f);
            }
        }
        Path weights = folder.resolve("encoder.safetensors");
        SafeTensors.write(weights, StateDict.of(moco.query()), Map.of());

        assertTrue(Float.isFinite(outcome.loss()));

        FeatureExtractor extractor =
                new FeatureExtractor(Encoder.read(weights), List.of(Tap.AVGPOOL), LoaderOptions.evaluation(200));
        FeatureTable bank = extractor.table(BundledSample.train(), Preset.CIFAR_TEST.pipeline());
        FeatureTable test = extractor.table(BundledSample.test(), Preset.CIFAR_TEST.pipeline());
        KnnClassifier knn = new KnnClassifier(Device.current(), bank.values(), bank.labels());
        double percent = knn.accuracy(test.values(), test.labels(), new Vote(200, 0.1)); // chance is 10

        assertTrue(percent > 15, percent + " %");
    }

    @Test
    void theCodeOfThePageIsTheCodeOfTheseTests() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/jmoco/moco/tutorial/TutorialTest.java"))
                .replaceAll("\\s+", "");
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(m -> m.group(1))
                .filter(block -> !block.startsWith("import"))
                .toList();
        assertTrue(blocks.size() >= 8, blocks.size() + " blocks");
        for (String block : blocks) {
            assertTrue(
                    source.contains(block.replaceAll("\\s+", "")),
                    "docs/tutorial.md shows code that no test runs:\n" + block);
        }
    }
}
