package org.jmoco.nn.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;

/// How a run is carried out; none of it changes the numbers.
///
/// @param resume   whether a run that lies in the folder is continued
/// @param stop     asked after each step, and between the parts of other long work: whether to save and stop
///     there
/// @param progress where people read how it goes
/// @param losses   file for the loss of every step, `step<TAB>loss`
/// @param processes that carry the run out together; process 0 alone writes and speaks
public record RunOptions(
        boolean resume, BooleanSupplier stop, Progress progress, Optional<Path> losses, Processes processes) {
    /// A new run that goes to its end, lines for people on the error stream.
    public static RunOptions fresh() {
        return new RunOptions(
                false, () -> false, new Progress(System.err, false), Optional.empty(), new Alone("this machine"));
    }

    public RunOptions withResume(boolean on) {
        return new RunOptions(on, stop, progress, losses, processes);
    }

    public RunOptions withStop(BooleanSupplier asked) {
        return new RunOptions(resume, asked, progress, losses, processes);
    }

    public RunOptions withProgress(Progress other) {
        return new RunOptions(resume, stop, other, losses, processes);
    }

    public RunOptions withLosses(Optional<Path> file) {
        return new RunOptions(resume, stop, progress, file, processes);
    }

    public RunOptions withProcesses(Processes those) {
        return new RunOptions(resume, stop, progress, losses, those);
    }
}
