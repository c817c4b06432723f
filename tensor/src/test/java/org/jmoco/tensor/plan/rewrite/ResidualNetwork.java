package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.random.Philox;

/// A small residual network with loss and gradients as one program, written with plain ops: the kind of program
/// that rewrites are made for.
///
/// Every parameter is an input; outputs are `loss`, `logits` and `gradient NAME`.
final class ResidualNetwork {
    private static final float EPSILON = 1e-5f;

    private final Trace trace;
    private final BatchGroups groups;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    private ResidualNetwork(Trace trace, BatchGroups groups) {
        this.trace = trace;
        this.groups = groups;
    }

    /// The training program for `n` images of 9×9.
    static Program training(int n, BatchGroups groups) {
        return Program.trace("residual network", p -> {
            ResidualNetwork net = new ResidualNetwork(p, groups);
            Tensor logits = net.forward(p.input("images", Shape.of(n, 9, 9, 3)));
            Tensor loss = logits.softmaxCrossEntropy(p.input("labels", Shape.of(n), DType.I32))
                    .mean();
            p.output("loss", loss);
            p.output("logits", logits);
            List<Tensor> parameters = new ArrayList<>(net.parameters.values());
            List<Tensor> gradients = Gradients.of(loss, parameters.toArray(Tensor[]::new));
            List<String> names = new ArrayList<>(net.parameters.keySet());
            for (int i = 0; i < names.size(); i++) {
                p.output("gradient " + names.get(i), gradients.get(i));
            }
        });
    }

    /// Inputs for a program of this class.
    static Map<String, double[]> inputs(Program program) {
        Map<String, double[]> inputs = new LinkedHashMap<>();
        Philox draws = new Philox(11, 0, 0, 0);
        program.graph().inputs().forEach((label, n) -> {
            double[] values = new double[Math.toIntExact(n.shape().size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = n.dtype() == DType.I32
                        ? draws.below(10)
                        : label.endsWith("gamma") ? (float) draws.uniform(0.5, 2) : (float) (0.5 * draws.nextNormal());
            }
            inputs.put(label, values);
        });
        return inputs;
    }

    private Tensor forward(Tensor images) {
        Tensor x = batchNorm("stem", conv("stem", images, 3, 8, 1)).relu();
        Tensor y = batchNorm("a1", conv("a1", x, 3, 8, 1)).relu();
        y = batchNorm("a2", conv("a2", y, 3, 8, 1));
        x = y.add(x).relu();
        y = batchNorm("b1", conv("b1", x, 3, 12, 2)).relu();
        y = batchNorm("b2", conv("b2", y, 3, 12, 1));
        x = y.add(batchNorm("shortcut", conv("shortcut", x, 1, 12, 2))).relu();
        return x.globalAvgPool().matmul(parameter("fc", Shape.of(12, 10))).add(parameter("fc bias", Shape.of(10)));
    }

    private Tensor conv(String name, Tensor x, int kernel, int out, int stride) {
        return x.conv2d(parameter(name, Shape.of(kernel, kernel, x.shape().dim(3), out)), stride, kernel / 2);
    }

    private Tensor batchNorm(String name, Tensor x) {
        Shape c = Shape.of(x.shape().dim(3));
        return x.batchNorm(parameter(name + " gamma", c), parameter(name + " beta", c), groups, EPSILON)
                .y();
    }

    private Tensor parameter(String name, Shape shape) {
        Tensor t = trace.input(name, shape);
        parameters.put(name, t);
        return t;
    }
}
