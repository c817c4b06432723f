package org.jmoco.moco.command;

import java.io.PrintWriter;
import org.jmoco.tensor.backend.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco devices`: what programs can run on here, and why something else is not available.
@Command(
        name = "devices",
        description = "Lists what programs can run on here, and says why something else is not available.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco devices"})
public final class DevicesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (Devices.Listed d : Devices.list()) {
            out.println(d.name() + (d.available() ? ": " : ": not available, ") + d.description());
        }
    }
}
