package org.jmoco.nn.optim;

import java.lang.foreign.MemorySegment;
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
    private final Sgd.Options options;
    private final float multiplier;

    FlatGroup(Sgd.Group group) {
        parameters = group.parameters();
        momenta = parameters.stream()
                .map(p -> Variable.zeros("momentum." + p.name(), p.shape()))
                .toList();
        state = VariableGroup.join(
                group.name(),
                Stream.concat(parameters.stream(), momenta.stream()).toList());
        options = group.options();
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

    /// The parameters as they lie in memory, `[s]` floats, for writing.
    MemorySegment flatParameters() {
        return state.hostForWriting().asSlice(0, (long) size() * Float.BYTES);
    }

    /// The momentum buffers likewise.
    MemorySegment flatMomenta() {
        return state.hostForWriting().asSlice((long) size() * Float.BYTES, (long) size() * Float.BYTES);
    }

    Tensor flat(List<Tensor> gradients) {
        return Pack.like(parameters, gradients, size());
    }

    /// @param gradients those of all parameters, or of a stretch of them, added up over parts of a batch
    /// @param from      where the stretch begins, or [SgdUpdate#ALL]
    void update(Tensor gradients, int parts, int from, Tensor learningRate) {
        Tensor rate = multiplier == 1 ? learningRate : learningRate.multiply(multiplier);
        SgdUpdate op = new SgdUpdate(options.momentum(), options.weightDecay(), options.nesterov(), parts, from);
        state.assign(op.on(state.read(), gradients, rate));
    }
}
