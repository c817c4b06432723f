package org.jmoco.nn.data.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes of known number, read anywhere; by many threads at once.
interface Bytes {
    long size();

    /// Reads some bytes from a position on.
    ///
    /// @return how many; −1 at the end
    int read(ByteBuffer to, long position) throws IOException;

    /// Reads so many bytes.
    ///
    /// @throws EOFException if there are fewer
    default byte[] read(long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("it ends too early");
            }
        }
        return bytes.array();
    }

    /// Bytes in memory.
    static Bytes of(byte[] all) {
        return new Bytes() {
            @Override
            public long size() {
                return all.length;
            }

            @Override
            public int read(ByteBuffer to, long position) {
                int count = (int) Math.min(to.remaining(), all.length - position);
                if (count <= 0) {
                    return to.hasRemaining() ? -1 : 0;
                }
                to.put(Arrays.copyOfRange(all, (int) position, (int) position + count));
                return count;
            }
        };
    }
}
