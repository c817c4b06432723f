package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Files that are open for reading: those used last, as systems grant a process some thousand at most and data
/// sets have as many shards.
final class OpenFiles {
    private static final int MOST = 256;
    private static final Map<Path, FileChannel> OPEN = new LinkedHashMap<>(16, 0.75f, true);

    private OpenFiles() {}

    /// Reads from a position of a file, as [FileChannel#read(ByteBuffer, long)].
    static int read(Path file, ByteBuffer to, long position) throws IOException {
        while (true) {
            try {
                return channel(file).read(to, position);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (AsynchronousCloseException e) {
                // Another thread was interrupted while it read, or the file was closed in favour of others.
                forget(file);
            } catch (ClosedChannelException e) {
                forget(file);
            }
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        synchronized (OPEN) {
            FileChannel known = OPEN.get(file);
            if (known != null && known.isOpen()) {
                return known;
            }
            while (OPEN.size() >= MOST) {
                close(OPEN.keySet().iterator().next());
            }
            FileChannel opened = FileChannel.open(file);
            OPEN.put(file, opened);
            return opened;
        }
    }

    private static void forget(Path file) {
        synchronized (OPEN) {
            FileChannel known = OPEN.get(file);
            if (known != null && !known.isOpen()) {
                OPEN.remove(file);
            }
        }
    }

    /// Closes a file, so that it is opened anew when it is next read.
    static void close(Path file) {
        synchronized (OPEN) {
            FileChannel known = OPEN.remove(file);
            if (known != null) {
                try {
                    known.close();
                } catch (IOException e) {
                    System.getLogger(OpenFiles.class.getName())
                            .log(System.Logger.Level.DEBUG, () -> file + " is not closed: " + e);
                }
            }
        }
    }
}
