package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.moco.doctor.Doctor;
import org.jmoco.moco.doctor.Finding;
import org.jmoco.moco.doctor.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco doctor`: whether this machine is fit, with a remedy for each fault.
@Command(
        name = "doctor",
        description = "Looks at JDK, flags, memory, disk, image decoder and devices, and says what to do about "
                + "each fault. Exits with 1 if there is a problem.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco doctor"})
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = Doctor.examine(Machine.here());
        for (Finding f : findings) {
            out.printf(
                    Locale.ROOT, "%-8s %-10s %s%n", f.verdict().name().toLowerCase(Locale.ROOT), f.subject(), f.fact());
            if (!f.fix().isEmpty()) {
                out.printf(Locale.ROOT, "%-19s → %s%n", "", f.fix());
            }
        }
        out.flush();
        return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.PROBLEM) ? 1 : 0;
    }
}
