package org.jmoco.moco.command;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Interrupts;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.StoppedException;

/// A long run that a person watches and may stop: Ctrl-C, and what systems send to end a process, save and stop it.
public final class Stoppable {
    /// For the help of a command.
    public static final String EXIT_CODES =
            "Exit codes: 0 done, 1 the run could not start or go on, 2 wrong command line, 130 asked to stop and saved.";

    private Stoppable() {}

    /// Runs it.
    ///
    /// @param goOn  how it goes on, in words: `go on with --resume`
    /// @param work  given the options of a new run; throws [StoppedException] when it was stopped and all is saved
    /// @return the exit code
    public static int run(String goOn, Function<RunOptions, Integer> work) {
        return run(goOn, () -> new Alone("this machine"), work);
    }

    /// As the other one, together with other processes, of which the first is the one that is watched.
    ///
    /// @param join joins them
    public static int run(String goOn, Supplier<Processes> join, Function<RunOptions, Integer> work) {
        AtomicReference<Progress> watched = new AtomicReference<>(Progress.silent());
        try (Interrupts interrupts =
                new Interrupts(() -> watched.get().print("stopping after this step; once more to stop at once"))) {
            Processes processes = join.get();
            Progress progress = ProcessesOptions.progress(processes);
            watched.set(progress);
            ProcessesOptions.introduce(processes, progress);
            int code = code(
                    goOn,
                    RunOptions.fresh()
                            .withStop(interrupts)
                            .withProgress(progress)
                            .withProcesses(processes),
                    work);
            processes.leave();
            return code;
        } finally {
            watched.get().clear();
        }
    }

    private static int code(String goOn, RunOptions options, Function<RunOptions, Integer> work) {
        try {
            return work.apply(options);
        } catch (StoppedException e) {
            options.progress().print(e.getMessage() + "; " + goOn);
            return Interrupts.EXIT_CODE;
        }
    }
}
