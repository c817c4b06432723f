package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;

/// How a pre-training run is carried out.
///
/// @param out    the run's folder
/// @param device where programs run
/// @param init   weights to begin with instead of random ones; see [org.jmoco.moco.algorithm.Moco#init(Path)]
/// @param prefix of the names in that file, where it holds several encoders
/// @param run    as of any run
public record PretrainOptions(Path out, Device device, Optional<Path> init, Optional<String> prefix, RunOptions run) {
    /// A new run that goes to its end, lines for people on the error stream.
    public static PretrainOptions into(Path out, Device device) {
        return new PretrainOptions(out, device, Optional.empty(), Optional.empty(), RunOptions.fresh());
    }

    public PretrainOptions with(RunOptions other) {
        return new PretrainOptions(out, device, init, prefix, other);
    }

    public PretrainOptions withInit(Optional<Path> weights) {
        return new PretrainOptions(out, device, weights, prefix, run);
    }

    public PretrainOptions withPrefix(Optional<String> ofNames) {
        return new PretrainOptions(out, device, init, ofNames, run);
    }

    /// Begins a model from the weights, if there are any.
    ///
    /// @return what was taken, in words
    Optional<String> begin(Moco moco) {
        return init.map(file -> moco.init(file, prefix));
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

    public PretrainOptions withProcesses(Processes processes) {
        return with(run.withProcesses(processes));
    }

    public PretrainOptions withProgress(Progress other) {
        return with(run.withProgress(other));
    }
}
