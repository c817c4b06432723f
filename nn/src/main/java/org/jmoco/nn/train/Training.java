package org.jmoco.nn.train;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// What a training is, for [TrainingLoop]: how long, what one step does and gives, what a checkpoint holds, what
/// happens between epochs. Everything else is the loop's: the steps, stopping and resuming, what is written down,
/// the search for the first number that is not finite.
///
/// A training is at its start when it is made. What its steps compute follows from its state and the number of
/// steps done alone, so that a training that goes on from a checkpoint ends with the same bits.
public interface Training {
    Length length();

    /// When checkpoints are made.
    default Saving saving() {
        return Saving.everySeconds(60);
    }

    /// Opens whatever gives the steps: programs, loaders.
    ///
    /// @param done steps that were done already
    Steps from(long done);

    /// Everything that the rest of the training depends on, by name, the same on all processes (collective).
    /// The arrays may be the training's own memory: they are used before the next step. Numbers are finite as
    /// long as nothing has gone wrong.
    Map<String, ArrayData> state();

    /// Goes back to a state.
    ///
    /// @throws IllegalArgumentException if it does not fit
    void restore(Map<String, ArrayData> state);

    /// What else a checkpoint says, for those who read it.
    default Map<String, String> description() {
        return Map.of();
    }

    /// An epoch is over; what follows from that is part of the state, such as the classification of test images.
    /// Comes before the epoch's checkpoint. May be called again if it ended with a [StoppedException].
    ///
    /// @return what is worth knowing about the epoch
    /// @throws StoppedException if it takes long and someone wants to stop
    default EpochNotes epochEnded(Epoch epoch, RunLog log) {
        return EpochNotes.NONE;
    }

    /// A look at what has been trained, which changes nothing of the state, such as a monitor's. Comes at the
    /// beginning, after each epoch and after the last step, when all is saved; not if someone wants to stop.
    default void look(long done, RunLog log) {}

    /// The last step is done: writes what the training is for. Must give the same when it is called again.
    ///
    /// @throws StoppedException if it takes long and someone wants to stop
    default void finish(Run run, long done) {}

    /// The training ended or was stopped, and all is written: for a page about the run.
    default void report(Run run) {}

    /// The same training at its start with variables of its own, on another device: the loop computes steps again
    /// there to find out which op gave the first number that is not finite.
    Training again(Device device);

    /// What to do about numbers that are not finite, as a sentence.
    default String advice() {
        return "A lower learning rate helps as a rule";
    }

    /// How a training ends whose numbers are no longer finite, if that is an outcome like others and no reason to
    /// look for its origin.
    ///
    /// @param what such as `step 3: the loss is NaN`
    default Optional<RuntimeException> diverged(String what) {
        return Optional.empty();
    }

    /// What a step gave, for the progress line.
    default String describe(SequencedMap<String, Float> measured) {
        return measured.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                .collect(Collectors.joining("  "));
    }

    /// The name of a training that is one of several, for the progress line; empty if it is alone.
    default String title() {
        return "";
    }

    /// The steps of a training, one after another. Only the loop takes them.
    interface Steps extends AutoCloseable {
        /// Waits for the next batch.
        void load();

        /// Trains on the batch that was loaded.
        StepResult take();

        /// How long the last step stood still for other processes and the network to them, in milliseconds.
        default double waitedMillis() {
            return 0;
        }

        /// What is worth knowing before the first one, each a line.
        default List<String> notes() {
            return List.of();
        }

        /// Everything that people should be warned of so far, each a line.
        default List<String> warnings() {
            return List.of();
        }

        @Override
        default void close() {}
    }

    /// What one step gave.
    ///
    /// @param measured by name, such as `loss`; all must be finite. Their means over an epoch are taken
    /// @param weight   of the step in those means
    /// @param images   that the step saw
    /// @param learningRate that the step was taken with
    record StepResult(SequencedMap<String, Float> measured, long weight, int images, float learningRate) {}

    /// An epoch that is over.
    ///
    /// @param number from 1   @param of how many there are   @param steps done in all
    /// @param means  of what was measured, over the steps of the epoch
    /// @param seconds time spent in steps, over all parts of an interrupted training
    record Epoch(int number, int of, long steps, SequencedMap<String, Double> means, double seconds) {}

    /// What is worth knowing about an epoch.
    ///
    /// @param values written down with its means
    /// @param line   for people; empty for none
    record EpochNotes(SequencedMap<String, ? extends Number> values, Optional<String> line) {
        public static final EpochNotes NONE = new EpochNotes(new java.util.LinkedHashMap<>(), Optional.empty());
    }
}
