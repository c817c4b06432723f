package org.jmoco.moco.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Which arrays of a weights file are meant.
public final class PrefixOption {
    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description =
                    "Of the weights file, only arrays whose names begin so, such as teacher.backbone. Needed only "
                            + "where a file holds several encoders.")
    private Optional<String> prefix = Optional.empty();

    /// The prefix, if one is asked for.
    public Optional<String> prefix() {
        return prefix;
    }
}
