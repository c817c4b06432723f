package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;

/// How a pre-training run is carried out.
///
/// @param out    the run's folder
/// @param device where programs run
/// @param init   weights to begin with instead of random ones; see [org.jmoco.moco.algorithm.Moco#init(Path)]
/// @param run    as of any run
public record PretrainOptions(Path out, Device device, Optional<Path> init, RunOptions run) {
    /// A new run that goes to its end, lines for people on the error stream.
    public static PretrainOptions into(Path out, Device device) {
        return new PretrainOptions(out, device, Optional.empty(), RunOptions.fresh());
    }

    public PretrainOptions with(RunOptions other) {
        return new PretrainOptions(out, device, init, other);
    }

    public PretrainOptions withInit(Optional<Path> weights) {
        return new PretrainOptions(out, device, weights, run);
    }

    public PretrainOptions withResume(boolean on) {
        return with(run.withResume(on));
    }

    public PretrainOptions withLosses(Optional<Path> file) {
        return with(run.withLosses(file));
    }

    public PretrainOptions withStop(BooleanSupplier asked) {
        return with(run.withStop(asked));
    }

    public PretrainOptions withProgress(Progress other) {
        return with(run.withProgress(other));
    }
}
