package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.moco.doctor.Doctor;
import org.jmoco.moco.doctor.Finding;
import org.jmoco.moco.doctor.Machine;
import org.jmoco.moco.doctor.Together;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco doctor`: whether this machine is fit, with a remedy for each fault.
@Command(
        name = "doctor",
        description = "Looks at JDK, flags, memory, disk, image decoder and devices, and says what to do about "
                + "each fault. Started by mpirun or srun it looks at every process, its cores, and the network "
                + "between each two. Exits with 1 if there is a problem.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco doctor", "Example: mpirun -n 2 --bind-to none jmoco doctor"})
public final class DoctorCommand implements Callable<Integer>, OverProcesses {
    /// For the others to answer in: whatever is wrong, a doctor has come by then.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Processes processes = MpiProcesses.join(PATIENCE);
        List<Finding> findings = Together.examine(processes, Doctor.examine(Machine.here()));
        if (processes.number() == 0) {
            print(findings);
        }
        processes.leave();
        return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.PROBLEM) ? 1 : 0;
    }

    private void print(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        for (Finding f : findings) {
            out.printf(
                    Locale.ROOT, "%-8s %-10s %s%n", f.verdict().name().toLowerCase(Locale.ROOT), f.subject(), f.fact());
            if (!f.fix().isEmpty()) {
                out.printf(Locale.ROOT, "%-19s → %s%n", "", f.fix());
            }
        }
        out.flush();
    }
}
