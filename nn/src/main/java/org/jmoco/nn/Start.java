package org.jmoco.nn;

import org.jmoco.tensor.Variable;

/// How the weight and the bias of a convolution or a linear layer begin.
///
/// Fan-in is the number of values that one output sees, fan-out the number that one input reaches: `in·kernel²`
/// and `out·kernel²` of a convolution.
///
/// | start | weight | bias | who begins so |
/// |---|---|---|---|
/// | [#UNIFORM] | uniform ± 1/√fan-in | as the weight | PyTorch's layers by themselves |
/// | [#KAIMING_NORMAL] | normal, √(2 / fan-out) | 0 | torchvision's ResNets, mmcv, mask heads |
/// | [#KAIMING_UNIFORM] | uniform ± √(3 / fan-in) | 0 | detectron2's "c2_xavier", its FPN |
/// | [#XAVIER_UNIFORM] | uniform ± √(6 / (in + out)) | 0 | mmdetection's FPN and linear layers |
/// | [#normal] | normal, any deviation | 0 | classifiers, RPN and box heads |
public final class Start {
    /// Weight and bias uniform within `±1/√fanIn`: what a PyTorch layer has by itself (Kaiming uniform with a
    /// = √5).
    public static final Start UNIFORM = new Start(Start::uniform, Start::uniform);

    /// Normal with standard deviation `√(2 / fanOut)`: He et al. 2015, "Delving deep into rectifiers", equation
    /// 14, which keeps the variance of gradients through ReLU layers.
    public static final Start KAIMING_NORMAL =
            new Start((init, v, in, out) -> init.normal(v, StrictMath.sqrt(2.0 / out)), Start::zero);

    /// Uniform with variance `1 / fanIn`, within `±√(3 / fanIn)`: Kaiming uniform with a = 1. Caffe2 calls it
    /// Xavier.
    public static final Start KAIMING_UNIFORM =
            new Start((init, v, in, out) -> init.uniform(v, StrictMath.sqrt(3.0 / in)), Start::zero);

    /// Uniform with variance `2 / (fanIn + fanOut)`: Glorot and Bengio 2010, "Understanding the difficulty of
    /// training deep feedforward neural networks", equation 16.
    public static final Start XAVIER_UNIFORM =
            new Start((init, v, in, out) -> init.uniform(v, StrictMath.sqrt(6.0 / (in + out))), Start::zero);

    /// Draws the values of one variable.
    private interface Draw {
        void values(Init init, Variable v, long fanIn, long fanOut);
    }

    private final Draw weight;
    private final Draw bias;

    private Start(Draw weight, Draw bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /// Normal with mean 0.
    ///
    /// @param standardDeviation above 0
    public static Start normal(double standardDeviation) {
        return new Start((init, v, in, out) -> init.normal(v, standardDeviation), Start::zero);
    }

    private static void uniform(Init init, Variable v, long fanIn, long fanOut) {
        init.uniform(v, 1 / StrictMath.sqrt(fanIn));
    }

    private static void zero(Init init, Variable v, long fanIn, long fanOut) {
        init.constant(v, 0);
    }

    /// Gives a layer its first values.
    ///
    /// @param w `[…, in, out]`, the engine's order   @param b `[out]`, or null
    void of(Init init, Variable w, Variable b) {
        int rank = w.shape().rank();
        long window = w.shape().size(0, rank - 2);
        long fanIn = window * w.shape().dim(-2);
        long fanOut = window * w.shape().dim(-1);
        weight.values(init, w, fanIn, fanOut);
        if (b != null) {
            bias.values(init, b, fanIn, fanOut);
        }
    }
}
