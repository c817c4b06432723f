package org.jmoco.tensor.backend;

import org.jmoco.tensor.Graph;

/// Something that can run programs.
public interface Backend extends AutoCloseable {
    /// `jvm` or `tornado`.
    String name();

    /// The backend and what it runs on, for people: `jvm, 2 threads, 512-bit vectors`.
    String description();

    /// Makes a program ready to run: rewrites, plans, allocates, binds kernels.
    ///
    /// @throws IllegalStateException naming the op, if one has no kernel here
    /// @throws DeviceMemoryException if it does not fit beside those that are compiled; then nothing has been allocated
    Executable compile(Graph graph);

    /// Looks whether a program would fit beside those that are compiled; allocates nothing.
    ///
    /// @throws DeviceMemoryException saying what is needed and what there is, if it would not
    default void requireRoom(Graph graph) {}

    /// Has someone watch every op of all programs from the next run on; null for nobody, which costs nothing.
    void observe(KernelObserver watcher);

    @Override
    void close();
}
