package org.jmoco.moco.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import picocli.CommandLine.Option;

/// A pre-training configuration on the command line: a file and what overrides it.
public final class ConfigOptions {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, YAML.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides one value, such as contrast.temperature=0.1; may be given several times.")
    private List<String> overrides = List.of();

    /// The file with what overrides it.
    ConfigTree.Mapping tree() {
        return ConfigTree.override(ConfigTree.read(file), overrides);
    }

    /// The configuration with every default filled in.
    ///
    /// @param further overrides from other options, which win
    public MocoConfig read(String... further) {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(List.of(further));
        return Binder.bind(ConfigTree.override(ConfigTree.read(file), all), MocoConfig.defaults());
    }
}
