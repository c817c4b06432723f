package org.jmoco.nn.train;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jmoco.tensor.io.AtomicFile;

/// The folder of one run: `config.yaml`, `metrics.jsonl`, `checkpoints/`, `final.safetensors`. While it is open no
/// other run can write there; the lock goes with the process, however that ends.
public final class RunFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private RunFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /// Opens a folder, creating it if needed.
    ///
    /// @param resume whether a run that is already there may be continued
    /// @throws RunException if another run writes there, if it holds a run and `resume` is off, or if it cannot be
    ///     written
    public static RunFolder open(Path path, boolean resume) {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new RunException("another run is writing to " + path + "; wait for it or choose another --out");
            }
            RunFolder folder = new RunFolder(path, channel, lock);
            deleteUnfinished(path);
            deleteUnfinished(folder.checkpoints());
            if (!resume
                    && (Files.exists(folder.metrics())
                            || Files.exists(folder.finalWeights())
                            || Files.isDirectory(folder.checkpoints()))) {
                throw new RunException(
                        path + " already holds a run; continue it with --resume, or choose another --out");
            }
            return folder;
        } catch (OverlappingFileLockException e) {
            close(channel);
            throw new RunException("another run is writing to " + path + "; wait for it or choose another --out", e);
        } catch (RunException e) {
            close(channel);
            throw e;
        } catch (IOException e) {
            close(channel);
            throw new RunException(
                    "the run's folder " + path + " cannot be written: " + RunException.reason(e)
                            + "; choose another --out",
                    e);
        }
    }

    /// A run that was killed while it wrote leaves a temporary file of [AtomicFile] behind, as large as a checkpoint.
    private static void deleteUnfinished(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp")) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new RunException("closing the lock file failed: " + RunException.reason(e), e);
        }
    }

    public Path path() {
        return path;
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    public Path finalWeights() {
        return path.resolve("final.safetensors");
    }

    public Path config() {
        return path.resolve("config.yaml");
    }

    /// Stores the effective configuration.
    public void writeConfig(String yaml) {
        AtomicFile.write(
                config(), c -> AtomicFile.append(c, MemorySegment.ofArray(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void close() {
        try {
            lock.release();
        } catch (IOException e) {
            throw new RunException("the lock of " + path + " cannot be released: " + RunException.reason(e), e);
        } finally {
            close(channel);
        }
    }
}
