package org.jmoco.moco.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.junit.jupiter.api.Test;

class TogetherTest {
    @Test
    void whatIsWrongWithAnyMachineIsToldByAll() {
        Finding fine = Finding.fine("JDK", "Java 25.0.3");
        Finding everywhere = Finding.advice("images", "no decoder", "install one");
        ProcessesInOneJvm.run(3, p -> {
            List<Finding> own = p.number() == 1
                    ? List.of(Finding.problem("JDK", "Java 17", "install another"), everywhere)
                    : List.of(fine, everywhere);
            List<Finding> findings = Together.examine(p, own);
            assertEquals(
                    List.of(
                            fine,
                            everywhere,
                            Finding.problem("JDK", "[1 thread-1] Java 17", "install another"),
                            Finding.fine("processes", "3 on 3 machines, threads of one JVM")),
                    findings.subList(0, 4));
            assertEquals(
                    3,
                    findings.stream()
                            .filter(f -> f.subject().equals("network")
                                    && f.fact().matches("\\d on thread-\\d – \\d on .* GB/s each way, .* µs"))
                            .count());
        });
    }

    @Test
    void oneProcessTellsOfItself() {
        List<Finding> own = List.of(Finding.fine("JDK", "Java 25.0.3"));
        assertSame(own, Together.examine(new Alone("here"), own));
    }
}
