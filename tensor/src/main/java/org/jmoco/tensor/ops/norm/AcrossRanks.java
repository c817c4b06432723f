package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// What synchronised batch norm takes over all ranks of a batch, which may lie on several processes: each rank has
/// its own numbers, and all get the same ones back.
///
/// | name | shape | meaning |
/// |---|---|---|
/// | x | `[2, k, c]` | of each of the k ranks here its [BatchNormStatistics] or [BatchNormGradientSums] |
/// | y | as x | for every rank the same, of all R ranks of all processes |
///
/// - `STATISTICS`: `mean = Σ mean[r] / R` and `variance = Σ (variance[r] + (mean[r] − mean)²) / R`, which are
///   those of all values together, since ranks have equally many (Chan, Golub and LeVeque 1983).
/// - `SUMS`: `Σ x[r] / R`: a rank's share, so that what divides it by a rank's values divides the sum by all.
///
/// Numbers are put together in the order of ranks, so bits do not depend on where ranks lie. It is not
/// differentiated by itself: the gradient of [BatchNorm] accounts for it.
public record AcrossRanks(Kind kind, RankExchange exchange) implements Op.NoGradient, Op.Once {
    /// What a rank has.
    public enum Kind {
        STATISTICS,
        SUMS
    }

    @Override
    public Shape shapeOf(Shape... in) {
        if (in[0].rank() != 3 || in[0].dim(0) != 2) {
            throw new ShapeException("acrossRanks: expected two rows a rank, [2, k, c], got " + in[0]);
        }
        return in[0];
    }

    /// Ranks of all processes, of which so many are here.
    int ranks(int here) {
        return here * exchange.processes();
    }
}
