package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;

/// Says how an op is computed on a device. The kernels of `Name` are the class `NameTornado` beside it, with a
/// constructor without parameters.
///
/// @param <O> the op
public interface TornadoKernel<O extends Op> {
    /// Adds the launches of one call, in order. Called when a program is bound to memory, not when it runs.
    void emit(O op, Args args, Launches gpu);

    /// Whether an operand, or the result, may lie in any arena: every kernel that reads or writes it is a
    /// [FarKernel] and does so by the array that is the operand's. Others lie in the first arena.
    ///
    /// @param operand its number, or [org.jmoco.tensor.plan.Areas#RESULT]
    default boolean anywhere(O op, int operand) {
        return false;
    }

    /// Floats of scratch memory a call wants; they are found at [Args#scratch()].
    default long scratch(O op, Node call, Profile profile) {
        return 0;
    }

    /// Integers it wants; they are found at [Args#scratchInts()].
    default long scratchInts(O op, Node call, Profile profile) {
        return 0;
    }
}
