package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.optim.Schedule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Learning rates against those of PyTorch's schedulers, `nn/src/test/fixtures/make_schedules.py`: LibTorch itself
/// has none of a cosine or of milestones.
class ScheduleParityTest {
    /// Of a rate; PyTorch multiplies step by step.
    private static final double TOLERANCE = 1e-12;

    private static final Path RATES = Path.of("../nn/src/test/resources/org/jmoco/nn/optim/schedules.txt");

    private static final Map<String, Double> MEASURED = new LinkedHashMap<>();

    @Test
    void schedulesFollowPyTorchs() throws IOException {
        Map<String, Schedule> schedules = Map.of(
                "steps-moco-v1", new Schedule.Steps(0.03, 120, 160),
                "steps-semi", new Schedule.Steps(0.01, 0.2, Schedule.Unit.EPOCHS, List.of(12, 16)),
                "cosine-moco-v2", new Schedule.Cosine(0.03, 200),
                "cosine-annealing", new Schedule.Cosine(0.03, 200),
                "cosine-cifar", new Schedule.Cosine(0.06, 200, 1),
                "poly", new Schedule.Poly(0.01, 100, 0.9, 0),
                "warm-up", new Schedule.WarmUp(100, 0.001, new Schedule.Constant(0.02)));
        for (String line : Files.readAllLines(RATES)) {
            String[] part = line.split(" ");
            int time = Integer.parseInt(part[1]);
            double want = Double.parseDouble(part[2]);
            double difference = Math.abs(schedules.get(part[0]).at(time, time) - want);
            double relative = difference == 0 ? 0 : difference / Math.max(want, 1e-3 * 0.03);
            MEASURED.merge(part[0] + " (PyTorch)", relative, Math::max);
            assertEquals(0, relative, TOLERANCE, line);
        }
    }

    @AfterAll
    static void write() {
        StringBuilder table = new StringBuilder("""
                ## Learning rates

                Every epoch of the schedules, the largest relative difference; tolerance 1e-12. A program is fed the nearest float.

                | schedule | largest difference |
                |---|--:|
                """);
        MEASURED.forEach((name, worst) -> table.append("| ")
                .append(name)
                .append(" | ")
                .append(ParityPage.cell(worst))
                .append(" |\n"));
        ParityPage.section(3, table.toString());
    }
}
