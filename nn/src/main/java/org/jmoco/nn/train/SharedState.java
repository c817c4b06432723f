package org.jmoco.nn.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.processes.Agreement;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.io.ArrayData;

/// The state of a run on all its processes. Process 0 alone reads and writes checkpoints: the others need no
/// disk in common with it.
final class SharedState {
    private static final long CHUNK = 1L << 30;

    private SharedState() {}

    /// The newest state that process 0 has. Collective.
    ///
    /// @param checkpoints of process 0
    static Optional<Checkpoints.State> latest(Processes processes, Optional<Checkpoints> checkpoints) {
        Optional<Checkpoints.State> own = checkpoints.flatMap(Checkpoints::latest);
        if (processes.count() == 1) {
            return own;
        }
        processes.phase("reading the checkpoint");
        MemorySegment file =
                own.isPresent() ? map(checkpoints.orElseThrow().list().getLast()) : MemorySegment.NULL;
        MemorySegment size = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
        size.set(ValueLayout.JAVA_LONG, 0, file.byteSize());
        processes.broadcast(size, 0);
        long bytes = size.get(ValueLayout.JAVA_LONG, 0);
        if (bytes == 0) {
            return Optional.empty();
        }
        MemorySegment whole = processes.number() == 0 ? file : Arena.ofAuto().allocate(bytes, Long.BYTES);
        for (long at = 0; at < bytes; at += CHUNK) {
            processes.broadcast(whole.asSlice(at, Math.min(CHUNK, bytes - at)), 0);
        }
        return processes.number() == 0 ? own : Optional.of(Checkpoints.parse("the checkpoint of process 0", whole));
    }

    private static MemorySegment map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + RunException.reason(e), e);
        }
    }

    /// Compares the states that are about to be saved: a process that has computed something else is not hidden
    /// behind the file of process 0. Collective.
    ///
    /// @throws org.jmoco.nn.processes.ProcessesException on all processes, naming one that differs
    static void requireSame(Processes processes, long step, Map<String, ArrayData> arrays) {
        if (processes.count() > 1) {
            processes.phase("step " + step + ", checkpoint");
            Agreement.require(processes, Map.of("state after step " + step, Checkpoints.checksum(arrays)));
        }
    }
}
