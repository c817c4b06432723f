package org.jmoco.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a file so that a reader, or a run resumed after a crash, sees either the old content or
/// the whole new one: temporary file in the same folder, fsync, rename, fsync of the folder.
///
/// A killed process can leave the temporary file `.NAME.PID-N.tmp` behind; it is never read.
public final class AtomicFile {
    private static final long CHUNK = 1 << 24;
    private static final AtomicLong SERIAL = new AtomicLong();

    private AtomicFile() {}

    /// Fills the temporary file, from position 0.
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /// Replaces `target`, creating missing folders above it. When this throws, `target` is
    /// untouched and the temporary file is gone.
    ///
    /// @throws UncheckedIOException if the disk is full, the folder not writable, …
    public static void write(Path target, Content content) {
        Path folder = target.toAbsolutePath().getParent();
        String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-";
        Path temporary = folder.resolve(name + SERIAL.getAndIncrement() + ".tmp");
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(folder);
        } catch (IOException e) {
            delete(temporary, e);
            throw MappedFile.failed("write", target, e);
        } catch (RuntimeException | Error e) {
            delete(temporary, e);
            throw e;
        }
    }

    /// Looks whether [#write] would find a place for a file, before hours are spent on what goes there. Writes nothing.
    ///
    /// @throws UncheckedIOException if a folder above it is a file or may not be written to
    public static void requirePlace(Path target) {
        Path above = target.toAbsolutePath().getParent();
        while (above != null && Files.notExists(above)) {
            above = above.getParent();
        }
        if (above != null && !Files.isDirectory(above)) {
            throw MappedFile.failed("write", target, new NotDirectoryException(above + " is not a folder"));
        }
        if (above != null && !Files.isWritable(above)) {
            throw MappedFile.failed("write", target, new AccessDeniedException(above.toString()));
        }
    }

    /// Writes all bytes of a segment at the channel's position.
    public static void append(FileChannel channel, MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); ) {
            long length = Math.min(CHUNK, bytes.byteSize() - at);
            ByteBuffer chunk = buffer(bytes.asSlice(at, length));
            while (chunk.hasRemaining()) {
                at += channel.write(chunk);
            }
        }
    }

    /// A segment over an array of anything but bytes is no buffer; its bytes are copied.
    private static ByteBuffer buffer(MemorySegment bytes) {
        if (bytes.isNative() || bytes.heapBase().orElse(null) instanceof byte[]) {
            return bytes.asByteBuffer();
        }
        ByteBuffer copy = ByteBuffer.allocate((int) bytes.byteSize());
        MemorySegment.ofBuffer(copy).copyFrom(bytes);
        return copy;
    }

    private static void delete(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /// Without this the rename itself can be lost in a power cut. Opening a folder works on POSIX
    /// only.
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
