package org.jmoco.tensor.plan;

/// How much work a program may do again to need less memory. The bits are the same in either mode.
public enum MemoryMode {
    /// As much as it takes to fit into the memory there is. What is hardly felt is done again in any case, if a
    /// program's activations are large: at most a five-hundredth of the work.
    AUTO,
    /// As much as lowers the need for memory, up to a tenth or so of the program's work.
    LEAST
}
