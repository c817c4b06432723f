package org.jmoco.nn.train;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// The losses of a run as text, one line a step, `step<TAB>loss`: the step counted from 1, the loss in nats with
/// as many digits as tell it from its neighbours in float32.
final class LossLog implements AutoCloseable {
    private final Path file;
    private final Writer writer;

    private LossLog(Path file, Writer writer) {
        this.file = file;
        this.writer = writer;
    }

    /// Opens the file; lines of steps after `step` go.
    ///
    /// @param file empty for no log
    /// @param step steps done; 0 begins anew
    public static LossLog open(Optional<Path> file, long step) {
        if (file.isEmpty()) {
            return new LossLog(Path.of("-"), Writer.nullWriter());
        }
        Path path = file.get();
        try {
            List<String> kept = step > 0 && Files.exists(path)
                    ? Files.readAllLines(path).stream()
                            .filter(line -> stepOf(line) <= step)
                            .toList()
                    : List.of();
            Files.write(path, kept);
            return new LossLog(path, Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /// A line without a step, such as one cut off, counts as too late.
    private static long stepOf(String line) {
        return line.matches("\\d{1,18}\\t.+") ? Long.parseLong(line.substring(0, line.indexOf('\t'))) : Long.MAX_VALUE;
    }

    public void write(long step, float loss) {
        try {
            writer.write(step + "\t" + loss + "\n");
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    public void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static RunException failed(Path file, IOException e) {
        return new RunException(file + " cannot be written: " + RunException.reason(e), e);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
