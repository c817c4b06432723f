package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.update.Pack;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.random.RandomState;

/// A whole training step: bottleneck blocks, batch norm, pooling, dropout, images as bytes, momentum.
public final class TrainingStep {
    private static final int SIDE = 48;
    private static final int CLASSES = 5;
    private static final int STEPS = 3;

    private final Philox draws = new Philox(3, 0, 0, 0);
    private final List<Variable> parameters = new ArrayList<>();
    private final RandomState random = new RandomState("random", 11);
    private final int batch;
    private final Program program;
    private VariableGroup state;

    /// @param batch images
    /// @param width channels of the narrowest layer
    TrainingStep(int batch, int width) {
        this.batch = batch;
        program = trace(width);
    }

    /// A small one, of four images.
    public TrainingStep() {
        this(4, 8);
    }

    /// The program.
    public Program program() {
        return program;
    }

    private Program trace(int w) {
        List<Block> blocks = List.of(
                new Block(2 * w, w, 4 * w, 1),
                new Block(4 * w, w, 4 * w, 1),
                new Block(4 * w, 2 * w, 8 * w, 2),
                new Block(8 * w, 2 * w, 8 * w, 1));
        Layer stem = new Layer(7, 3, 2 * w, 2);
        Variable classifier = parameter("classifier", Shape.of(8 * w, CLASSES), 0.1f);
        List<Variable> all = new ArrayList<>(parameters);
        parameters.forEach(v -> all.add(Variable.zeros(v.name() + ".momentum", v.shape())));
        state = VariableGroup.join("state", all);
        int mask = random.newStream();
        return Program.trace("step", p -> {
            Tensor x = p.input("images", Shape.of(batch, SIDE, SIDE, 3), DType.U8)
                    .normalizeImage(new float[] {0.5f, 0.4f, 0.3f}, new float[] {0.2f, 0.2f, 0.2f});
            x = stem.normalized(x).relu().maxPool2d(3, 2, 1);
            for (Block b : blocks) {
                x = b.on(x);
            }
            Tensor loss = x.globalAvgPool()
                    .dropout(0.3f, random.read(), mask)
                    .matmul(classifier.read())
                    .softmaxCrossEntropy(p.input("labels", Shape.of(batch), DType.I32))
                    .mean();
            Tensor gradients = Pack.like(parameters, Gradients.of(loss, parameters), state.size() / 2);
            state.assign(state.read().sgdUpdate(gradients, p.scalar("learningRate"), 0.9f, 1e-4f, false));
            random.advance();
            p.output("loss", loss);
        });
    }

    private Variable parameter(String name, Shape shape, float scale) {
        float[] start = new float[(int) shape.size()];
        for (int i = 0; i < start.length; i++) {
            start[i] = scale * (float) draws.nextNormal();
        }
        Variable v = Variable.of(name, shape, start);
        parameters.add(v);
        return v;
    }

    /// A convolution and its batch norm.
    final class Layer {
        private final Variable weight;
        private final Variable gamma;
        private final Variable beta;
        private final int stride;

        Layer(int kernel, int in, int out, int stride) {
            String name = "layer" + parameters.size();
            weight =
                    parameter(name, Shape.of(kernel, kernel, in, out), (float) Math.sqrt(2.0 / (kernel * kernel * in)));
            gamma = parameter(name + ".gamma", Shape.of(out), 1);
            beta = parameter(name + ".beta", Shape.of(out), 0.1f);
            this.stride = stride;
        }

        Tensor normalized(Tensor x) {
            return x.conv2d(weight.read(), stride, weight.shape().dim(0) / 2)
                    .batchNorm(gamma.read(), beta.read(), BatchGroups.WHOLE, 1e-5f)
                    .y();
        }
    }

    private final class Block {
        private final List<Layer> branch;
        private final Layer shortcut;

        Block(int in, int width, int out, int stride) {
            branch = List.of(
                    new Layer(1, in, width, 1), new Layer(3, width, width, stride), new Layer(1, width, out, 1));
            shortcut = in == out && stride == 1 ? null : new Layer(1, in, out, stride);
        }

        Tensor on(Tensor x) {
            Tensor y =
                    branch.get(1).normalized(branch.get(0).normalized(x).relu()).relu();
            return branch.get(2)
                    .normalized(y)
                    .add(shortcut == null ? x : shortcut.normalized(x))
                    .relu();
        }
    }

    /// The state after some steps from the same beginning, as bits.
    public byte[] trained(Device device) {
        byte[] start = state.host().toArray(ValueLayout.JAVA_BYTE);
        random.seed(11);
        Compiled compiled = device.compile(program).feed("learningRate", 0.05f).feed("labels", 0, 3, 1, 4);
        byte[] images = new byte[batch * SIDE * SIDE * 3];
        Philox pixels = new Philox(5, 0, 0, 0);
        for (int s = 0; s < STEPS; s++) {
            for (int i = 0; i < images.length; i++) {
                images[i] = (byte) pixels.below(256);
            }
            assertTrue(Float.isFinite(compiled.feed("images", images).run().scalar("loss")));
        }
        byte[] end = state.host().toArray(ValueLayout.JAVA_BYTE);
        state.hostForWriting().copyFrom(MemorySegment.ofArray(start));
        return end;
    }
}
