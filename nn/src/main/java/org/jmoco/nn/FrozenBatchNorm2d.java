package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// Batch norm as a constant: in every mode `y = (x − mean) / √(variance + 1e-5) · weight + bias` with the
/// running statistics of a trained network. All four are buffers: gradients pass through, nothing is trained.
///
/// Names are those of [BatchNorm2d], as in torchvision's and detectron2's layer of the same name.
public final class FrozenBatchNorm2d extends Layer {
    @Buffer
    private final Variable weight;

    @Buffer
    private final Variable bias;

    @Buffer
    private final Variable runningMean;

    @Buffer
    private final Variable runningVar;

    /// A layer that begins as the identity, but for the 1e-5.
    public FrozenBatchNorm2d(int channels) {
        Shape shape = Shape.of(channels);
        weight = Variable.zeros("weight", shape);
        bias = Variable.zeros("bias", shape);
        runningMean = Variable.zeros("running_mean", shape);
        runningVar = Variable.zeros("running_var", shape);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x.batchNormInference(
                weight.read(), bias.read(), runningMean.read(), runningVar.read(), BatchNorm2d.EPSILON);
    }

    @Override
    protected void reset(Init init) {
        init.constant(weight, 1);
        init.constant(bias, 0);
        init.constant(runningMean, 0);
        init.constant(runningVar, 1);
    }
}
