package org.jmoco.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loop on a training that is a few additions: what it promises whatever is trained.
class TrainingLoopTest {
    private static final RunIdentity IDENTITY =
            RunIdentity.EMPTY.with(Map.of("batch", "16"), key -> false).with(Map.of("name", "toy"), key -> true);
    private static final Length LENGTH = new Length(5, 4, 18);

    @TempDir
    private Path temp;

    /// A weight that each step moves by a number of its own; after an epoch three parts of a test, between which
    /// the wish to stop is heard.
    private static final class Toy implements Training {
        private final Length length;
        private final Saving saving;
        private final BooleanSupplier stop;
        private final List<String> finished = new ArrayList<>();
        private float weight = 1;
        private double tested;
        private long fails = Long.MAX_VALUE;
        private Error again;

        Toy(Saving saving, BooleanSupplier stop) {
            this(LENGTH, saving, stop);
        }

        Toy(Length length, Saving saving, BooleanSupplier stop) {
            this.length = length;
            this.saving = saving;
            this.stop = stop;
        }

        @Override
        public Length length() {
            return length;
        }

        @Override
        public Saving saving() {
            return saving;
        }

        @Override
        public Map<String, ArrayData> state() {
            return Map.of(
                    "weight", ArrayData.ofFloats(new float[] {weight}, 1),
                    "tested", ArrayData.ofDoubles(new double[] {tested}));
        }

        @Override
        public void restore(Map<String, ArrayData> state) {
            weight = state.get("weight").toFloatArray()[0];
            tested = state.get("tested").doubleAt(0);
        }

        @Override
        public Steps from(long done) {
            return new Steps() {
                private long next = done;
                private float batch;

                @Override
                public void load() {
                    batch = (float) Math.sin(++next);
                }

                @Override
                public StepResult take() {
                    weight = weight * 0.9f + batch;
                    SequencedMap<String, Float> measured = new LinkedHashMap<>();
                    measured.put("loss", next < fails ? weight * weight : Float.NaN);
                    measured.put("accuracy", batch);
                    return new StepResult(measured, 1 + next % 3, 16, 0.1f);
                }
            };
        }

        @Override
        public EpochNotes epochEnded(Epoch epoch, RunLog log) {
            double sum = 0;
            for (int part = 0; part < 3; part++) {
                if (stop.getAsBoolean()) {
                    throw new StoppedException("in a test");
                }
                sum += weight * (part + 1);
            }
            tested += sum;
            SequencedMap<String, Number> values = new LinkedHashMap<>();
            values.put("tested", tested);
            return new EpochNotes(values, Optional.empty());
        }

        @Override
        public void finish(Run run, long done) {
            finished.add(done + " " + weight + " " + tested);
        }

        @Override
        public Training again(Device device) {
            if (again != null) {
                throw again;
            }
            throw new IllegalStateException("nothing here runs on a device");
        }
    }

