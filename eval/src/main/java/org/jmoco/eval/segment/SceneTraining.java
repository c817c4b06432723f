package org.jmoco.eval.segment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Module;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.TrainedState;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunLog;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// What trainings of segmenters and detectors have in common: their recipes count steps, a step is one batch, and an
/// epoch as many as the images fill.
///
/// Holds its weights and momenta until it is closed.
///
/// @param <M> the network
public abstract class SceneTraining<M extends Module> implements Training, AutoCloseable {
    protected static final String LOSS = "loss";

    private final TrainedState<M> state;
    private final Length length;
    private final Manner manner;

    /// What a training begins with.
    ///
    /// @param encoder   whose stages the network is built on
    /// @param normalize what it wants of bytes
    /// @param names     of the classes
    public record Start(Encoder encoder, Normalize normalize, List<String> names) {
        public Start {
            names = List.copyOf(names);
        }
    }

    /// How it is carried out: nothing that changes its numbers.
    ///
    /// @param threads   that read images and make views of them
    /// @param processes that train together, all with the same arguments
    /// @param title     of one training of several; empty if it is alone
    public record Manner(Device device, Saving saving, int threads, Processes processes, String title) {
        /// In one process.
        public Manner(Device device, Saving saving, int threads, String title) {
            this(device, saving, threads, new Alone("this machine"), title);
        }

        /// On another device.
        public Manner on(Device other) {
            return new Manner(other, saving, threads, processes, title);
        }
    }

    /// How much there is to do.
    ///
    /// @param images training images   @param batch of a step   @param iterations steps
    public record Work(int images, int batch, long iterations) {
        private Length length() {
            int stepsPerEpoch = Math.max(1, images / batch);
            return new Length(stepsPerEpoch, Math.toIntExact(Math.ceilDiv(iterations, stepsPerEpoch)), iterations);
        }
    }

    /// @param state of a network at its start
    protected SceneTraining(TrainedState<M> state, Work work, Manner manner) {
        this.state = state;
        this.length = work.length();
        this.manner = manner;
    }

    /// The network, as it is trained.
    public M net() {
        return state.net();
    }

    /// The network with its optimiser.
    protected TrainedState<M> trained() {
        return state;
    }

    protected Manner manner() {
        return manner;
    }

    @Override
    public Length length() {
        return length;
    }

    @Override
    public Saving saving() {
        return manner.saving;
    }

    @Override
    public String title() {
        return manner.title;
    }

    @Override
    public Map<String, ArrayData> state() {
        return state.save();
    }

    @Override
    public void restore(Map<String, ArrayData> saved) {
        state.load(saved);
    }

    @Override
    public EpochNotes epochEnded(Epoch epoch, RunLog log) {
        String line = String.format(
                Locale.ROOT,
                "epoch %d/%d: loss %.4f, %s of training",
                epoch.number(),
                epoch.of(),
                epoch.means().get(LOSS),
                Progress.duration(epoch.seconds()));
        return new EpochNotes(new LinkedHashMap<>(), Optional.of(line));
    }

    /// Gives weights and momenta back.
    @Override
    public void close() {
        state.close();
    }
}
