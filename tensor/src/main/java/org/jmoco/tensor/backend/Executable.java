package org.jmoco.tensor.backend;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;

/// A program bound to a backend's memory. Not for use by two threads at once.
public interface Executable extends AutoCloseable {
    /// Where an input is written before [#run].
    MemorySegment input(String label);

    /// Where an output is found after [#run]; the next run overwrites it.
    MemorySegment output(String label);

    /// Runs the program once.
    void run();

    /// Runs the program once, with a pause as soon as some outputs are there.
    ///
    /// @param outputs that are read in the pause
    /// @param pause   may write inputs that no step before it reads; false ends the run there
    /// @return what the pause said
    boolean run(Set<String> outputs, BooleanSupplier pause);

    /// Takes other memory for inputs and outputs, whose contents are lost: whoever holds the present one shall neither
    /// see nor disturb what comes.
    void renew();

    Plan plan();

    /// What it needs; by default nothing but what the plan says.
    default MemoryUse memory() {
        return MemoryUse.of(plan(), 0, 0);
    }

    @Override
    void close();
}
