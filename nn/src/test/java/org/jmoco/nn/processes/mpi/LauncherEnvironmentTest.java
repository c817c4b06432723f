package org.jmoco.nn.processes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.mpi.LauncherEnvironment.Family;
import org.junit.jupiter.api.Test;

class LauncherEnvironmentTest {
    private static LauncherEnvironment of(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin"));
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return LauncherEnvironment.of(environment).orElseThrow();
    }

    @Test
    void eachLauncherIsKnownByItsVariables() {
        assertEquals(
                new LauncherEnvironment("mpirun of Open MPI", 3, 1, 4, Family.OPEN_MPI),
                of("OMPI_COMM_WORLD_RANK=3", "OMPI_COMM_WORLD_LOCAL_RANK=1", "OMPI_COMM_WORLD_SIZE=4"));
        assertEquals(
                new LauncherEnvironment("mpirun of MPICH", 0, 0, 2, Family.MPICH),
                of("PMI_RANK=0", "PMI_SIZE=2", "MPI_LOCALRANKID=0", "HYDI_CONTROL_FD=7"));
        assertEquals(
                new LauncherEnvironment("a launcher with PMI", 1, 0, 2, Family.MPICH), of("PMI_RANK=1", "PMI_SIZE=2"));
        String[] slurm = {"SLURM_PROCID=5", "SLURM_LOCALID=1", "SLURM_STEP_NUM_TASKS=8"};
        assertEquals(new LauncherEnvironment("srun", 5, 1, 8, Family.OPEN_MPI), of(slurm));
        assertEquals(
                new LauncherEnvironment("srun", 5, 1, 8, Family.MPICH),
                of(slurm[0], slurm[1], slurm[2], "PMI_RANK=5", "PMI_SIZE=8"));
    }

    /// Open MPI's mpirun starts its daemons by srun, one a machine; what they start inherits their variables.
    @Test
    void mpirunUnderSlurmIsMpirun() {
        assertEquals(
                new LauncherEnvironment("mpirun of Open MPI", 3, 3, 4, Family.OPEN_MPI),
                of(
                        "OMPI_COMM_WORLD_RANK=3",
                        "OMPI_COMM_WORLD_LOCAL_RANK=3",
                        "OMPI_COMM_WORLD_SIZE=4",
                        "SLURM_PROCID=0",
                        "SLURM_STEP_NUM_TASKS=1"));
    }

    @Test
    void withoutALauncherThereIsNone() {
        assertEquals(Optional.empty(), LauncherEnvironment.of(Map.of("PATH", "/bin", "SLURM_PROCID", "0")));
        assertEquals(
                "PMI_SIZE=many in the environment is no number",
                assertThrows(ProcessesException.class, () -> of("PMI_RANK=0", "PMI_SIZE=many"))
                        .getMessage());
    }
}
