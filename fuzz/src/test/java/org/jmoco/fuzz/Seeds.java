package org.jmoco.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Valid files to begin with: the fixtures of the other modules.
final class Seeds {
    private Seeds() {}

    /// Files under the project's folder; those that end in `.gz` are unpacked.
    static Stream<byte[]> files(String folder, String... names) {
        return Arrays.stream(names)
                .map(name -> file(Path.of("..").resolve(folder).resolve(name)));
    }

    /// All files of a folder with an extension, sorted.
    static Stream<byte[]> all(String folder, String extension) {
        try (Stream<Path> files = Files.list(Path.of("..").resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(extension)).sorted().map(Seeds::file).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<byte[]> texts(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] file(Path path) {
        try (InputStream in = Files.newInputStream(path);
                InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return plain.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
