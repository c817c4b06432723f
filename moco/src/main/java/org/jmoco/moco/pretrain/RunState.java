package org.jmoco.moco.pretrain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.nn.train.Checkout;
import org.jmoco.nn.train.Checkpoints;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.io.ArrayData;

/// All that a run is at a step, and the way to a checkpoint and back. Nothing is rounded: a run that goes on from
/// a checkpoint gives the bits of one that was never interrupted. Where the loader stands, learning rate and
/// shuffles follow from the number of steps.
final class RunState {
    private static final String REVISION = "revision";

    private final Moco moco;
    private final Map<String, String> description;
    private Counters counters = new Counters();

    /// @param description of the run, for its checkpoints
    RunState(Moco moco, Map<String, String> description) {
        this.moco = moco;
        this.description = description;
    }

    Moco moco() {
        return moco;
    }

    Counters counters() {
        return counters;
    }

    /// Goes back to a checkpoint.
    ///
    /// @throws RunException if its arrays are not those of this network
    void restore(Checkpoints.State checkpoint) {
        try {
            moco.load(checkpoint.arrays());
        } catch (IllegalArgumentException e) {
            throw new RunException("the checkpoint of step " + checkpoint.step() + ": " + e.getMessage(), e);
        }
        counters = new Counters(checkpoint.step(), checkpoint.metadata());
    }

    /// What to save.
    Checkpoints.State save() {
        Map<String, String> metadata = new LinkedHashMap<>(description);
        metadata.putAll(counters.save());
        metadata.put(REVISION, Checkout.revision());
        return new Checkpoints.State(counters.steps(), moco.save(), metadata);
    }

    /// The first array that holds a number that is not finite: such a state must not be saved over a good one.
    static Optional<String> damage(Map<String, ArrayData> arrays) {
        return arrays.entrySet().stream()
                .filter(e -> !isFinite(e.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isFinite(ArrayData array) {
        if (!array.type().isFloating()) {
            return true;
        }
        for (long i = 0; i < array.count(); i++) {
            if (!Double.isFinite(array.doubleAt(i))) {
                return false;
            }
        }
        return true;
    }
}
