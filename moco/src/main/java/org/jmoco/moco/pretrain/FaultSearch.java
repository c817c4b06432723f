package org.jmoco.moco.pretrain;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.jvm.JvmBackend;

/// Finds the op that first gave a number that is not finite: runs the steps from a good state again on the JVM and
/// looks at the result of every kernel.
final class FaultSearch {
    /// A number that is not finite reaches the loss within a step or two: parameters, momentum and queue all enter
    /// the next one.
    private static final int STEPS_LOOKED_AT = 8;

    private String found;
    private long step;

    private FaultSearch() {}

    /// Runs from where `moco` stands up to and with a step.
    ///
    /// @param moco of its own: its variables are changed
    /// @param done steps that it has done   @param failed the step, counted from 1, whose loss was not finite
    /// @return what was found, in words; empty if all results were finite this time
    static Optional<String> search(
            Moco moco, BatchSource batches, Timetable timetable, long done, long failed, Progress progress) {
        FaultSearch search = new FaultSearch();
        JvmBackend backend = new JvmBackend(Runtime.getRuntime().availableProcessors());
        try (Device device = new Device(backend);
                BatchSource.Batches views = batches.from(done, moco::permutation)) {
            Step training = moco.on(device);
            for (long at = done; at < failed && search.found == null; at++) {
                search.step = at + 1;
                if (failed - at <= STEPS_LOOKED_AT) {
                    backend.observe((node, result, nanos) -> search.look(node, result));
                }
                progress.show(
                        System.nanoTime(),
                        "looking for the first number that is not finite: step " + search.step + " of " + failed);
                BatchSource.Views v = views.next();
                training.run(v.query(), v.key(), v.permutation(), timetable.learningRate(at));
            }
        }
        return Optional.ofNullable(search.found);
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
