package org.jmoco.moco;

import org.jmoco.tensor.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco devices`: what programs can run on here.
@Command(
        name = "devices",
        description = "Lists what programs can run on here.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco devices"})
final class DevicesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(Device.current());
    }
}
