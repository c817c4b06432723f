package org.jmoco.tensor.io;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Writes a large npy file row by row in one pass; an interrupted file can be resumed.
///
/// The number of rows stands in the header, which [#flush()] rewrites in place once the rows are on
/// disk. A killed process leaves the file as of its last flush, perhaps with rows after it:
/// [Npy#read] refuses those, [#resume] cuts them off.
public final class NpyWriter implements Closeable {
    private final Path file;
    private final FileChannel channel;
    private final ElementType type;
    private final long[] rowShape;
    private final long rowBytes;
    private long rows;

    private NpyWriter(Path file, ElementType type, long[] rowShape, OpenOption... options) {
        this.file = file;
        this.type = type;
        this.rowShape = rowShape.clone();
        this.rowBytes = ArrayData.byteSize(type, rowShape);
        try {
            this.channel = FileChannel.open(file, options);
        } catch (IOException e) {
            throw MappedFile.failed("write", file, e);
        }
    }

    /// Starts a file of shape `[0, rowShape...]`, replacing one that is there.
    ///
    /// @throws IllegalArgumentException for BF16, which npy does not know
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static NpyWriter create(Path file, ElementType type, long... rowShape) {
        byte[] header = NpyHeader.format(type, withRows(0, rowShape));
        NpyWriter writer = new NpyWriter(
                file,
                type,
                rowShape,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        writer.append(MemorySegment.ofArray(header), 0);
        writer.flush();
        return writer;
    }

    /// Goes on with a file that this class began, after its last flushed row.
    ///
    /// @throws FormatException if the file is not such a file, or holds another element type or row
    ///   shape
    /// @throws java.io.UncheckedIOException if the file cannot be read or written
    public static NpyWriter resume(Path file, ElementType type, long... rowShape) {
        NpyWriter writer = new NpyWriter(file, type, rowShape, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            writer.cutToLastFlush();
            return writer;
        } catch (RuntimeException e) {
            writer.closeAfter(e);
            throw e;
        } catch (IOException e) {
            writer.closeAfter(e);
            throw MappedFile.failed("resume", file, e);
        }
    }

    private void cutToLastFlush() throws IOException {
        NpyHeader header;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            header = NpyHeader.parse(file.toString(), bytes);
        }
        long[] shape = header.shape();
        if (header.type() != type
                || header.unsigned()
                || shape.length == 0
                || !Arrays.equals(shape, withRows(shape[0], rowShape))
                || header.fortranOrder()
                || header.bigEndian()
                || header.bytes() != NpyHeader.format(type, shape).length) {
            throw new FormatException(
                    file.toString(),
                    "holds "
                            + header.type()
                            + Arrays.toString(shape)
                            + ", cannot go on with rows "
                            + type
                            + Arrays.toString(rowShape));
        }
        if (rowBytes > 0 && shape[0] > (channel.size() - header.bytes()) / rowBytes) {
            throw new FormatException(file.toString(), "claims " + shape[0] + " rows but is shorter than that");
        }
        rows = shape[0];
        channel.truncate(header.bytes() + rows * rowBytes);
        channel.position(channel.size());
    }

    /// The rows appended so far, those of the resumed file included.
    public long rows() {
        return rows;
    }

    /// Appends whole rows of little-endian elements.
    ///
    /// @throws IllegalArgumentException if the bytes are not a whole number of rows
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public void append(MemorySegment elements) {
        if (rowBytes == 0 || elements.byteSize() % rowBytes != 0) {
            throw new IllegalArgumentException(
                    elements.byteSize() + " bytes are not whole rows " + type + Arrays.toString(rowShape));
        }
        append(elements, elements.byteSize() / rowBytes);
    }

    /// Appends whole rows to an F32 file.
    ///
    /// @throws IllegalArgumentException if the file has another type or these are not whole rows
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public void append(float[] elements) {
        if (type != ElementType.F32) {
            throw new IllegalArgumentException(file + " holds " + type + ", not floats");
        }
        append(ArrayData.ofFloats(elements).payload());
    }

    private void append(MemorySegment bytes, long newRows) {
        try {
            long start = channel.position();
            try {
                AtomicFile.append(channel, bytes);
            } catch (IOException e) {
                channel.truncate(start); // a full disk must not leave half a row
                throw e;
            }
            rows += newRows;
        } catch (IOException e) {
            throw MappedFile.failed("write", file, e);
        }
    }

    /// Makes all rows so far part of the file, safe against a crash.
    ///
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public void flush() {
        ByteBuffer header = ByteBuffer.wrap(NpyHeader.format(type, withRows(rows, rowShape)));
        try {
            channel.force(false);
            while (header.hasRemaining()) {
                channel.write(header, header.position());
            }
            channel.force(true);
        } catch (IOException e) {
            throw MappedFile.failed("write", file, e);
        }
    }

    /// Flushes and closes.
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            flush();
        } catch (IOException e) {
            throw MappedFile.failed("write", file, e);
        }
    }

    private void closeAfter(Exception reason) {
        try {
            channel.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static long[] withRows(long rows, long[] rowShape) {
        long[] shape = new long[rowShape.length + 1];
        shape[0] = rows;
        System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
        return shape;
    }
}
