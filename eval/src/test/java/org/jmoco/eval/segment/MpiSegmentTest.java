package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.mpi.Mpirun;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Segmentation by real processes under the launchers of Open MPI and MPICH, each skipped where it is not
/// installed: weights and result have the bytes of one process.
@EnabledOnOs(OS.LINUX)
class MpiSegmentTest {
    @TempDir
    private Path folder;

    /// The whole batch on two ranks; two halves of it on four.
    @ParameterizedTest
    @CsvSource({"OPEN_MPI, 2, 8, 2", "MPICH, 4, 4, 4"})
    void writesTheBytesOfOneProcess(Mpirun mpirun, int processes, int atOnce, int ranks) throws Exception {
        mpirun.needed();
        Path shared = folder.resolve("shared");
        Mpirun.Result result = mpirun.run(
                processes,
                List.of(),
                List.of(),
                MpiSegment.class.getName(),
                shared.toString(),
                Integer.toString(atOnce),
                Integer.toString(ranks));
        assertEquals(0, result.code(), result.toString());
        Path alone = folder.resolve("alone");
        SharedSegmentTest.run(alone, SharedSegmentTest.config(atOnce, ranks), new Alone("here"), () -> false);
        SharedSegmentTest.assertSame(alone, shared);
    }
}
