package org.jmoco.nn.optim;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.update.SgdUpdate;

/// Stochastic gradient descent with momentum, as PyTorch defines it: `g ← g + weightDecay·p`,
/// `v ← momentum·v + g`, `p ← p − learningRate·v`.
///
/// Parameters are moved into one block of memory a group, followed by their momentum buffers, and a step is one
/// sweep over each block. So an optimiser is made before the first program that uses its parameters is traced.
///
/// ```java
/// Sgd sgd = new Sgd(new Sgd.Options(0.9f, 1e-4f), net.parameters());
/// Program step = Program.trace("step", p -> {
///     …
///     sgd.update(Gradients.of(loss, sgd.parameters()), p.scalar("learningRate"));
/// });
/// ```
public final class Sgd {
    private final List<FlatGroup> groups;

    /// @param momentum    how much of the last step is kept, 0 for none
    /// @param weightDecay factor of the L2 penalty's gradient, on every parameter of the group
    /// @param nesterov    whether to look ahead along the momentum
    public record Options(float momentum, float weightDecay, boolean nesterov) {
        /// Without Nesterov's look-ahead.
        public Options(float momentum, float weightDecay) {
            this(momentum, weightDecay, false);
        }
    }

    /// Parameters that are treated alike.
    ///
    /// @param name       for messages and drawings
    /// @param multiplier scales the learning rate
    public record Group(String name, List<Variable> parameters, Options options, float multiplier) {
        public Group {
            parameters = List.copyOf(parameters);
        }
    }

    /// All parameters alike.
    public Sgd(Options options, List<Variable> parameters) {
        this(List.of(new Group("parameters", parameters, options, 1)));
    }

    /// Groups with options and learning rates of their own. Groups without parameters are left out.
    ///
    /// @throws IllegalArgumentException if a parameter is in two groups
    /// @throws IllegalStateException    if a traced program uses one already
    public Sgd(List<Group> groups) {
        List<Variable> all =
                groups.stream().flatMap(g -> g.parameters().stream()).toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.indexOf(all.get(i)) != i) {
                throw new IllegalArgumentException(
                        "sgd: parameter " + all.get(i).name() + " is given twice");
            }
        }
        this.groups = groups.stream()
                .filter(g -> !g.parameters().isEmpty())
                .map(FlatGroup::new)
                .toList();
    }

    /// Every parameter, group after group: the order in which [#update] expects gradients.
    public List<Variable> parameters() {
        return groups.stream().flatMap(g -> g.parameters().stream()).toList();
    }

    /// The momentum buffers, in the order of [#parameters]; a checkpoint holds them.
    public List<Variable> momenta() {
        return groups.stream().flatMap(g -> g.momenta().stream()).toList();
    }

    /// Differentiates `loss` and takes one step.
    public void minimize(Tensor loss, Tensor learningRate) {
        update(Gradients.of(loss, parameters()), learningRate);
    }

    /// Takes one step inside a traced program.
    ///
    /// @param gradients    one a parameter, in the order of [#parameters]
    /// @param learningRate shape `[]`
    public void update(List<Tensor> gradients, Tensor learningRate) {
        updateFlat(flat(gradients), 1, learningRate);
    }

    /// Takes one step along the mean of several gradients, such as those of a batch's parts: their sum in the
    /// given order, divided by their number.
    ///
    /// @param parts each with one gradient a parameter, in the order of [#parameters]
    public void updateMean(List<List<Tensor>> parts, Tensor learningRate) {
        List<Tensor> sum = flat(parts.getFirst());
        for (List<Tensor> part : parts.subList(1, parts.size())) {
            List<Tensor> next = flat(part);
            List<Tensor> before = sum;
            sum = IntStream.range(0, next.size())
                    .mapToObj(i -> before.get(i).add(next.get(i)))
                    .toList();
        }
        updateFlat(sum, parts.size(), learningRate);
    }

    /// As [#update], with gradients laid out by [#flat] and added up over `parts`.
    void updateFlat(List<Tensor> flat, int parts, Tensor learningRate) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).update(flat.get(i), parts, SgdUpdate.ALL, learningRate);
        }
    }

    /// As [#updateFlat], for those parameters of one group that `gradients` has, which begin at `from`.
    void updateStretch(int group, Tensor gradients, int parts, int from, Tensor learningRate) {
        groups.get(group).update(gradients, parts, from, learningRate);
    }

    /// Each group's parameters as they lie in memory, floats, for writing. Processes that each take a stretch's step
    /// give one another the rest through it.
    public List<MemorySegment> flatParameters() {
        return groups.stream().map(FlatGroup::flatParameters).toList();
    }

    /// Each group's momentum buffers, laid out like [#flatParameters].
    public List<MemorySegment> flatMomenta() {
        return groups.stream().map(FlatGroup::flatMomenta).toList();
    }

    /// One flat tensor `[s]` a group, gradients lying as the parameters do.
    List<Tensor> flat(List<Tensor> gradients) {
        int expected = groups.stream().mapToInt(g -> g.parameters().size()).sum();
        if (gradients.size() != expected) {
            throw new ShapeException(
                    "sgd: expected " + expected + " gradients, one a parameter, got " + gradients.size());
        }
        List<Tensor> flat = new ArrayList<>();
        int from = 0;
        for (FlatGroup g : groups) {
            int to = from + g.parameters().size();
            flat.add(g.flat(gradients.subList(from, to)));
            from = to;
        }
        return flat;
    }

    /// Elements of each group's gradients, gaps included.
    List<Integer> flatSizes() {
        return groups.stream().map(FlatGroup::size).toList();
    }
}
