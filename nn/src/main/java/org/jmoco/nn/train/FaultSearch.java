package org.jmoco.nn.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.jvm.JvmBackend;

/// Finds the op that first gave a number that is not finite: runs the steps from a good state again on the JVM and
/// looks at the result of every kernel.
final class FaultSearch {
    /// A number that is not finite reaches the loss within a step or two: parameters and momentum, and MoCo's
    /// queue, all enter the next one.
    private static final int STEPS_LOOKED_AT = 8;

    private String found;
    private long step;

    private FaultSearch() {}

    /// What can be said of the origin. A search never hides what it was to explain: if it fails, that is all that
    /// is said of it.
    ///
    /// @param good   the state to begin with; empty to begin at the start
    /// @param failed the step, counted from 1, that was not finite
    static String explain(Run run, Training training, Optional<Checkpoints.State> good, long failed) {
        try {
            return new FaultSearch()
                    .search(run, training, good, failed)
                    .orElse("on the JVM all results of the same steps are finite, so the device is to be suspected");
        } catch (StoppedException e) {
            return "the search for its origin was stopped";
        } catch (OutOfMemoryError | DeviceMemoryException e) {
            return "there was too little memory to find its origin";
        } catch (RuntimeException e) {
            return "the search for its origin failed (" + e + ")";
        }
    }

    private Optional<String> search(Run run, Training training, Optional<Checkpoints.State> good, long failed) {
        JvmBackend backend = new JvmBackend(Runtime.getRuntime().availableProcessors());
        try (Device device = new Device(backend)) {
            Training again = training.again(device);
            good.ifPresent(state -> again.restore(state.arrays()));
            long done = good.map(Checkpoints.State::step).orElse(0L);
            try (Training.Steps steps = again.from(done)) {
                for (long at = done; at < failed && found == null; at++) {
                    if (run.isAnyAskedToStop()) {
                        throw new StoppedException("stopped");
                    }
                    step = at + 1;
                    if (failed - at <= STEPS_LOOKED_AT) {
                        backend.observe((node, result, nanos) -> look(node, result));
                    }
                    run.progress()
                            .show(
                                    System.nanoTime(),
                                    "looking for the first number that is not finite: step " + step + " of " + failed);
                    steps.load();
                    steps.take();
                    found = firstFound(run.processes());
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /// What the first process has found that has found anything: each sees the kernels of its own samples.
    private String firstFound(Processes processes) {
        byte[] own = found == null ? new byte[0] : found.getBytes(StandardCharsets.UTF_8);
        return processes.gather(own).stream()
                .filter(text -> text.length > 0)
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .findFirst()
                .orElse(null);
    }

    private void look(Node node, MemorySegment result) {
        if (found != null || node.dtype() != DType.F32) {
            return;
        }
        for (long i = 0; i < node.shape().size(); i++) {
            float value = result.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!Float.isFinite(value)) {
                found = "in step " + step + " the op " + node + " was the first to give one, " + value + " as element "
                        + i;
                return;
            }
        }
    }
}
