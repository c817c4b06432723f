package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;

/// How a run is carried out; none of it changes the numbers.
///
/// @param out     the run's folder
/// @param device  where programs run
/// @param resume  whether a run that lies in the folder is continued
/// @param init    weights to begin with instead of random ones; see [org.jmoco.moco.algorithm.Moco#init(Path)]
/// @param losses  file for the loss of every step, `step<TAB>loss`
/// @param stop    asked after each step: whether to save and stop there
/// @param progress where people read how it goes
public record PretrainOptions(
        Path out,
        Device device,
        boolean resume,
        Optional<Path> init,
        Optional<Path> losses,
        BooleanSupplier stop,
        Progress progress) {
    /// A new run that goes to its end, lines for people on the error stream.
    public static PretrainOptions into(Path out, Device device) {
        return new PretrainOptions(
                out, device, false, Optional.empty(), Optional.empty(), () -> false, new Progress(System.err, false));
    }

    public PretrainOptions withResume(boolean on) {
        return new PretrainOptions(out, device, on, init, losses, stop, progress);
    }

    public PretrainOptions withInit(Optional<Path> weights) {
        return new PretrainOptions(out, device, resume, weights, losses, stop, progress);
    }

    public PretrainOptions withLosses(Optional<Path> file) {
        return new PretrainOptions(out, device, resume, init, file, stop, progress);
    }

    public PretrainOptions withStop(BooleanSupplier asked) {
        return new PretrainOptions(out, device, resume, init, losses, asked, progress);
    }

    public PretrainOptions withProgress(Progress other) {
        return new PretrainOptions(out, device, resume, init, losses, stop, other);
    }
}
