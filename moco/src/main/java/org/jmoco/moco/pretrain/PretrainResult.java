package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jmoco.nn.train.StoppedException;

/// How a run ended.
///
/// @param finished whether it came to its end; if not, it was asked to stop, and its last checkpoint is of this step
/// @param steps    steps done in all
/// @param loss     mean over the last epoch, nats
/// @param accuracy contrastive top-1, mean over the last epoch, in `[0, 1]`
/// @param knn      the monitor's last accuracy in percent, if it is on
/// @param seconds  time spent in training steps, over all parts of an interrupted run
/// @param weights  the file of the query encoder; written if finished
/// @param report   the page about the run
public record PretrainResult(
        boolean finished,
        long steps,
        double loss,
        double accuracy,
        OptionalDouble knn,
        double seconds,
        Path weights,
        Path report) {
    /// This result, if the run came to its end.
    ///
    /// @throws StoppedException if it was asked to stop
    public PretrainResult orStopped() {
        if (!finished) {
            throw new StoppedException("stopped after step " + steps + ", saved");
        }
        return this;
    }
}
