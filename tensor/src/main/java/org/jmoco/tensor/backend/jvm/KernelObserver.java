package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Node;

/// Told of every kernel call of a [JvmBackend], right after it: for profiles, and for finding the op that first gives a number that is not finite.
@FunctionalInterface
public interface KernelObserver {
    /// @param node   what was computed, after rewriting
    /// @param result its elements; valid during this call only
    /// @param nanos  how long the kernel took
    void ran(Node node, MemorySegment result, long nanos);
}
