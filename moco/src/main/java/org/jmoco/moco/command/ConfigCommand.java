package org.jmoco.moco.command;

import java.io.PrintWriter;
import org.jmoco.moco.config.ConfigText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco config`: a configuration with every default spelled out.
@Command(
        name = "config",
        description = "Checks a configuration and prints it with every default spelled out.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco config --config configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml --set "
                    + "contrast.temperature=0.1"
        })
public final class ConfigCommand implements Runnable {
    @Mixin
    private ConfigOptions config;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigText.of(config.read()));
        out.flush();
    }
}
