package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// A program to be planned, too large to be run in a test.
public final class LargeProgram {
    private final List<Tensor> parameters = new ArrayList<>();

    private LargeProgram() {}

    /// A ResNet-18's loss and gradients on `n` images of 224 × 224.
    public static Program resnet18(int n) {
        return new LargeProgram().program(n);
    }

    private Program program(int n) {
        return Program.trace("resnet-18", p -> {
            Tensor x = convolved(p, p.input("images", Shape.of(n, 224, 224, 3)), 7, 64, 2)
                    .relu()
                    .maxPool2d(3, 2, 1);
            for (int stage = 0; stage < 4; stage++) {
                x = block(p, block(p, x, 64 << stage, stage == 0 ? 1 : 2), 64 << stage, 1);
            }
            Tensor loss = x.globalAvgPool()
                    .matmul(parameter(p, Shape.of(512, 1000)))
                    .softmaxCrossEntropy(p.input("labels", Shape.of(n), DType.I32))
                    .mean();
            List<Tensor> gradients = Gradients.of(loss, parameters.toArray(Tensor[]::new));
            for (int i = 0; i < gradients.size(); i++) {
                p.output("gradient" + i, gradients.get(i));
            }
        });
    }

    private Tensor block(Trace p, Tensor x, int width, int stride) {
        Tensor shortcut = stride == 1 ? x : convolved(p, x, 1, width, stride);
        Tensor y = convolved(p, x, 3, width, stride).relu();
        return convolved(p, y, 3, width, 1).add(shortcut).relu();
    }

    /// A convolution and its batch norm.
    private Tensor convolved(Trace p, Tensor x, int kernel, int out, int stride) {
        Tensor y = x.conv2d(parameter(p, Shape.of(kernel, kernel, x.shape().dim(3), out)), stride, kernel / 2);
        return y.batchNorm(parameter(p, Shape.of(out)), parameter(p, Shape.of(out)), BatchGroups.WHOLE, 1e-5f)
                .y();
    }

    private Tensor parameter(Trace p, Shape shape) {
        Tensor t = p.input("parameter" + parameters.size(), shape);
        parameters.add(t);
        return t;
    }
}
