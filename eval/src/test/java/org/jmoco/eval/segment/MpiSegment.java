package org.jmoco.eval.segment;

import java.nio.file.Path;
import java.time.Duration;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.mpi.MpiProcesses;

/// What [MpiSegmentTest] starts under a launcher.
public final class MpiSegment {
    private MpiSegment() {}

    /// @param args the run's folder, images at once, ranks
    public static void main(String[] args) {
        Processes processes = MpiProcesses.join(Duration.ofMinutes(10));
        try {
            SharedSegmentTest.run(
                    Path.of(args[0]),
                    SharedSegmentTest.config(Integer.parseInt(args[1]), Integer.parseInt(args[2])),
                    processes,
                    () -> false);
            processes.leave();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            processes.abort(1);
        }
    }
}
