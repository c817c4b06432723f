package org.jmoco.eval.linear;

import java.util.List;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.Sgd;

/// How classifiers are trained: SGD as PyTorch defines it, a learning rate that falls in steps, and when the test
/// images are looked at.
///
/// @param batch    images a step; the smaller last batch of an epoch is kept
/// @param ranks    processes that the published runs had: an epoch's images are filled up to a multiple of it with
///     the first ones of its order, as their samplers do
/// @param lr       learning rate at the start
/// @param momentum in `[0, 1)`   @param nesterov whether to look ahead along it
/// @param weightDecay L2 penalty's factor, on weights and biases
/// @param epochs   length
/// @param milestones epochs, counted from 0, from which the learning rate is `gamma` times what it was
/// @param evaluateEvery epochs between two evaluations; the last epoch always ends with one
/// @param report   which of them is the result
public record Recipe(
        int batch,
        int ranks,
        double lr,
        double momentum,
        boolean nesterov,
        double weightDecay,
        int epochs,
        List<Integer> milestones,
        double gamma,
        int evaluateEvery,
        Report report) {

    /// Which evaluation counts.
    public enum Report {
        /// The one after the last epoch.
        LAST,
        /// Each classifier's best top-1 of all evaluations, the first of equals: chosen on the test images, as
        /// MoCo's linear protocol does.
        BEST
    }

    public Recipe {
        require(batch >= 1, "batch must be at least 1, got " + batch);
        require(ranks >= 1, "ranks must be at least 1, got " + ranks);
        require(lr >= 0 && lr < Double.POSITIVE_INFINITY, "lr must be a number of at least 0, got " + lr);
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), got " + momentum);
        require(weightDecay >= 0, "weight-decay must not be negative, got " + weightDecay);
        require(epochs >= 1, "epochs must be at least 1, got " + epochs);
        require(gamma > 0, "gamma must be above 0, got " + gamma);
        require(evaluateEvery >= 1, "evaluate-every must be at least 1, got " + evaluateEvery);
        milestones = List.copyOf(milestones);
        for (int i = 1; i < milestones.size(); i++) {
            require(milestones.get(i) > milestones.get(i - 1), "milestones must increase, got " + milestones);
        }
    }

    /// Of the optimiser.
    public Sgd.Options options() {
        return new Sgd.Options((float) momentum, (float) weightDecay, nesterov);
    }

    /// The learning rate of an epoch, counted from 0.
    public double lrAt(int epoch) {
        return new Schedule.Steps(lr, gamma, Schedule.Unit.EPOCHS, milestones).at(epoch, 0);
    }

    /// Whether the test images are looked at after an epoch, counted from 0.
    public boolean evaluatesAfter(int epoch) {
        return (epoch + 1) % evaluateEvery == 0 || epoch + 1 == epochs;
    }

    /// How an epoch went, counted from 0.
    EpochReport reportOf(int epoch, List<Double> loss, List<Double> top1) {
        return new EpochReport(epoch + 1, epochs, lrAt(epoch), loss, top1);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
