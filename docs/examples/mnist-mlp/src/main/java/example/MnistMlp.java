package example;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.random.Philox;

/// Trains a perceptron with one hidden layer to read digits, 28×28 grey pixels as in MNIST.
public final class MnistMlp {
    private static final int PIXELS = 28 * 28;
    private static final int HIDDEN = 128;
    private static final int BATCH = 64;
    private static final int TRAINING = 100 * BATCH;
    private static final int STEPS = 600;

    private final Philox draws = new Philox(42, 0, 0, 0);
    private final Variable w1 = uniform("w1", PIXELS, HIDDEN);
    private final Variable b1 = Variable.zeros("b1", Shape.of(HIDDEN));
    private final Variable w2 = uniform("w2", HIDDEN, 10);
    private final Variable b2 = Variable.zeros("b2", Shape.of(10));

    public static void main(String... args) {
        new MnistMlp().run();
    }

    /// `[n, 28, 28, 1]` bytes → `[n, 10]` logits.
    private Tensor logits(Tensor images) {
        Tensor x = images.normalizeImage(new float[] {0.5f}, new float[] {0.5f}).reshape(-1, PIXELS);
        Tensor hidden = x.matmul(w1.read()).add(b1.read()).relu();
        return hidden.matmul(w2.read()).add(b2.read());
    }

    /// One step of gradient descent as one program: images and labels go in, the loss comes out, the weights stay
    /// where they are.
    private Program step() {
        return Program.trace("step", p -> {
            Tensor images = p.input("images", Shape.of(BATCH, 28, 28, 1), DType.U8);
            Tensor loss = logits(images).softmaxCrossEntropy(p.input("labels", Shape.of(BATCH), DType.I32)).mean();
            Tensor rate = p.scalar("learningRate");
            List<Variable> parameters = List.of(w1, b1, w2, b2);
            List<Tensor> gradients = Gradients.of(loss, parameters);
            for (int i = 0; i < parameters.size(); i++) {
                Variable v = parameters.get(i);
                v.assign(v.read().subtract(gradients.get(i).multiply(rate)));
            }
            p.output("loss", loss);
        });
    }

    private void run() {
        Device device = Device.current();
        Compiled step = device.compile(step());
        byte[] images = new byte[TRAINING * PIXELS];
        int[] labels = new int[TRAINING];
        new Digits(1).draw(images, labels);
        long start = System.nanoTime();
        for (int i = 1; i <= STEPS; i++) {
            int from = i * BATCH % TRAINING;
            step.feed("images", Arrays.copyOfRange(images, from * PIXELS, (from + BATCH) * PIXELS)).feed("labels", Arrays.copyOfRange(labels, from, from + BATCH));
            float loss = step.feed("learningRate", 0.1f).run().scalar("loss");
            if (i % 100 == 0) {
                System.out.printf("step %d  loss %.4f nats  %.0f "
                        + "images/s%n", i, loss, i * (double) BATCH * 1e9 / (System.nanoTime() - start));
            }
        }
        System.out.printf("new digits read correctly: %.1f %%%n", 100 * accuracy(2_000));
    }

    /// Outside a program tensors are computed when they are asked for.
    private double accuracy(int n) {
        Digits unseen = new Digits(2);
        byte[] images = new byte[n * PIXELS];
        int[] labels = new int[n];
        unseen.draw(images, labels);
        float[] scores = logits(Tensor.of(Shape.of(n, 28, 28, 1), images)).toArray();
        int right = 0;
        for (int i = 0; i < n; i++) {
            int best = 0;
            for (int c = 1; c < 10; c++) {
                best = scores[i * 10 + c] > scores[i * 10 + best] ? c : best;
            }
            right += best == labels[i] ? 1 : 0;
        }
        return (double) right / n;
    }

    private Variable uniform(String name, int in, int out) {
        float bound = (float) (1 / Math.sqrt(in));
        float[] values = new float[in * out];
        for (int i = 0; i < values.length; i++) {
            values[i] = bound * (2 * draws.nextFloat() - 1);
        }
        return Variable.of(name, Shape.of(in, out), values);
    }
}
