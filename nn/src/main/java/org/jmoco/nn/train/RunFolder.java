package org.jmoco.nn.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jmoco.tensor.io.AtomicFile;

/// The folder of one run: `config.yaml`, `metrics.jsonl`, `checkpoints/`, `final.safetensors`. A file `stop`
/// that someone makes there has the run save and stop. While it is open no other run can write there; the lock
/// goes with the process, however that ends.
public final class RunFolder implements AutoCloseable {
    private static final String METRICS = "metrics.jsonl";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String FINAL = "final.safetensors";
    private static final String STOP = "stop";

    private final Path path;
    private final Path stop;
    private final Optional<Lock> lock;

    private record Lock(FileChannel channel, FileLock lock) {}

    private RunFolder(Path path, Path stop, Optional<Lock> lock) {
        this.path = path;
        this.stop = stop;
        this.lock = lock;
    }

    /// Opens a folder, creating it if needed.
    ///
    /// @throws RunException if another run writes there, or if it cannot be written
    public static RunFolder open(Path path) {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new RunException("another run is writing to " + path + "; wait for it or choose another --out");
            }
            RunFolder folder = new RunFolder(path, path.resolve(STOP), Optional.of(new Lock(channel, lock)));
            folder.deleteUnfinished();
            Files.deleteIfExists(folder.stop); // was meant for the run before
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

    /// The folder of a part of this run, which the same lock guards.
    ///
    /// @throws RunException if it cannot be written
    RunFolder part(String name) {
        RunFolder part = new RunFolder(path.resolve(name), stop, Optional.empty());
        try {
            Files.createDirectories(part.path);
            part.deleteUnfinished();
            return part;
        } catch (IOException e) {
            throw new RunException("the folder " + part.path + " cannot be written: " + RunException.reason(e), e);
        }
    }

    /// A run that was killed while it wrote leaves a temporary file of [AtomicFile] behind, as large as a
    /// checkpoint.
    private void deleteUnfinished() throws IOException {
        for (Path folder : List.of(path, checkpoints())) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp")) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
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

    /// Whether there is anything that a new run would write over. A run that failed before its first step left
    /// nothing.
    ///
    /// @param works names of files that a run of this kind leaves besides the usual ones, and of folders in which
    ///     its parts lie
    boolean holdsRun(String... works) {
        return isSaved(works)
                || isWritten(metrics())
                || Files.exists(finalWeights())
                || Stream.of(works).anyMatch(name -> holds(path.resolve(name), METRICS));
    }

    /// Whether there is anything that a run can go on from: a checkpoint, a file of its works, a state or an
    /// outcome of a part.
    ///
    /// @param works as of [#holdsRun]
    boolean isSaved(String... works) {
        return !new Checkpoints(checkpoints(), 1).list().isEmpty()
                || Stream.of(works)
                        .map(path::resolve)
                        .anyMatch(work -> Files.isRegularFile(work) || holds(work, ".safetensors"));
    }

    /// Whether a folder, or one in it, holds a file that is not empty and whose name ends like this.
    private static boolean holds(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.anyMatch(file -> file.toString().endsWith(ending) && isWritten(file));
        } catch (IOException e) {
            throw new RunException("the folder " + folder + " cannot be read: " + RunException.reason(e), e);
        } catch (UncheckedIOException e) {
            throw new RunException("the folder " + folder + " cannot be read: " + RunException.reason(e.getCause()), e);
        }
    }

    private static boolean isWritten(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    public Path path() {
        return path;
    }

    /// Whether someone has made a file `stop`: a wish that reaches a run whichever launcher it has and whatever
    /// becomes of signals there.
    boolean hasStopFile() {
        return Files.exists(stop);
    }

    public Path metrics() {
        return path.resolve(METRICS);
    }

    public Path checkpoints() {
        return path.resolve(CHECKPOINTS);
    }

    public Path finalWeights() {
        return finalWeights(path);
    }

    /// Where a run in a folder leaves what it is for.
    public static Path finalWeights(Path folder) {
        return folder.resolve(FINAL);
    }

    public Path config() {
        return path.resolve("config.yaml");
    }

    /// What the run is of.
    Path identity() {
        return path.resolve("identity.json");
    }

    /// TensorBoard's event files.
    Path events() {
        return path.resolve("tensorboard");
    }

    /// Stores the effective configuration.
    public void writeConfig(String yaml) {
        write(config(), yaml);
    }

    /// Deletes the states of a training that is done.
    ///
    /// @throws RunException if one cannot be deleted
    public void deleteCheckpoints() {
        new Checkpoints(checkpoints(), 1).deleteAll();
    }

    static void write(Path file, String text) {
        AtomicFile.write(file, c -> AtomicFile.append(c, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void close() {
        if (lock.isEmpty()) {
            return;
        }
        try {
            lock.get().lock().release();
        } catch (IOException e) {
            throw new RunException("the lock of " + path + " cannot be released: " + RunException.reason(e), e);
        } finally {
            close(lock.get().channel());
        }
    }
}
