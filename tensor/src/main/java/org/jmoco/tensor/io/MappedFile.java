package org.jmoco.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Whole files as read-only memory. The map costs address space, not heap, and lasts while
/// something refers to it; the file handle is closed at once. Replace a mapped file by renaming
/// over it ([AtomicFile] does), never by truncating it.
public final class MappedFile {
    private MappedFile() {}

    /// Maps a file.
    ///
    /// @throws UncheckedIOException if it cannot be opened or is not a regular file
    public static MemorySegment read(Path file) {
        if (Files.isDirectory(file)) {
            throw failed("read", file, new IOException("it is a folder"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    /// An exception whose message says what could not be done to which file, and why.
    public static UncheckedIOException failed(String verb, Path file, IOException e) {
        String reason = switch (e) {
            case NoSuchFileException missing -> "no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return new UncheckedIOException("cannot " + verb + " " + file + ": " + reason, e);
    }
}
