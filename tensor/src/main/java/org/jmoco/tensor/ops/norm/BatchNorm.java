package org.jmoco.tensor.ops.norm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.elementwise.ReluGradient;

/// Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1), optionally with
/// what follows it in a residual network.
///
/// | name | shape | meaning |
/// |---|---|---|
/// | x | `[n, …, c]` | features |
/// | gamma | `[c]` | scale |
/// | beta | `[c]` | shift |
/// | statistics | `[2, g, c]` | [BatchNormStatistics] of x, or what [AcrossRanks] makes of them |
/// | residual | as x | added before the ReLU; may be missing |
/// | y | as x | `relu((x − mean) / √(variance + epsilon) · gamma + beta + residual)`, `relu` if asked |
///
/// Gradient, with x̂ the normalised x and sums over the m values of a group:
/// `dx = gamma / √(variance + epsilon) · (dy − Σdy/m − x̂·Σ(dy·x̂)/m)`, which goes through the statistics as
/// well; `dbeta = Σdy`, `dgamma = Σ dy·x̂`, over all groups; with ReLU dy counts where y > 0. The statistics
/// themselves get none. Of synchronised statistics, [AcrossRanks], the sums in `dx` go over all ranks as well;
/// those in `dbeta` and `dgamma` are the own ranks'.
///
/// @param epsilon added to the variance, above 0
/// @param relu    whether negative results become 0; programs write `relu()`, a rewrite sets this
public record BatchNorm(BatchGroups groups, float epsilon, boolean relu) implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0];
        Shape channels = Shape.of(x.dim(-1));
        requireChannels("batchNorm", x, in[1], in[2]);
        if (!in[3].equals(Shape.of(2, groups.count(), channels.dim(0)))) {
            throw new ShapeException("batchNorm: the statistics of " + x + " in " + groups.count() + " groups are [2, "
                    + groups.count() + ", " + channels.dim(0) + "], got " + in[3]);
        }
        requireResidual("batchNorm", x, in, 4);
        groups.samples(x.dim(0));
        return x;
    }

    /// @throws ShapeException if a vector has not one value a channel of x
    static void requireChannels(String op, Shape x, Shape... vectors) {
        for (Shape v : vectors) {
            if (x.rank() < 2 || v.rank() != 1 || v.dim(0) != x.dim(-1)) {
                throw new ShapeException(op + ": expected features [n, …, c] and vectors [c], got " + x + " and "
                        + Arrays.toString(vectors));
            }
        }
    }

    static void requireResidual(String op, Shape x, Shape[] in, int index) {
        if (in.length > index && !in[index].equals(x)) {
            throw new ShapeException(op + ": the residual has shape " + in[index] + ", the features have " + x);
        }
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor x = call.input(0);
        Tensor statistics = call.input(3);
        Node taken = statistics.node();
        AcrossRanks across = taken.op() instanceof AcrossRanks a ? a : null;
        Node own = across == null ? taken : taken.input(0);
        if (!(own.op() instanceof BatchNormStatistics) || own.input(0) != x.node()) {
            throw new IllegalStateException(
                    "batchNorm: its gradient needs the statistics of its own operand; for fixed ones use "
                            + "batchNormInference");
        }
        boolean residual = call.inputs() > 4;
        Tensor g = relu && residual ? new ReluGradient().on(dy, call.output()) : dy;
        boolean masks = relu && !residual;
        Tensor[] mask = masks ? new Tensor[] {call.output()} : new Tensor[0];
        Tensor sums = new BatchNormGradientSums(groups, epsilon, masks).on(with(mask, g, x, statistics));
        Tensor ofAll = across == null ? sums : new AcrossRanks(AcrossRanks.Kind.SUMS, across.exchange()).on(sums);
        List<Tensor> result = new ArrayList<>(5);
        result.add(
                call.needs(0)
                        ? new BatchNormInputGradient(groups, epsilon, masks)
                                .on(with(mask, g, x, call.input(1), statistics, ofAll))
                        : null);
        result.add(
                call.needs(1) ? sums.slice(0, 1, 1).reshape(groups.count(), -1).sum(0) : null);
        result.add(
                call.needs(2) ? sums.slice(0, 0, 1).reshape(groups.count(), -1).sum(0) : null);
        result.add(null);
        if (residual) {
            result.add(g);
        }
        return result;
    }

    private static Tensor[] with(Tensor[] mask, Tensor... operands) {
        Tensor[] all = Arrays.copyOf(operands, operands.length + mask.length);
        System.arraycopy(mask, 0, all, operands.length, mask.length);
        return all;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 2.0 * out.size();
    }
}
