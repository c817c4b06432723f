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
    Executable compile(Graph graph);

    /// Has someone watch every op of all programs from the next run on; null for nobody, which costs nothing.
    void observe(KernelObserver watcher);

    @Override
    void close();
}
