package org.jmoco.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.nn.Fixtures;
import org.jmoco.nn.optim.Schedule.Constant;
import org.jmoco.nn.optim.Schedule.Cosine;
import org.jmoco.nn.optim.Schedule.Poly;
import org.jmoco.nn.optim.Schedule.Steps;
import org.jmoco.nn.optim.Schedule.Unit;
import org.jmoco.nn.optim.Schedule.WarmUp;
import org.junit.jupiter.api.Test;

/// PyTorch's rates come from `make_schedules.py`. Its schedulers multiply step by step, so the last digits differ;
/// what is fed to a program is the nearest float.
class ScheduleTest {
    @Test
    void mocoV1FallsAtEpochs120And160() {
        assertFollows("steps-moco-v1", new Steps(0.03, 120, 160));
    }

    @Test
    void semiSupervisedFallsToAFifth() {
        assertFollows("steps-semi", new Steps(0.01, 0.2, Unit.EPOCHS, List.of(12, 16)));
    }

    @Test
    void mocoV2FollowsACosine() {
        assertFollows("cosine-moco-v2", new Cosine(0.03, 200));
        assertFollows("cosine-annealing", new Cosine(0.03, 200));
    }

    @Test
    void theCifarDemoCountsEpochsFromOneAndEndsAtZero() {
        Cosine cosine = new Cosine(0.06, 200, 1);
        assertFollows("cosine-cifar", cosine);
        assertEquals(0.059996, cosine.at(0, 0), 5e-7);
        assertEquals(0, cosine.at(199, 19_399));
    }

    @Test
    void segmentationFallsPolynomially() {
        Poly poly = new Poly(0.01, 100, 0.9, 0);
        for (Line line : lines("poly")) {
            assertEquals(line.rate(), poly.at(0, line.time()), 1e-12, line.toString());
        }
        assertEquals(
                (0.01 - 1e-4) * Math.pow(0.25, 0.9) + 1e-4, new Poly(0.01, 20_000, 0.9, 1e-4).at(3, 15_000), 1e-15);
        assertEquals(1e-4, new Poly(0.01, 20_000, 0.9, 1e-4).at(3, 30_000));
    }

    @Test
    void warmUpRisesLinearly() {
        WarmUp warmUp = new WarmUp(100, 0.001, new Constant(0.02));
        for (Line line : lines("warm-up")) {
            assertEquals(line.rate(), warmUp.at(0, line.time()), 1e-12, line.toString());
        }
    }

    @Test
    void detectionCountsIterations() {
        Schedule voc = new WarmUp(100, 0.001, new Steps(0.02, 0.1, Unit.ITERATIONS, List.of(18_000, 22_000)));
        assertEquals(0.02 * 0.001, voc.at(0, 0), 1e-12);
        assertEquals(0.02, voc.at(17, 17_999));
        assertEquals(0.002, voc.at(17, 18_000), 1e-15);
        assertEquals(0.0002, voc.at(22, 22_000), 1e-15);
    }

    @Test
    void theLearningRateScalesWithTheBatch() {
        assertEquals(0.015, Schedule.scaled(0.03, 256, 128));
        assertEquals(0.12, Schedule.scaled(0.03, 256, 1024));
        assertThrows(IllegalArgumentException.class, () -> Schedule.scaled(0.03, 256, 0));
    }

    @Test
    void impossibleSchedulesAreRefused() {
        var decreasing = assertThrows(IllegalArgumentException.class, () -> new Steps(0.1, 60, 30));
        assertEquals("step schedule: milestones must increase, got [60, 30]", decreasing.getMessage());
        var negative = assertThrows(IllegalArgumentException.class, () -> new Constant(-1));
        assertEquals(
                "constant schedule: a learning rate must be a number of at least 0, got -1.0", negative.getMessage());
        var endless = assertThrows(IllegalArgumentException.class, () -> new Cosine(0.1, 0));
        assertEquals("cosine schedule: the length must be at least 1, got 0", endless.getMessage());
    }

    private static void assertFollows(String name, Schedule schedule) {
        for (Line line : lines(name)) {
            assertEquals((float) line.rate(), (float) schedule.at(line.time(), 0), line.toString());
        }
    }

    private static List<Line> lines(String name) {
        return Fixtures.lines("optim/schedules.txt").stream()
                .map(Line::parse)
                .filter(line -> line.schedule().equals(name))
                .toList();
    }

    private record Line(String schedule, int time, double rate) {
        static Line parse(String text) {
            String[] parts = text.split(" ", -1);
            return new Line(parts[0], Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
        }
    }
}
