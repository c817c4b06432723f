package org.jmoco.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.tensor.io.ArrayData;

/// The loop: takes the steps of a [Training], and does all that is the same whatever is trained. It goes on from
/// the newest checkpoint in the run's folder, in the middle of an epoch too; writes metrics, events and
/// checkpoints; stops within a step when it is asked to, with everything saved; and when a number is not finite,
/// finds the op that gave it.
///
/// What is decided once a step, whether to stop and whether to save, is decided in one place, `settle`, and from
/// the counted steps, the clock and the wish to stop alone.
public final class TrainingLoop {
    private final Run run;
    private final Training training;
    private final Length length;
    private final Optional<Checkpoints> checkpoints;
    private final RunLog log;
    private Counters counters;
    private StepAccord accord;
    private boolean stopped;
    private int warnings;
    private long savedNanos = System.nanoTime();

    private TrainingLoop(Run run, Training training, Optional<Checkpoints> checkpoints, Counters counters, RunLog log) {
        this.run = run;
        this.training = training;
        this.checkpoints = checkpoints;
        this.counters = counters;
        this.log = log;
        length = training.length();
    }

    /// How a training ended.
    ///
    /// @param finished whether it came to its end; if not, it was asked to stop, and its last checkpoint is of
    ///     this step
    /// @param steps    done in all
    /// @param means    of what was measured, over the last epoch
    /// @param seconds  time spent in steps, over all parts of an interrupted training
    public record Ending(boolean finished, long steps, SequencedMap<String, Double> means, double seconds) {
        /// This ending, if it is the end.
        ///
        /// @throws StoppedException if the training was stopped before
        public Ending orStopped() {
            if (!finished) {
                throw new StoppedException("stopped after step " + steps + ", saved");
            }
            return this;
        }
    }

    /// Trains to the end, or until the run is asked to stop.
    ///
    /// @throws RunException if the training cannot start or go on: the message says why, and what to do
    public static Ending run(Run run, Training training) {
        Optional<Checkpoints> checkpoints = run.folder()
                .map(f -> new Checkpoints(f.checkpoints(), training.saving().keep()));
        Counters counters = SharedState.latest(run.processes(), checkpoints)
                .map(state -> restore(run, training, state))
                .orElseGet(Counters::new);
        if (counters.steps() > 0) {
            run.progress().print("going on after step " + counters.steps());
        } else if (run.options().resume() && training.title().isEmpty()) {
            run.progress().print("there is no checkpoint yet: starting at step 0");
        }
        try (RunLog log = RunLog.open(run, training, counters.steps())) {
            return new TrainingLoop(run, training, checkpoints, counters, log).run();
        }
    }

    private static Counters restore(Run run, Training training, Checkpoints.State state) {
        String name = "the checkpoint of step " + state.step();
        run.identity().require(name, RunIdentity.fromJson(state.metadata().getOrDefault(IDENTITY, "{}")));
        try {
            training.restore(state.arrays());
        } catch (IllegalArgumentException e) {
            throw new RunException(name + ": " + e.getMessage(), e);
        }
        return new Counters(state);
    }

    private static final String IDENTITY = "identity";
    private static final String REVISION = "revision";

    private Ending run() {
        if (counters.pending()) {
            endEpoch();
        }
        if (!stopped) {
            training.look(counters.steps(), log);
        }
        if (counters.steps() < length.steps() && !stopped) {
            try (Training.Steps steps = training.from(counters.steps())) {
                steps.notes().forEach(log::print);
                while (counters.steps() < length.steps() && !stopped) {
                    take(steps);
                    settle();
                }
            }
        }
        log.flush();
        boolean finished = !stopped && finish();
        training.report(run);
        return new Ending(finished, counters.steps(), counters.means(), counters.seconds());
    }

    private boolean finish() {
        try {
            training.finish(run, counters.steps());
            return true;
        } catch (StoppedException e) {
            return false;
        }
    }

