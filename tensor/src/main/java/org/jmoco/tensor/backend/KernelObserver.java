package org.jmoco.tensor.backend;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Node;

/// Told of every op that a backend computes, right after it: for profiles, and for finding the op that first gives
/// a number that is not finite, or another one than elsewhere.
@FunctionalInterface
public interface KernelObserver {
    /// @param node   what was computed, after rewriting
    /// @param result its elements; valid during this call only
    /// @param nanos  how long its kernels took
    void ran(Node node, MemorySegment result, long nanos);
}
