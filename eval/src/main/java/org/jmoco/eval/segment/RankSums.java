package org.jmoco.eval.segment;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Tensor;

/// Where the gradients of ranks go: in one process its programs add them, of several each leaves those of its own
/// ranks, which are added in between.
///
/// @param whole of all ranks
/// @param terms one for each rank here; none in one process
record RankSums(GradientSum whole, List<GradientSum> terms) {
    RankSums {
        terms = List.copyOf(terms);
    }

    /// @param here ranks of this process
    static RankSums of(Sgd sgd, int processes, int here) {
        return new RankSums(
                new GradientSum(sgd),
                IntStream.range(0, processes == 1 ? 0 : here)
                        .mapToObj(rank -> new GradientSum(sgd))
                        .toList());
    }

    /// Within a program: takes the gradients of the ranks here.
    ///
    /// @param first whether they begin the sum
    void take(boolean first, List<List<Tensor>> gradients) {
        for (int rank = 0; rank < gradients.size(); rank++) {
            if (!terms.isEmpty()) {
                terms.get(rank).set(gradients.get(rank));
            } else if (first && rank == 0) {
                whole.set(gradients.get(rank));
            } else {
                whole.add(gradients.get(rank));
            }
        }
    }
}
