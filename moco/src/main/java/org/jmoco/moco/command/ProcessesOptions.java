package org.jmoco.moco.command;

import java.time.Duration;
import java.util.List;
import org.jmoco.nn.processes.Cores;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.nn.train.Progress;
import picocli.CommandLine.Option;

/// The processes that a launcher has started a command in; a command without a launcher is alone.
public final class ProcessesOptions {
    @Option(
            names = "--process-timeout",
            paramLabel = "SECONDS",
            converter = Count.class,
            description = "Under mpirun or srun: how long a process waits for the others before it says who is "
                    + "missing and ends them all. Default: 600.")
    private int timeout = (int) MpiProcesses.TIMEOUT.toSeconds();

    /// Joins the others. Whoever has joined calls [Processes#leave] at the end, or fails.
    ///
    /// @throws org.jmoco.nn.processes.ProcessesException if they cannot be joined
    public Processes join() {
        return MpiProcesses.join(Duration.ofSeconds(timeout));
    }

    /// Where people read along: on process 0.
    public static Progress progress(Processes processes) {
        return processes.number() == 0 ? Progress.forPeople() : Progress.silent();
    }

    /// Says who they are, and which cores stay unused. Collective.
    public static void introduce(Processes processes, Progress progress) {
        if (processes.count() == 1) {
            return;
        }
        List<Cores> cores = Cores.gather(processes);
        long machines = processes.hosts().stream().distinct().count();
        progress.print("processes: " + processes.count() + " on " + machines
                + (machines == 1 ? " machine, " : " machines, ") + processes.transport());
        Cores.unused(processes.hosts(), cores).forEach(line -> progress.print("warning: " + line));
    }
}
