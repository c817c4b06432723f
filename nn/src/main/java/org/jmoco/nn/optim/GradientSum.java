package org.jmoco.nn.optim;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// Gradients added up over several runs, for a batch that does not fit in memory at once: a program a part of the
/// batch, one optimiser step at the end.
///
/// ```java
/// Program first = Program.trace("first", p -> { …; sum.set(gradients); });
/// Program next  = Program.trace("next",  p -> { …; sum.add(gradients); });
/// Program last  = Program.trace("last",  p -> sum.update(parts, p.scalar("learningRate")));
/// ```
public final class GradientSum {
    private final Sgd sgd;
    private final List<Variable> sums = new ArrayList<>();

    public GradientSum(Sgd sgd) {
        this.sgd = sgd;
        for (int size : sgd.flatSizes()) {
            sums.add(Variable.zeros("gradientSum." + sums.size(), Shape.of(size)));
        }
    }

    /// Begins a sum with its first term.
    ///
    /// @param gradients in the order of [Sgd#parameters]
    public void set(List<Tensor> gradients) {
        List<Tensor> flat = sgd.flat(gradients);
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).assign(flat.get(i));
        }
    }

    /// Adds a term.
    public void add(List<Tensor> gradients) {
        List<Tensor> flat = sgd.flat(gradients);
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).assign(sums.get(i).read().add(flat.get(i)));
        }
    }

    /// Takes one optimiser step along the sum divided by `parts`: with the mean loss of equal parts, the gradient
    /// of the mean loss of the whole batch.
    public void update(int parts, Tensor learningRate) {
        if (parts < 1) {
            throw new IllegalArgumentException("gradient sum: the number of parts must be at least 1, got " + parts);
        }
        sgd.updateFlat(sums.stream().map(Variable::read).toList(), parts, learningRate);
    }

    /// As the other one, for a stretch of the parameters of each group; the others and their momentum buffers stay as
    /// they are.
    ///
    /// @param stretches one a variable of this sum, with the places that take the step
    public void update(int parts, List<Stretch> stretches, Tensor learningRate) {
        for (int i = 0; i < stretches.size(); i++) {
            Stretch s = stretches.get(i);
            if (s.size() > 0) {
                sgd.updateStretch(i, sums.get(i).read().slice(0, s.from(), s.size()), parts, s.from(), learningRate);
            }
        }
    }

    /// Neighbouring places of a flat variable.
    public record Stretch(int from, int size) {}

    /// The sums as they stand, one flat variable an optimiser group; a checkpoint in the middle of a batch holds them.
    public List<Variable> variables() {
        return List.copyOf(sums);
    }
}
