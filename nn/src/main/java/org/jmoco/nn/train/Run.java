package org.jmoco.nn.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.processes.Processes;
import tools.jackson.core.JacksonException;

/// A run: a folder that is its own, what it is of, and the wish to stop. A training, or several with other work
/// between them, happen in it.
///
/// ```java
/// try (Run run = Run.open(Path.of("runs/linear"), identity, RunOptions.fresh())) {
///     TrainingLoop.run(run, training);
/// }
/// ```
public final class Run implements AutoCloseable {
    private final Optional<RunFolder> folder;
    private final RunIdentity identity;
    private final RunOptions options;

    private Run(Optional<RunFolder> folder, RunIdentity identity, RunOptions options) {
        this.folder = folder;
        this.identity = identity;
        this.options = options;
    }

    /// Opens a run in a folder, a new one or one that goes on. Of several processes the first alone has the
    /// folder.
    ///
    /// @param works what a run of this kind leaves besides metrics, checkpoints and final weights, by name
    /// @throws RunException if another run writes there; if a run is there and is not to be continued, or is of
    ///     something else: the message says what differs; if the folder cannot be written
    public static Run open(Path out, RunIdentity identity, RunOptions options, String... works) {
        if (options.processes().number() != 0) {
            return new Run(
                    Optional.empty(),
                    identity,
                    options.withProgress(Progress.silent()).withLosses(Optional.empty()));
        }
        RunFolder folder = RunFolder.open(out);
        try {
            if (!options.resume() && folder.holdsRun(works)) {
                throw new RunException(
                        out + " already holds a run; continue it with --resume, or choose another --out");
            }
            if (folder.isSaved(works)) {
                identity.require("what is saved in " + out, read(folder));
            }
            RunFolder.write(folder.identity(), identity.toJson() + "\n");
            return new Run(Optional.of(folder), identity, options);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /// A run of one process that writes nothing down: it cannot be continued.
    public static Run unkept(RunOptions options) {
        return new Run(Optional.empty(), RunIdentity.EMPTY, options.withResume(false));
    }

    private static Map<String, String> read(RunFolder folder) {
        try {
            if (!Files.exists(folder.identity())) {
                throw new RunException(folder.path() + " holds a run that does not say what it is of ("
                        + folder.identity().getFileName() + " is missing); choose another --out");
            }
            return RunIdentity.fromJson(Files.readString(folder.identity()));
        } catch (JacksonException e) {
            throw new RunException(folder.identity() + " is damaged: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new RunException(folder.identity() + " cannot be read: " + RunException.reason(e), e);
        }
    }

    /// A part of this run with a folder of its own inside, such as one of several trainings.
    ///
    /// @param name of the folder, such as `cells/head100`
    public Run part(String name) {
        return new Run(folder.map(f -> f.part(name)), identity, options.withLosses(Optional.empty()));
    }

    /// Where the run is kept; empty if nothing of it is.
    public Optional<RunFolder> folder() {
        return folder;
    }

    /// What the run is of.
    public RunIdentity identity() {
        return identity;
    }

    public RunOptions options() {
        return options;
    }

    /// Where people read how it goes.
    public Progress progress() {
        return options.progress();
    }

    /// The processes that carry it out together.
    public Processes processes() {
        return options.processes();
    }

    /// Whether someone wants the run to stop: by a signal, or by a file `stop` in its folder.
    public boolean isAskedToStop() {
        return options.stop().getAsBoolean()
                || folder.isPresent() && folder.get().hasStopFile();
    }

    /// Whether someone wants it to stop on any of its processes. Collective.
    boolean isAnyAskedToStop() {
        byte[] own = {(byte) (isAskedToStop() ? 1 : 0)};
        return processes().gather(own).stream().anyMatch(one -> one[0] != 0);
    }

    /// For work in which nothing is lost if it ends here.
    ///
    /// @throws StoppedException if someone wants the run to stop
    public void endIfAsked() {
        if (isAskedToStop()) {
            throw new StoppedException("stopped; what was done is kept");
        }
    }

    @Override
    public void close() {
        folder.ifPresent(RunFolder::close);
    }
}
