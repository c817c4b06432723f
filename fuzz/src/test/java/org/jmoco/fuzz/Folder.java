package org.jmoco.fuzz;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A folder for readers that take files by name. It lies in memory (the file system of a zip file keeps what is
/// written there until it is closed), so that writing costs little.
final class Folder {
    private final Path root;

    Folder() {
        try {
            Path zip = Files.createTempDirectory("fuzz").resolve("memory.zip");
            FileSystem memory = FileSystems.newFileSystem(zip, Map.of("create", "true"));
            root = Files.createDirectory(memory.getPath("/data"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Path root() {
        return root;
    }

    Path write(String name, byte[] bytes) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
