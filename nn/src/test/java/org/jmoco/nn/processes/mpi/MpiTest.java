package org.jmoco.nn.processes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real processes under the launchers of Open MPI and MPICH, each skipped where it is not installed.
@EnabledOnOs(OS.LINUX)
class MpiTest {
    private static final String PROGRAM = MpiProgram.class.getName();

    /// Implicit null checks in each process; `-Djmoco.nulls=1000000` for a long test.
    private static final String NULLS = Integer.toString(Integer.getInteger("jmoco.nulls", 20_000));

    /// Every call, sums with the bits of one process, handlers of signals as they were, and nulls caught by them.
    @ParameterizedTest
    @EnumSource
    void doesWhatThreadsDo(Mpirun mpirun) throws Exception {
        List<String> ucx = mpirun == Mpirun.MPICH
                ? List.of()
                : List.of(
                        "--mca",
                        "pml",
                        "ucx",
                        "--mca",
                        "opal_common_ucx_tls",
                        "any",
                        "--mca",
                        "opal_common_ucx_devices",
                        "any");
        Mpirun.Result result = mpirun.run(3, ucx, List.of(), PROGRAM, "calls", NULLS);
        assertEquals(0, result.code(), result.toString());
        assertEquals(
                IntStream.range(0, 3)
                        .mapToObj(p -> "process " + p + " of 3 is content, with UCX")
                        .toList(),
                result.output().stream().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource
    void whoDoesNotComeIsNamed(Mpirun mpirun) throws Exception {
        Mpirun.Result result = mpirun.run(3, List.of(), List.of(), PROGRAM, "sleeper", "3");
        assertEquals(1, result.lines("program: ").size(), result.toString());
        assertTrue(
                result.lines("program: ")
                        .getFirst()
                        .matches("program: process 1 on \\S+ \\(last seen at the first call\\) did not come to "
                                + "step 3, gradients within 3 s: .*"),
                result.toString());
        assertEquals(7, result.code(), result.toString());
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsKilledLeavesNobodyBehind(Mpirun mpirun) throws Exception {
        assertNotEquals(
                0, mpirun.run(2, List.of(), List.of(), PROGRAM, "killed", "60").code());
    }

    @ParameterizedTest
    @EnumSource
    void aLibraryOfAnotherLauncherIsRefused(Mpirun mpirun) throws Exception {
        Mpirun other = mpirun == Mpirun.MPICH ? Mpirun.OPEN_MPI : Mpirun.MPICH;
        other.needed();
        String file = mpirun == Mpirun.MPICH ? "libmpi.so.40" : "libmpich.so.12";
        Mpirun.Result result = mpirun.run(2, List.of(), List.of("-Djmoco.mpi=" + file), PROGRAM, "calls", NULLS);
        assertEquals(1, result.lines("program: ").size(), result.toString());
        assertTrue(
                result.lines("program: ")
                        .getFirst()
                        .matches("program: mpirun of .* has started 2 processes, but .* \\(" + file
                                + "\\) sees 1: library and launcher do not belong together\\. .*"),
                result.toString());
        assertEquals(7, result.code(), result.toString());
    }

    @Test
    void aMissingLibraryIsNamed() throws Exception {
        Mpirun.Result result =
                Mpirun.MPICH.run(2, List.of(), List.of("-Djmoco.mpi=/nowhere/libmpi.so"), PROGRAM, "calls", NULLS);
        assertEquals(1, result.lines("program: ").size(), result.toString());
        assertTrue(
                result.lines("program: ")
                        .getFirst()
                        .startsWith("program: -Djmoco.mpi=/nowhere/libmpi.so is no library"),
                result.toString());
        assertEquals(7, result.code(), result.toString());
    }
}
