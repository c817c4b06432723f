package org.jmoco.nn.optim;

import java.util.List;
import java.util.stream.Stream;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.ops.update.Pack;
import org.jmoco.tensor.ops.update.SgdUpdate;

/// One parameter group in memory: `[2s]`, the parameters and then their momentum buffers.
final class FlatGroup {
    private final List<Variable> parameters;
    private final List<Variable> momenta;
    private final VariableGroup state;
    private final SgdUpdate op;
    private final float multiplier;

    FlatGroup(Sgd.Group group) {
        parameters = group.parameters();
        momenta = parameters.stream()
                .map(p -> Variable.zeros("momentum." + p.name(), p.shape()))
                .toList();
        state = VariableGroup.join(
                group.name(),
                Stream.concat(parameters.stream(), momenta.stream()).toList());
        op = new SgdUpdate(
                group.options().momentum(),
                group.options().weightDecay(),
                group.options().nesterov());
        multiplier = group.multiplier();
    }

    List<Variable> parameters() {
        return parameters;
    }

    List<Variable> momenta() {
        return momenta;
    }

    /// Elements of the parameters, gaps included.
    int size() {
        return state.size() / 2;
    }

    Tensor flat(List<Tensor> gradients) {
        return Pack.like(parameters, gradients, size());
    }

    void update(Tensor gradients, Tensor learningRate) {
        Tensor rate = multiplier == 1 ? learningRate : learningRate.multiply(multiplier);
        state.assign(op.on(state.read(), gradients, rate));
    }
}
