package org.jmoco.nn.data.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs package managers' own programs.
interface Clients {
    /// Runs a program in a folder until it has ended well.
    ///
    /// @throws IOException in one line: it is not installed, failed (with its last words), or took too long
    void run(Path folder, List<String> command, Consumer<String> progress) throws IOException;

    /// The programs of this machine.
    static Clients ofThisMachine(Duration limit) {
        return (folder, command, progress) -> {
            Path log = Files.createTempFile("jmoco-", ".log");
            try {
                Process process = start(folder, command, log);
                try {
                    for (long second = 1; !process.waitFor(1, TimeUnit.SECONDS); second++) {
                        progress.accept(String.join(" ", command) + ": " + second + " s");
                        if (second > limit.toSeconds()) {
                            throw new IOException(command.getFirst() + " took more than " + limit.toSeconds() + " s");
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                } finally {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                if (process.exitValue() != 0) {
                    throw new IOException(command.getFirst() + " failed: " + lastWords(log));
                }
            } finally {
                Files.deleteIfExists(log);
            }
        };
    }

    private static Process start(Path folder, List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(command.getFirst() + " is not installed", e);
        }
    }

    /// The last line that says what went wrong, on which programs differ: the first that begins like an error,
    /// else the last.
    private static String lastWords(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .toList();
        String words = lines.stream()
                .filter(l -> l.matches("(?i)(E:|npm err(or|!)|dpkg-deb: error).*"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
        return words.length() <= 200 ? words : words.substring(0, 200) + "…";
    }
}
