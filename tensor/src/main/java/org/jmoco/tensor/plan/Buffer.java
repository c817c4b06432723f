package org.jmoco.tensor.plan;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.VariableGroup;

/// A stretch of memory that holds one value after another. Offsets and sizes count elements.
public sealed interface Buffer {
    DType dtype();

    /// Elements.
    long size();

    /// Memory in the activation arena of its element type, shared with every buffer that is not alive at the same time.
    ///
    /// @param area   its number among the [Areas], 0 where there is one
    /// @param offset where it begins in its area
    record Activation(DType dtype, long size, int area, long offset) implements Buffer {}

    /// Memory that the program has for itself and the host may touch between runs: what is fed and what is read.
    ///
    /// @param label the input's or output's name
    record InputOutput(DType dtype, long size, String label) implements Buffer {}

    /// The memory of a variable group.
    record State(VariableGroup group) implements Buffer {
        @Override
        public DType dtype() {
            return group.dtype();
        }

        @Override
        public long size() {
            return group.size();
        }
    }

    /// A constant's memory; never written.
    record Fixed(DType dtype, long size, Leaf.Data data) implements Buffer {}
}
