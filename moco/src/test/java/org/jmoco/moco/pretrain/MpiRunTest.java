package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.processes.mpi.Mpirun;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole runs of real processes under the launchers of Open MPI and MPICH, each skipped where it is not
/// installed: the bytes of a run of one process.
@EnabledOnOs(OS.LINUX)
class MpiRunTest {
    private static final List<byte[]> EXPECTED = new ArrayList<>();

    @TempDir
    static Path alone;

    @TempDir
    Path temp;

    @BeforeAll
    static void runAlone() throws IOException {
        try (Device device = Device.jvm(2)) {
            for (int variant = 0; variant < MpiRun.VARIANTS.size(); variant++) {
                EXPECTED.add(TinyRun.weights(
                        Pretraining.run(MpiRun.config(variant), TinyRun.into(alone.resolve("run" + variant), device))));
            }
        }
    }

    /// Each library runs two of the three variants.
    @ParameterizedTest
    @CsvSource({"OPEN_MPI, 2, 1, 0", "MPICH, 4, 2, 1"})
    void writesTheBytesOfOneProcess(Mpirun mpirun, int processes, int threads, int first) throws Exception {
        Mpirun.Result result = mpirun.run(
                processes,
                List.of(),
                List.of(),
                MpiRun.class.getName(),
                temp.toString(),
                Integer.toString(threads),
                Integer.toString(first));
        assertEquals(0, result.code(), result.toString());
        for (int variant = first; variant < first + 2; variant++) {
            assertArrayEquals(
                    EXPECTED.get(variant),
                    Files.readAllBytes(temp.resolve("run" + variant).resolve("final.safetensors")),
                    MpiRun.VARIANTS.get(variant).toString());
        }
    }
}
