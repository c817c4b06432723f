package org.jmoco.tensor.backend.jvm.runtime;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32;

/// The file in the user's cache folder where the choice of `jmoco tune` for a machine is kept. Machines that
/// share a home have files of their own.
///
/// @param folder of jmoco in the user's cache
public record TunedBlocking(Path folder, String machine) {
    /// The file for this processor, this width of vectors and this Java.
    public static TunedBlocking ofThisMachine() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        Processor p = Processor.ofThisMachine();
        return new TunedBlocking(
                base.resolve("jmoco"),
                p.model() + ", second cache level " + p.secondLevelCache() + ", " + VectorSupport.describe() + ", Java "
                        + Runtime.version().feature());
    }

    /// Where it is kept.
    public Path file() {
        CRC32 name = new CRC32();
        name.update(machine.getBytes(StandardCharsets.UTF_8));
        return folder.resolve("blocking-%08x.properties".formatted(name.getValue()));
    }

    /// What is kept; empty if nothing is, or nothing that makes sense: then speed is all that is lost.
    public Optional<Blocking> read() {
        try {
            Properties p = new Properties();
            p.load(new StringReader(Files.readString(file())));
            return machine.equals(p.getProperty("machine"))
                    ? Optional.of(new Blocking(number(p, "rows"), number(p, "windows"), number(p, "tiles")))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int number(Properties p, String name) {
        return Integer.parseInt(p.getProperty(name, ""));
    }

    /// Keeps none.
    public void delete() throws IOException {
        Files.deleteIfExists(file());
    }

    /// Keeps a choice.
    ///
    /// @throws IOException if the file cannot be written; then the one before is still there
    public void write(Blocking b) throws IOException {
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "blocking", ".part");
        try {
            Files.writeString(
                    part,
                    "machine=" + machine + "\nrows=" + b.rows() + "\nwindows=" + b.windows() + "\ntiles=" + b.tiles()
                            + "\n");
            Files.move(part, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
