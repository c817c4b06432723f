package org.jmoco.nn.data.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;

/// A tar archive with its index. Whenever a file in it is opened, the archive must be the one that was indexed: of
/// the same length and time, with the file's header where the index has it.
final class Archive implements Bytes {
    /// What tells whether an archive changed.
    ///
    /// @param size in bytes   @param modified in nanoseconds since 1970
    record State(long size, long modified) {
        static State of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new DataException(file + ": is no file");
            }
            return new State(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        }
    }

    private static final AtomicInteger READ_WHOLE = new AtomicInteger();

    private final Path file;
    private final State state;
    private final TarIndex index;

    private Archive(Path file, LongLook look) throws IOException {
        this.file = file;
        // A file of the same name may have been open before.
        OpenFiles.close(file);
        state = State.of(file);
        TarIndex kept = IndexFile.read(file, state).orElse(null);
        if (kept == null) {
            READ_WHOLE.incrementAndGet();
            kept = TarReader.read(this, file.toString(), look);
            requireUnchanged();
            IndexFile.keep(file, state, kept);
        }
        index = kept;
    }

    /// Opens an archive.
    ///
    /// @param look that it is part of
    /// @throws DataException in one line, if it is missing or refused, see [TarReader]
    static Archive open(Path file, LongLook look) {
        try {
            return new Archive(file, look);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    /// How many archives were read without an index so far.
    static int readWhole() {
        return READ_WHOLE.get();
    }

    Path file() {
        return file;
    }

    TarIndex index() {
        return index;
    }

    /// Whether the file is still what was opened.
    boolean isCurrent() {
        try {
            return State.of(file).equals(state);
        } catch (IOException | DataException e) {
            return false;
        }
    }

    /// Looks whether a file of the archive is still where the index has it.
    ///
    /// @throws DataException if it is not
    /// @throws IOException if it cannot be read, or the thread is asked to stop
    void requireInPlace(int number) throws IOException {
        requireUnchanged();
        try {
            byte[] block = read(index.offsets()[number] - TarHeader.BLOCK, TarHeader.BLOCK);
            if (new TarHeader(block).sum() == index.headers()[number]) {
                return;
            }
        } catch (EOFException e) {
            // It is another archive.
        }
        throw new DataException(file + ": does not have " + index.names()[number]
                + " where its index says: one of them was replaced; delete " + file + IndexFile.SUFFIX);
    }

    private void requireUnchanged() {
        if (!isCurrent()) {
            OpenFiles.close(file);
            throw new DataException(file + ": changed while it was in use; start again when it is complete");
        }
    }

    @Override
    public long size() {
        return state.size();
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        return OpenFiles.read(file, to, position);
    }
}
