package org.jmoco.nn.processes.mpi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.processes.ProcessesException;

/// What a launcher tells the processes that it starts, by environment variables.
///
/// @param launcher its name, for messages
/// @param number   of this process
/// @param local    number of this process among those of its machine
/// @param count    how many it has started
/// @param family   the libraries that fit it
record LauncherEnvironment(String launcher, int number, int local, int count, Family family) {
    /// Kinds of MPI: a library works with the launchers of its own kind.
    enum Family {
        OPEN_MPI("Open MPI", "openmpi-bin", List.of("libmpi.so.40", "libmpi_abi.so.1", "libmpi.so")),
        MPICH(
                "MPICH",
                "mpich",
                List.of("libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so"));

        private final String title;
        private final String debianPackage;
        private final List<String> files;

        Family(String title, String debianPackage, List<String> files) {
            this.title = title;
            this.debianPackage = debianPackage;
            this.files = files;
        }

        String title() {
            return title;
        }

        String debianPackage() {
            return debianPackage;
        }

        /// Names of the library, the likeliest first.
        List<String> files() {
            return files;
        }
    }

    /// A launcher's variables: those for its numbers, and one more that must be there.
    private record Kind(String launcher, Family family, String number, String local, String count, String sign) {
        boolean fits(Map<String, String> environment) {
            return environment.containsKey(number) && environment.containsKey(count) && environment.containsKey(sign);
        }
    }

    /// The first one that fits counts: mpirun under Slurm starts its daemons with srun, so that its processes have the
    /// variables of both.
    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "mpirun of Open MPI",
                    Family.OPEN_MPI,
                    "OMPI_COMM_WORLD_RANK",
                    "OMPI_COMM_WORLD_LOCAL_RANK",
                    "OMPI_COMM_WORLD_SIZE",
                    "OMPI_COMM_WORLD_RANK"),
            new Kind("mpirun of MPICH", Family.MPICH, "PMI_RANK", "MPI_LOCALRANKID", "PMI_SIZE", "HYDI_CONTROL_FD"),
            new Kind("srun", Family.MPICH, "PMI_RANK", "SLURM_LOCALID", "PMI_SIZE", "SLURM_PROCID"),
            new Kind("a launcher with PMI", Family.MPICH, "PMI_RANK", "MPI_LOCALRANKID", "PMI_SIZE", "PMI_RANK"),
            new Kind("srun", Family.OPEN_MPI, "SLURM_PROCID", "SLURM_LOCALID", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"));

    /// The launcher that has started this program, if one has.
    static Optional<LauncherEnvironment> of(Map<String, String> environment) {
        return KINDS.stream().filter(kind -> kind.fits(environment)).findFirst().map(kind -> {
            return new LauncherEnvironment(
                    kind.launcher(),
                    number(environment, kind.number()),
                    environment.containsKey(kind.local()) ? number(environment, kind.local()) : 0,
                    number(environment, kind.count()),
                    kind.family());
        });
    }

    private static int number(Map<String, String> environment, String variable) {
        try {
            return Integer.parseInt(environment.get(variable).strip());
        } catch (NumberFormatException e) {
            throw new ProcessesException(
                    variable + "=" + environment.get(variable) + " in the environment is no number");
        }
    }
}
