package org.jmoco.nn.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static Cores cores(String allowed, String launcher) {
        return new Cores(Cores.parse(allowed), Cores.parse(launcher));
    }

    @Test
    void theKernelsListsAreRead() {
        assertEquals("{0, 1, 2, 3, 8, 10, 11}", Cores.parse("0-3,8,10-11").toString());
        assertEquals("{5}", Cores.parse("5").toString());
        assertEquals("{}", Cores.parse("").toString());
    }

    @Test
    void coresThatALauncherLeavesUnusedAreNamed() {
        assertEquals(
                List.of(
                        "the 2 processes on a may use 2 of 64 cores, because the launcher binds them: start with mpirun "
                                + "--bind-to none, or srun with more cores a task (-c)",
                        "the process on c may use 32 of 64 cores, because the launcher binds it: start with mpirun "
                                + "--bind-to none, or srun with more cores a task (-c)"),
                Cores.unused(
                        List.of("a", "b", "a", "c"),
                        List.of(cores("0", "0-63"), cores("0-63", "0-63"), cores("1", "0-63"), cores("0-31", "0-63"))));
        assertEquals(List.of(), Cores.unused(List.of("a", "a"), List.of(cores("0-1", "0-3"), cores("2-3", "0-3"))));
    }

    @Test
    void everyProcessKnowsThoseOfAll() {
        ProcessesInOneJvm.run(3, p -> assertEquals(3, Cores.gather(p).size()));
    }
}
