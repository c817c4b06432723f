package org.jmoco.moco.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmoco.moco.doctor.Finding.Verdict;
import org.jmoco.tensor.backend.Devices;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static final long GIB = 1L << 30;
    private static final Devices.Listed NO_TORNADO =
            new Devices.Listed("tornado", false, "the program was not started on a TornadoVM SDK");

    private static Machine machine(
            String java,
            long memory,
            boolean vectors,
            Optional<Path> sdk,
            Devices.Listed tornado,
            String ejml,
            String... flags) {
        return new Machine(
                Runtime.Version.parse(java),
                List.of(flags),
                2,
                "some kernels",
                vectors,
                memory,
                memory / 4,
                10 * GIB,
                Path.of("/here"),
                sdk,
                List.of(new Devices.Listed("jvm", true, "2 threads"), tornado),
                ejml,
                "JPEG: some decoder",
                true);
    }

    private static Machine healthy(String java, long memory) {
        return machine(
                java,
                memory,
                true,
                Optional.empty(),
                NO_TORNADO,
                "0.46.1 in org.ejml",
                "-XX:Tier3DelayOn=100000",
                "-XX:PerMethodTrapLimit=100000");
    }

    private static Finding about(String subject, Machine machine) {
        return Doctor.examine(machine).stream()
                .filter(f -> f.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFitMachineHasNoProblem() {
        assertTrue(
                Doctor.examine(healthy("25.0.3+9", 16 * GIB)).stream().noneMatch(f -> f.verdict() == Verdict.PROBLEM));
        assertEquals(Verdict.FINE, about("JDK", healthy("25.0.4", 16 * GIB)).verdict());
    }

    @Test
    void anotherJdkIsAProblem() {
        Finding f = about("JDK", healthy("17.0.15", 16 * GIB));
        assertEquals(Verdict.PROBLEM, f.verdict());
        assertTrue(
                f.fact().contains("17.0.15")
                        && f.fix().contains("install one")
                        && f.fix().contains("JMOCO_JAVA_HOME"),
                f.toString());
        assertEquals(Verdict.PROBLEM, about("JDK", healthy("26", 16 * GIB)).verdict());
    }

    @Test
    void anEarlyUpdateIsAProblem() {
        Finding f = about("JDK", healthy("25.0.2+10", 16 * GIB));
        assertEquals(Verdict.PROBLEM, f.verdict());
        assertTrue(f.fix().contains("25.0.3") && f.fix().contains("JDK-8377811"), f.toString());
    }

    @Test
    void littleMemoryIsAProblem() {
        Finding f = about("memory", healthy("25.0.3", 2 * GIB - 1));
        assertEquals(Verdict.PROBLEM, f.verdict());
        assertTrue(
                f.fact().startsWith("2.0 GiB, heap at most 0.5 GiB") && f.fix().contains("2 GiB"), f.toString());
        assertEquals(Verdict.FINE, about("memory", healthy("25.0.3", 2 * GIB)).verdict());
    }

    @Test
    void withoutAnSdkItSaysHowToGetOne() {
        Finding f = about("TornadoVM", healthy("25.0.3", 16 * GIB));
        assertEquals(Verdict.ADVICE, f.verdict());
        assertTrue(f.fix().contains("sdk install tornadovm"), f.toString());
    }

    @Test
    void anSdkThatIsNotUsedIsNamedWithTheReason() {
        Finding f = about(
                "TornadoVM",
                machine("25.0.3", 16 * GIB, true, Optional.of(Path.of("/sdk")), NO_TORNADO, "0.46.1 in org.ejml"));
        assertTrue(f.fact().contains("/sdk") && f.fact().contains("not started on"), f.toString());
    }

    @Test
    void usableDevicesAreListed() {
        Machine m = machine(
                "25.0.3",
                16 * GIB,
                true,
                Optional.of(Path.of("/sdk")),
                new Devices.Listed("tornado:0:0", true, "a GPU"),
                "0.46.1 in org.ejml");
        assertEquals(Finding.fine("TornadoVM", "tornado:0:0 a GPU"), about("TornadoVM", m));
    }

    @Test
    void flagsThatHarmAndFlagsThatLackAreNamed() {
        Machine m = machine(
                "25.0.3",
                16 * GIB,
                false,
                Optional.empty(),
                NO_TORNADO,
                "0.38 in org.ejml",
                "-XX:+UseCompactObjectHeaders");
        assertEquals(Verdict.PROBLEM, about("flags", m).verdict());
        assertTrue(about("kernels", m).fix().contains("--add-modules jdk.incubator.vector"));
        assertEquals(Verdict.PROBLEM, about("EJML", m).verdict());
    }

    @Test
    void thisMachineCanBeExamined() {
        assertEquals(Verdict.FINE, about("EJML", Machine.here()).verdict());
    }
}
