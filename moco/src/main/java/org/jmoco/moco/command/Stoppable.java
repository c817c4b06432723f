package org.jmoco.moco.command;

import java.util.function.Function;
import org.jmoco.nn.train.Interrupts;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.StoppedException;

/// A long run that a person watches and may stop: Ctrl-C, and what systems send to end a process, save and stop it.
public final class Stoppable {
    private Stoppable() {}

    /// Runs it.
    ///
    /// @param goOn  how it goes on, in words: `go on with --resume`
    /// @param work  given the options of a new run; throws [StoppedException] when it was stopped and all is saved
    /// @return the exit code
    public static int run(String goOn, Function<RunOptions, Integer> work) {
        Progress progress = Progress.forPeople();
        try (Interrupts interrupts =
                new Interrupts(() -> progress.print("stopping after this step; once more to stop at once"))) {
            return work.apply(RunOptions.fresh().withStop(interrupts).withProgress(progress));
        } catch (StoppedException e) {
            progress.print(e.getMessage() + "; " + goOn);
            return Interrupts.EXIT_CODE;
        } finally {
            progress.clear();
        }
    }
}
