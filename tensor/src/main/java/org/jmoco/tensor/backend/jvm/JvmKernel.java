package org.jmoco.tensor.backend.jvm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Computes one op on the JVM. The kernel of `Name` is the class `NameJvm` beside it, with a constructor without
/// parameters.
///
/// Bits must depend on the operands alone: split work into tasks by shape, never by the number of threads, and add
/// up in a fixed order.
///
/// @param <O> the op
public interface JvmKernel<O extends Op> {
    /// Computes the result of one call.
    void run(O op, Args args, Workers workers);

    /// What to try the op on: operands of a size that is usual for it.
    OpExample example();

    /// Bytes of memory that the threads come to hold for a call beside its scratch, and keep for the next one.
    default long workspace(O op, Node call) {
        return 0;
    }

    /// Floats of scratch memory a call wants; it is found in [Args#scratch()].
    default long scratch(O op, Node call) {
        return 0;
    }
}
