package org.jmoco.tensor.ops.norm;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.elementwise.ReluGradient;

/// Batch normalisation with fixed statistics, as a trained network is evaluated, optionally with what follows it
/// in a residual network.
///
/// | name     | shape       | meaning                                                               |
/// |----------|-------------|-----------------------------------------------------------------------|
/// | x        | `[n, …, c]` | features                                                              |
/// | gamma    | `[c]`       | scale                                                                 |
/// | beta     | `[c]`       | shift                                                                 |
/// | mean     | `[c]`       | running mean                                                          |
/// | variance | `[c]`       | running variance                                                      |
/// | residual | as x        | added before the ReLU; may be missing                                 |
/// | y        | as x        | `relu((x − mean) / √(variance + epsilon) · gamma + beta + residual)`, `relu` if asked |
///
/// Gradient: `dx = dy · gamma / √(variance + epsilon)`, `dbeta = Σdy`, `dgamma = Σ dy·x̂`; mean and variance
/// get none.
///
/// @param epsilon added to the variance, above 0
/// @param relu    whether negative results become 0; programs write `relu()`, a rewrite sets this
public record BatchNormInference(float epsilon, boolean relu) implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        BatchNorm.requireChannels("batchNormInference", in[0], in[1], in[2], in[3], in[4]);
        BatchNorm.requireResidual("batchNormInference", in[0], in, 5);
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor x = call.input(0);
        Tensor gamma = call.input(1);
        Tensor mean = call.input(3);
        Tensor variance = call.input(4);
        Tensor g = relu ? new ReluGradient().on(dy, call.output()) : dy;
        Tensor zero = Tensor.zeros(gamma.shape());
        BatchNormInference plain = new BatchNormInference(epsilon, false);
        List<Tensor> result = new ArrayList<>(6);
        result.add(call.needs(0) ? plain.on(g, gamma, zero, zero, variance) : null);
        result.add(
                call.needs(1)
                        ? overRows(g.multiply(plain.on(x, Tensor.ones(gamma.shape()), zero, mean, variance)))
                        : null);
        result.add(call.needs(2) ? overRows(g) : null);
        result.add(null);
        result.add(null);
        if (call.inputs() > 5) {
            result.add(g);
        }
        return result;
    }

    private static Tensor overRows(Tensor x) {
        Shape s = x.shape();
        return x.reshape(Shape.of(Math.toIntExact(s.size(0, s.rank() - 1)), s.dim(-1)))
                .sum(0);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 2.0 * out.size();
    }
}
