package org.jmoco.nn.processes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two machines and the cable between them, made of network namespaces by `nn/src/test/scripts/two-machines`: what
/// happens when the cable is thin, or pulled, or a launcher's daemon dies.
///
/// Takes root, and some time: `-Djmoco.machines=true`.
@EnabledIfSystemProperty(named = "jmoco.machines", matches = "true")
class TwoMachinesTest {
    private static final String SCRIPT =
            Path.of("src/test/scripts/two-machines").toAbsolutePath().toString();
    private static final long PATIENCE_SECONDS = 60;
    private static final String PROGRAM = MpiProgram.class.getName();

    /// 4 MB: 2 to and fro for the exchange, 2 for the gathering.
    private static final String FLOATS = "1000000";

    @BeforeEach
    void makeThem() throws Exception {
        script("down");
        Assumptions.assumeTrue(script("up").isEmpty(), "needs root and network namespaces");
    }

    @AfterEach
    void removeThem() throws Exception {
        script("down");
    }

    /// Runs the script.
    ///
    /// @return its output; nothing if all went well
    private static List<String> script(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(SCRIPT));
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile("two-machines", ".txt");
        int code = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        List<String> lines = new ArrayList<>(Files.readAllLines(output));
        Files.delete(output);
        if (code != 0) {
            lines.add("exit code " + code);
        }
        return lines;
    }

    private static Mpirun.Running start(Mpirun mpirun, String... program) throws Exception {
        String both =
                script("address", "a").getFirst() + "," + script("address", "b").getFirst();
        List<String> options = mpirun == Mpirun.OPEN_MPI
                ? List.of("--mca", "plm_rsh_agent", SCRIPT, "--host", both)
                // UCX sees that the two machines are one, and would go through its memory
                : List.of("-launcher", "ssh", "-launcher-exec", SCRIPT, "-hosts", both, "-genv", "UCX_TLS", "tcp,self");
        return mpirun.start(List.of(SCRIPT, "on", "a"), 2, options, List.of(), program);
    }

    /// Commands of the processes on a machine that are Java programs.
    private static List<String> programs(String machine) throws Exception {
        List<String> found = new ArrayList<>();
        for (String pid : script("pids", machine)) {
            ProcessHandle.of(Long.parseLong(pid.strip()))
                    .flatMap(p -> p.info().command())
                    .filter(command -> command.endsWith("java"))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static void nobodyIsLeft(Mpirun.Running running) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!programs("a").isEmpty() || !programs("b").isEmpty()) {
            assertTrue(System.nanoTime() < deadline, () -> "programs are left");
            running.process().waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThinCableMakesItSlowerAndNothingElse(Mpirun mpirun) throws Exception {
        assertEquals(List.of(), script("shape", "200mbit"));
        long start = System.nanoTime();
        Mpirun.Result result =
                start(mpirun, PROGRAM, "steps", "60", "20", FLOATS).result();
        assertEquals(0, result.code(), result.toString());
        assertEquals(20, result.lines("step ").size(), result.toString());
        double least = 20 * 4e6 / (200e6 / 8);
        assertTrue((System.nanoTime() - start) * 1e-9 > least, "faster than the cable");
    }

    @ParameterizedTest
    @EnumSource
    void ifTheCableIsPulledTheOtherMachineIsNamed(Mpirun mpirun) throws Exception {
        Mpirun.Running running = start(mpirun, PROGRAM, "steps", "4", "1000000", FLOATS);
        running.await("step 5");
        assertEquals(List.of(), script("cut"));
        running.await("program: ");
        nobodyIsLeft(running);
        running.process().waitFor(2, TimeUnit.SECONDS);
        script("down"); // a launcher waits for its daemon on the other side of the cut for ever
        List<String> lines = running.result().lines("program: ");
        assertTrue(
                lines.getFirst().matches("program: (process 1 on b|all processes came to .* between .* b ).*"),
                lines.toString());
    }

    /// Open MPI ends the run. MPICH sees it when the program on that machine has ended, which it does in good order.
    @ParameterizedTest
    @EnumSource
    void ifADaemonDiesNobodyIsLeft(Mpirun mpirun) throws Exception {
        Mpirun.Running running =
                start(mpirun, PROGRAM, "steps", "60", mpirun == Mpirun.OPEN_MPI ? "1000000" : "40", FLOATS);
        running.await("step 5");
        String daemon = mpirun == Mpirun.OPEN_MPI ? "orted" : "hydra_pmi_proxy";
        for (String pid : script("pids", "b")) {
            ProcessHandle.of(Long.parseLong(pid.strip()))
                    .filter(p -> p.info().command().orElse("").endsWith(daemon))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
        assertNotEquals(0, running.result().code());
        nobodyIsLeft(running);
    }
}