    private static RunOptions options(boolean resume, BooleanSupplier stop) {
        return RunOptions.fresh()
                .withResume(resume)
                .withStop(stop)
                .withProgress(new Progress(
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
    }

    private static TrainingLoop.Ending run(Path out, RunIdentity identity, boolean resume, Toy toy) {
        try (Run run = Run.open(out, identity, options(resume, toy.stop))) {
            return TrainingLoop.run(run, toy);
        }
    }

    private static Toy steps(long every, BooleanSupplier stop) {
        return new Toy(new Saving(Saving.Unit.STEPS, every, 2), stop);
    }

    /// Lines of `metrics.jsonl` without times and checkpoints.
    private static List<String> metrics(Path out) throws IOException {
        return Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .filter(line -> !line.contains("checkpointMillis"))
                .map(line -> line.replaceAll(",\"imagesPerSecond.*", "}"))
                .toList();
    }

    /// Wherever a run is stopped, between steps or in a test after an epoch, and however often.
    @Test
    void aStoppedRunEndsLikeTheUnbrokenOne() throws IOException {
        Path unbroken = temp.resolve("unbroken");
        Toy whole = steps(7, () -> false);
        TrainingLoop.Ending end = run(unbroken, IDENTITY, false, whole);
        assertTrue(end.finished());
        assertEquals(18, end.steps());
        assertEquals(1, whole.finished.size());
        assertTrue(
                metrics(unbroken).getFirst().startsWith("{\"step\":1,\"loss\":"),
                metrics(unbroken).getFirst());
        assertTrue(
                metrics(unbroken)
                        .get(5)
                        .matches("\\{\"step\":5,\"epoch\":1,\"epochLoss\":.*\"epochAccuracy\":.*" + "\"tested\":.*"),
                metrics(unbroken).get(5));
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10; i++) {
            Path out = temp.resolve("stopped" + i);
            Toy toy;
            boolean resume = false;
            do {
                int[] asked = {random.nextInt(1, 12)};
                toy = steps(random.nextInt(1, 9), () -> --asked[0] <= 0);
                if (run(out, IDENTITY, resume, toy).finished()) {
                    break;
                }
                resume = true;
            } while (true);
            assertEquals(whole.finished, toy.finished, "seed " + seed);
            assertEquals(metrics(unbroken), metrics(out), "seed " + seed);
        }
    }

    @Test
    void aRunGoesOnOnlyWithWhatItWas() {
        run(temp, IDENTITY, false, steps(7, () -> false));
        RunIdentity other = IDENTITY.with("batch", "32").with("images", "40");
        String refused = assertThrows(RunException.class, () -> run(temp, other, true, steps(7, () -> false)))
                .getMessage();
        assertEquals(
                "what is saved in " + temp + " is of another run: batch was 16 and is 32; images was not known and "
                        + "is 40. Go on with what it was, or choose another --out",
                refused);
        run(temp, IDENTITY.with(Map.of("name", "other"), key -> true), true, steps(7, () -> false));
        run(temp, IDENTITY.with("later", "5").orElse(Map.of("later", "5")), true, steps(7, () -> false));
    }

    /// A checkpoint tells what it is of wherever it lies.
    @Test
    void aCheckpointFromElsewhereIsRefused() throws IOException {
        Path one = temp.resolve("one");
        Path two = temp.resolve("two");
        RunIdentity other = IDENTITY.with("batch", "32");
        run(one, IDENTITY, false, steps(18, () -> false));
        run(two, other, false, steps(9, () -> false));
        Files.move(
                one.resolve("checkpoints/step-00000018.safetensors"),
                two.resolve("checkpoints/step-00000019.safetensors"));
        String refused = assertThrows(RunException.class, () -> run(two, other, true, steps(9, () -> false)))
                .getMessage();
        assertTrue(refused.startsWith("the checkpoint of step 18 is of another run: batch was 16 and is 32"), refused);
    }

    /// Nothing is lost with the folder of a run that took no step.
    @Test
    void aRunThatFailedBeforeItsFirstStepLeavesItsFolderToTheNext() {
        Toy broken = new Toy(Saving.everySeconds(60), () -> false);
        assertThrows(IllegalStateException.class, () -> {
            try (Run run = Run.open(temp, IDENTITY, options(false, () -> false))) {
                TrainingLoop.run(run, new Failing(broken));
            }
        });
        assertTrue(run(temp, IDENTITY.with("batch", "32"), false, steps(7, () -> false))
                .finished());
        assertTrue(assertThrows(RunException.class, () -> run(temp, IDENTITY, false, steps(7, () -> false)))
                .getMessage()
                .contains("already holds a run; continue it with --resume, or choose another --out"));
    }

    /// What is not finite is told whatever becomes of the search for its origin.
    @Test
    void aFailedSearchDoesNotHideWhatItWasToExplain() {
        for (Error error : new Error[] {new OutOfMemoryError("Java heap space"), null}) {
            Path out = temp.resolve("run" + (error == null));
            Toy toy = steps(7, () -> false);
            toy.fails = 9;
            toy.again = error;
            String message = assertThrows(RunException.class, () -> run(out, IDENTITY, false, toy))
                    .getMessage();
            assertTrue(message.startsWith("step 9: the loss is NaN; "), message);
            assertTrue(
                    message.contains(
                            error == null
                                    ? "; the search for its origin failed (java.lang.IllegalStateException: nothing "
                                    : "; there was too little memory to find its origin; "),
                    message);
            assertTrue(
                    message.contains(
                            "the last good checkpoint is " + out.resolve("checkpoints/step-00000007.safetensors")),
                    message);
        }
    }

    @Test
    void aRunThatIsNotKeptTrainsTheSame() throws IOException {
        Toy kept = steps(7, () -> false);
        run(temp.resolve("kept"), IDENTITY, false, kept);
        Toy unkept = steps(7, () -> false);
        try (Run run = Run.unkept(options(false, () -> false))) {
            assertTrue(TrainingLoop.run(run, unkept).finished());
        }
        assertEquals(kept.finished, unkept.finished);
    }

    /// A part has a folder of its own under the same lock, and the same wish to stop.
    @Test
    void partsOfARunAreResumedOneByOne() throws IOException {
        int[] left = {28};
        RunOptions stopping = options(false, () -> --left[0] <= 0);
        try (Run run = Run.open(temp, IDENTITY, stopping, "parts")) {
            for (String name : List.of("parts/a", "parts/b")) {
                Toy toy = new Toy(new Length(5, 4), Saving.everySeconds(60), () -> false);
                boolean finished = TrainingLoop.run(run.part(name), toy).finished();
                assertEquals(name.equals("parts/a"), finished);
            }
        }
        assertFalse(Files.exists(temp.resolve("metrics.jsonl")));
        assertTrue(Files.exists(temp.resolve("parts/b/checkpoints/step-00000004.safetensors")));
        assertThrows(
                RunException.class,
                () -> Run.open(temp, IDENTITY.with("batch", "1"), options(true, () -> false), "parts"));
        assertThrows(RunException.class, () -> Run.open(temp, IDENTITY, options(false, () -> false), "parts"));
    }

    @Test
    void checkpointsAreDueAsSaid() {
        List<Long> steps = new ArrayList<>();
        for (long done = 1; done <= 18; done++) {
            if (new Saving(Saving.Unit.EPOCHS, 2, 1).isDue(done, LENGTH, 0)) {
                steps.add(done);
            }
        }
        assertEquals(List.of(10L, 18L), steps);
        assertTrue(new Saving(Saving.Unit.STEPS, 7, 1).isDue(14, LENGTH, 0));
        assertTrue(Saving.everySeconds(2).isDue(3, LENGTH, 2_000_000_000L));
        assertFalse(Saving.everySeconds(2).isDue(3, LENGTH, 1_999_999_999L));
        assertTrue(Saving.everySeconds(0).isDue(3, LENGTH, 1));
    }

    /// Cannot open its data.
    private record Failing(Training all) implements Training {
        @Override
        public Length length() {
            return all.length();
        }

        @Override
        public Steps from(long done) {
            throw new IllegalStateException("no data");
        }

        @Override
        public Map<String, ArrayData> state() {
            return all.state();
        }

        @Override
        public void restore(Map<String, ArrayData> state) {
            all.restore(state);
        }

        @Override
        public Training again(Device device) {
            return this;
        }
    }
}