    private void take(Training.Steps steps) {
        long done = counters.steps();
        long start = System.nanoTime();
        steps.load();
        double loadMillis = (System.nanoTime() - start) / 1e6;
        RunEvents.Ongoing event = RunEvents.step();
        Training.StepResult result = steps.take();
        event.ended(done + 1, result.measured().firstEntry().getValue());
        double seconds = (System.nanoTime() - start) / 1e9;
        double waitMillis = steps.waitedMillis();
        accord = StepAccord.of(
                run.processes(),
                run.processes().count() > 1 && run.isAskedToStop(),
                System.nanoTime() - savedNanos,
                loadMillis,
                seconds * 1000 - loadMillis - waitMillis,
                waitMillis);
        result.measured().forEach((name, value) -> {
            if (!Float.isFinite(value)) {
                throw fault("step " + (done + 1) + ": the " + name + " is " + value, done + 1);
            }
        });
        counters.count(result, seconds, length.stepOfEpoch(done) == 0);
        log.step(counters, training, result, seconds, loadMillis);
        if (run.processes().count() > 1) {
            log.processes(counters.steps(), accord, run.processes());
        }
        for (String warning :
                steps.warnings().subList(warnings, steps.warnings().size())) {
            log.print("warning: " + warning);
            warnings++;
        }
    }

    /// What comes after a step: the end of an epoch, a checkpoint, a look.
    private void settle() {
        long done = counters.steps();
        boolean last = done == length.steps();
        stopped = isAskedToStop() && !last;
        if (length.endsEpoch(done)) {
            counters.setPending(true);
            if (!stopped) {
                endEpoch();
            }
        }
        if (stopped || training.saving().isDue(done, length, sinceSaved())) {
            save();
        }
        if (!stopped && (length.endsEpoch(done) || last) && !isAskedToStop()) {
            training.look(done, log);
        }
    }

    /// Of several processes all hear the same, once a step.
    private boolean isAskedToStop() {
        return run.processes().count() > 1 ? accord.stop() : run.isAskedToStop();
    }

    private long sinceSaved() {
        return run.processes().count() > 1 ? accord.sinceSaved() : System.nanoTime() - savedNanos;
    }

    private void endEpoch() {
        long done = counters.steps();
        Training.Epoch epoch =
                new Training.Epoch(length.epoch(done), length.epochs(), done, counters.means(), counters.seconds());
        try {
            Training.EpochNotes notes = training.epochEnded(epoch, log);
            counters.setPending(false);
            log.epoch(epoch, notes);
        } catch (StoppedException e) {
            stopped = true;
        }
    }

    private void save() {
        if (checkpoints.isEmpty() && run.processes().count() == 1) {
            return;
        }
        log.flush();
        long done = counters.steps();
        long start = System.nanoTime();
        Map<String, ArrayData> arrays = training.state();
        damage(arrays).ifPresent(array -> {
            throw fault("step " + done + ": " + array + " holds a number that is not finite", done);
        });
        SharedState.requireSame(run.processes(), done, arrays);
        if (checkpoints.isEmpty()) {
            return;
        }
        Map<String, String> metadata = new LinkedHashMap<>(training.description());
        metadata.put(IDENTITY, run.identity().toJson());
        metadata.put(REVISION, Checkout.revision());
        metadata.putAll(counters.save());
        RunEvents.Ongoing event = RunEvents.checkpoint();
        checkpoints.get().save(new Checkpoints.State(done, arrays, metadata));
        event.ended(done, Float.NaN);
        savedNanos = System.nanoTime();
        log.checkpoint(done, (savedNanos - start) / 1e6);
    }

    /// The first array that holds a number that is not finite: such a state must not be saved over a good one.
    private static Optional<String> damage(Map<String, ArrayData> arrays) {
        return arrays.entrySet().stream()
                .filter(e -> !isFinite(e.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isFinite(ArrayData array) {
        if (!array.type().isFloating()) {
            return true;
        }
        for (long i = 0; i < array.count(); i++) {
            if (!Double.isFinite(array.doubleAt(i))) {
                return false;
            }
        }
        return true;
    }

    private RuntimeException fault(String what, long step) {
        log.flush();
        return training.diverged(what).orElseGet(() -> {
            Optional<Checkpoints.State> good = SharedState.latest(run.processes(), checkpoints);
            String origin = FaultSearch.explain(run, training, good, step);
            String last = checkpoints
                    .filter(c -> good.isPresent())
                    .map(c -> "the last good checkpoint is " + c.list().getLast())
                    .orElse("there is no checkpoint yet");
            return new RunException(what + "; " + origin + "; " + last + ". " + training.advice());
        });
    }
}
