package org.jmoco.tensor.backend;

import java.util.List;
import java.util.Optional;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.plan.MemoryMode;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.Planner;
import org.jmoco.tensor.plan.rewrite.Rewrites;

/// Something that can run programs.
public interface Backend extends AutoCloseable {
    /// `jvm` or `tornado`.
    String name();

    /// The backend and what it runs on, for people: `jvm, 2 threads, 512-bit vectors`.
    String description();

    /// Whether programs read and write variables where the host has them, so that looking at one moves nothing.
    default boolean worksInHostMemory() {
        return true;
    }

    /// Makes a program ready to run: rewrites, plans, allocates, binds kernels.
    ///
    /// @throws IllegalStateException naming the op, if one has no kernel here
    /// @throws DeviceMemoryException if it does not fit beside those that are compiled; then nothing has been
    /// allocated
    Executable compile(Graph graph);

    /// How programs trade work for memory from now on; by default [MemoryMode#AUTO]. Those that are compiled stay as
    /// they are.
    default void memoryMode(MemoryMode mode) {}

    /// How a program would run here; allocates nothing. A backend whose kernels need memory between their steps
    /// plans with it.
    default Plan plan(Graph graph) {
        return Planner.plan(Rewrites.apply(graph), true, n -> 0);
    }

    /// As [#plan(Graph)], in so many bytes of activations rather than in what there is, or as near as computing
    /// values again can come.
    default Plan plan(Graph graph, long activationBytes) {
        return plan(graph);
    }

    /// The memory a plan needs; by default nothing but what it says.
    default MemoryUse memory(Plan plan) {
        return MemoryUse.of(plan, 0, 0);
    }

    /// What plans would take of the device, beside what it holds already; empty where programs lie in the memory
    /// of the process.
    default Optional<DeviceMemory> deviceMemory(List<Plan> plans) {
        return Optional.empty();
    }

    /// Looks whether a program would fit beside those that are compiled; allocates nothing.
    ///
    /// @throws DeviceMemoryException saying what is needed and what there is, if it would not
    default void requireRoom(Graph graph) {}

    /// Has someone watch every op of all programs from the next run on; null for nobody, which costs nothing.
    void observe(KernelObserver watcher);

    @Override
    void close();
}
