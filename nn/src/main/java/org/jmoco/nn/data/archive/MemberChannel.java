package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jmoco.nn.data.DataException;

/// The bytes of one file in an archive.
final class MemberChannel implements SeekableByteChannel {
    private final Archive archive;
    private final int number;
    private long position;
    private boolean closed;

    MemberChannel(Archive archive, int number) {
        this.archive = archive;
        this.number = number;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        requireOpen();
        long left = size() - position;
        if (left <= 0) {
            return to.hasRemaining() ? -1 : 0;
        }
        int limit = to.limit();
        to.limit((int) Math.min(limit, to.position() + left));
        int count;
        try {
            count = archive.read(to, archive.index().offsets()[number] + position);
        } finally {
            to.limit(limit);
        }
        if (count < 0) {
            throw new DataException(archive.file() + ": changed while it was in use; start again when it is complete");
        }
        position += count;
        return count;
    }

    @Override
    public long size() {
        return archive.index().lengths()[number];
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
        requireOpen();
        if (to < 0) {
            throw new IllegalArgumentException("a position of " + to);
        }
        position = to;
        return this;
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }
}
