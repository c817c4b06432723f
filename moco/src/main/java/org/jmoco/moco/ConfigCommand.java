package org.jmoco.moco;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco config`: a configuration with every default spelled out.
@Command(
        name = "config",
        description = "Checks a configuration and prints it with every default spelled out.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco config --config configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml --set contrast.temperature=0.1"})
final class ConfigCommand implements Runnable {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, YAML.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides one value; may be given several times.")
    private List<String> overrides = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        MocoConfig config = Binder.bind(ConfigTree.override(ConfigTree.read(file), overrides), MocoConfig.defaults());
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigText.of(config));
        out.flush();
    }
}
