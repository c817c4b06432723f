package org.jmoco.moco.command;

import java.util.Optional;
import org.jmoco.nn.data.DataException;
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

    /// As [#prefix()], where a weights file may be missing.
    ///
    /// @throws DataException if there is a prefix and no file
    public Optional<String> of(boolean file) {
        if (prefix.isPresent() && !file) {
            throw new DataException("--prefix belongs to --weights, of which there are none");
        }
        return prefix;
    }
}
