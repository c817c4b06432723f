package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.BatchNormalized;

/// Batch normalisation of every channel, `[n, h, w, c]` → the same shape (Ioffe and Szegedy 2015):
/// `y = (x − mean) / √(variance + 1e-5) · weight + bias`.
///
/// In training mean and (biased) variance are those of the sample's group, of a [synchronised][#synchronised]
/// layer those of the whole batch, as of every layer where the mode names [ranks][Mode.Train#ranks]. The running
/// statistics move a tenth of the way towards
///
/// - contiguous groups, or one: mean and unbiased variance of the first group, as data-parallel training saves
///   those of its rank 0;
/// - interleaved groups: the mean over the groups, as MoCo's SplitBatchNorm.
public final class BatchNorm2d extends Layer {
    /// What is added to a variance.
    public static final float EPSILON = 1e-5f;
    /// What stays of the running statistics; PyTorch's momentum of 0.1 is the part that is new.
    private static final double KEPT = 0.9;

    private final Variable weight;
    private final Variable bias;

    @Buffer
    private final Variable runningMean;

    @Buffer
    private final Variable runningVar;

    private final boolean synchronised;

    /// A layer that begins as the mere normalisation: weight 1, bias 0, running mean 0, running variance 1.
    public BatchNorm2d(int channels) {
        this(channels, true, false);
    }

    private BatchNorm2d(int channels, boolean affine, boolean synchronised) {
        this.synchronised = synchronised;
        Shape shape = Shape.of(channels);
        weight = affine ? Variable.zeros("weight", shape) : null;
        bias = affine ? Variable.zeros("bias", shape) : null;
        runningMean = Variable.zeros("running_mean", shape);
        runningVar = Variable.zeros("running_var", shape);
    }

    /// A layer without weight and bias, which normalises only.
    public static BatchNorm2d withoutAffine(int channels) {
        return new BatchNorm2d(channels, false, false);
    }

    /// A layer whose group is the whole batch, whatever groups the mode names.
    public static BatchNorm2d synchronised(int channels) {
        return new BatchNorm2d(channels, true, true);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor gamma = weight == null ? Tensor.ones(runningMean.shape()) : weight.read();
        Tensor beta = bias == null ? Tensor.zeros(runningMean.shape()) : bias.read();
        return switch (mode) {
            case Mode.Evaluate _ -> x.batchNormInference(gamma, beta, runningMean.read(), runningVar.read(), EPSILON);
            case Mode.Train train -> {
                boolean shared = train.ranks().isPresent();
                BatchGroups groups = synchronised && !shared ? BatchGroups.WHOLE : train.groups();
                BatchNormalized normalized = shared
                        ? x.batchNorm(
                                gamma, beta, groups, EPSILON, train.ranks().get())
                        : x.batchNorm(gamma, beta, groups, EPSILON);
                long values = valuesAGroup(x.shape(), groups);
                if (train.keepsStatistics()) {
                    keep(normalized, groups, shared ? values * ranks(train) : values);
                }
                yield normalized.y();
            }
        };
    }

    private static long ranks(Mode.Train train) {
        return (long) train.groups().count() * train.ranks().orElseThrow().processes();
    }

    private static long valuesAGroup(Shape x, BatchGroups groups) {
        long values = groups.samples(x.dim(0)) * x.size(1, x.rank() - 1);
        if (values < 2) {
            throw new ShapeException("batch norm: one value a channel has no variance; " + x + " in " + groups.count()
                    + " groups needs more samples or larger images for training");
        }
        return values;
    }

    private void keep(BatchNormalized batch, BatchGroups groups, long values) {
        float unbiased = (float) ((double) values / (values - 1));
        runningMean.assign(runningMean.read().movingAverage(kept(batch.mean(), groups), KEPT));
        runningVar.assign(
                runningVar.read().movingAverage(kept(batch.variance(), groups).multiply(unbiased), KEPT));
    }

    /// The statistics that count, `[c]`, of one kind of statistics in every group, `[g, c]`.
    private static Tensor kept(Tensor statistics, BatchGroups groups) {
        return switch (groups.order()) {
            case CONTIGUOUS -> statistics.slice(0, 0, 1).reshape(-1);
            case INTERLEAVED -> statistics.sum(0).multiply(1f / groups.count());
        };
    }

    @Override
    protected void reset(Init init) {
        if (weight != null) {
            init.constant(weight, 1);
            init.constant(bias, 0);
        }
        init.constant(runningMean, 0);
        init.constant(runningVar, 1);
    }
}
