package org.jmoco.nn.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// How a run is carried out; none of it changes the numbers.
///
/// @param resume   whether a run that lies in the folder is continued
/// @param stop     asked after each step, and between the parts of other long work: whether to save and stop there
/// @param progress where people read how it goes
/// @param losses   file for the loss of every step, `step<TAB>loss`
public record RunOptions(boolean resume, BooleanSupplier stop, Progress progress, Optional<Path> losses) {
    /// A new run that goes to its end, lines for people on the error stream.
    public static RunOptions fresh() {
        return new RunOptions(false, () -> false, new Progress(System.err, false), Optional.empty());
    }

    public RunOptions withResume(boolean on) {
        return new RunOptions(on, stop, progress, losses);
    }

    public RunOptions withStop(BooleanSupplier asked) {
        return new RunOptions(resume, asked, progress, losses);
    }

    public RunOptions withProgress(Progress other) {
        return new RunOptions(resume, stop, other, losses);
    }

    public RunOptions withLosses(Optional<Path> file) {
        return new RunOptions(resume, stop, progress, file);
    }
}
