package org.jmoco.moco.command.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunFolder;

/// Which network `--eval-only` measures.
final class EvaluatedWeights {
    private EvaluatedWeights() {}

    /// The file in `--weights`, else the one that a run left in `--out`.
    ///
    /// @param what it holds, such as "detector"
    /// @throws RunException if it is missing, or `--out` holds what a run has found out about another network
    static Path of(Optional<Path> weights, Path out, String what) {
        Path trained = RunFolder.finalWeights(out);
        Path file = weights.orElse(trained);
        if (!Files.exists(file)) {
            throw new RunException(file + ": no such file; --eval-only measures the " + what
                    + " in --weights, or the one that a run left in --out");
        }
        if (Files.exists(trained) && !isSame(file, trained)) {
            throw new RunException(
                    out + " holds the result of another network, " + trained.getFileName() + "; choose another --out");
        }
        return file;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            throw new UncheckedIOException(one + " cannot be read: " + e.getMessage(), e);
        }
    }
}
