package org.jmoco.moco.command.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunFolder;

/// Sees to it that what a folder holds is of this very run.
final class Claim {
    /// Where `semi` keeps its cells.
    static final String CELLS = "cells";

    private Claim() {}

    /// Writes the configuration, with the encoders' fingerprints, into the folder.
    ///
    /// @throws RunException if a run of another configuration or encoder is to be resumed, or one is there and
    ///     none is to be
    static void take(RunFolder folder, boolean resume, Record config, Encoder... encoders) {
        String text = Stream.of(encoders)
                        .map(e -> "# encoder " + e.fingerprint() + "\n")
                        .collect(Collectors.joining())
                + ConfigText.of(config);
        boolean holdsRun = Stream.of(ResultFolder.RESULT, CELLS, "measured.tsv")
                .anyMatch(name -> Files.exists(folder.path().resolve(name)));
        if (holdsRun && !resume) {
            throw new RunException(
                    folder.path() + " already holds a run; continue it with --resume, or choose another --out");
        }
        if (resume && Files.exists(folder.config()) && !read(folder).equals(text)) {
            throw new RunException(folder.path() + " holds a run of another configuration or encoder ("
                    + folder.config().getFileName() + "); choose another --out");
        }
        folder.writeConfig(text);
    }

    private static String read(RunFolder folder) {
        try {
            return Files.readString(folder.config());
        } catch (IOException e) {
            throw new UncheckedIOException(folder.config() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
