package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Modules, losses and the optimiser together: small networks learn, and in the same way however many threads
/// there are.
class LearningTest {
    /// Which side of a circle of radius 0.8 a point lies on: no straight line tells.
    @Test
    void aPerceptronLearnsACircle() {
        Sequential net = new Sequential(new Linear(2, 32), new Relu(), new Linear(32, 2));
        net.initialize(1);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 0), net.parameters());
        int n = 128;
        Compiled step = Device.current().compile(step(net, sgd, Shape.of(n, 2)));
        Philox draws = new Philox(2, 0, 0, 0);
        float[] points = new float[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < 400; i++) {
            draw(draws, points, labels);
            step.feed("x", points)
                    .feed("labels", labels)
                    .feed("learningRate", 0.1f)
                    .run();
        }
        draw(draws, points, labels);
        float[] logits =
                net.forward(Tensor.of(Shape.of(n, 2), points), Mode.EVALUATE).toArray();
        int right = 0;
        for (int i = 0; i < n; i++) {
            right += (logits[2 * i + 1] > logits[2 * i] ? 1 : 0) == labels[i] ? 1 : 0;
        }
        assertTrue(right >= 0.95 * n, right + " of " + n + " new points are right");
    }

    private static void draw(Philox draws, float[] points, int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            points[2 * i] = (float) draws.uniform(-1, 1);
            points[2 * i + 1] = (float) draws.uniform(-1, 1);
            labels[i] = points[2 * i] * points[2 * i] + points[2 * i + 1] * points[2 * i + 1] < 0.64f ? 1 : 0;
        }
    }

    @Test
    void aThinResNetLearnsEightImagesByHeart() {
        for (Device device : TestDevices.all()) {
            float[] losses = memorise(device, 20);
            assertEquals(Math.log(8), losses[0], 1, "untrained, eight classes, on " + device);
            assertTrue(
                    losses[losses.length - 1] < 0.05,
                    "loss after training on " + device + ": " + losses[losses.length - 1]);
        }
    }

    @Test
    void trainingDoesNotDependOnThreads() {
        try (Device one = Device.jvm(1);
                Device three = Device.jvm(3)) {
            assertArrayEquals(memorise(one, 4), memorise(three, 4));
        }
    }

    /// The loss of each step.
    private static float[] memorise(Device device, int steps) {
        ResNet net = new ResNet(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(4), features -> new Linear(features, 8));
        net.initialize(3);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 1e-4f), net.parameters());
        Compiled step = device.compile(step(net, sgd, Shape.of(8, 12, 12, 3)));
        Philox draws = new Philox(4, 0, 0, 0);
        float[] images = new float[8 * 12 * 12 * 3];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) draws.nextNormal();
        }
        step.feed("x", images).feed("labels", 0, 1, 2, 3, 4, 5, 6, 7).feed("learningRate", 0.05f);
        float[] losses = new float[steps];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = step.run().scalar("loss");
        }
        return losses;
    }

    private static Program step(Layer net, Sgd sgd, Shape inputs) {
        return Program.trace("step", p -> {
            Tensor logits = net.forward(p.input("x", inputs), Mode.TRAIN);
            Tensor loss = CrossEntropy.mean(logits, p.input("labels", Shape.of(inputs.dim(0)), DType.I32));
            sgd.minimize(loss, p.scalar("learningRate"));
            p.output("loss", loss);
        });
    }
}
