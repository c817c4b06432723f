package org.jmoco.eval.segment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.RunLog;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.io.ArrayData;

/// Segmentation as a training: a step is one batch of crops, an epoch as many as the images fill.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss` | each step | `decodeLoss + weight · auxiliaryLoss`, nats a pixel |
/// | `decodeLoss`, `auxiliaryLoss` | each step | of the two heads |
///
/// Holds its weights and momenta until it is closed.
public final class SegmentTraining implements Training, AutoCloseable {
    private static final String LOSS = "loss";

    private final SegmentConfig config;
    private final Start start;
    private final ImageSource images;
    private final Manner manner;
    private final SegmentState state;
    private final Length length;
    private final Schedule schedule;

    /// What a training begins with.
    ///
    /// @param encoder   whose backbone the network is built on
    /// @param normalize what it wants of bytes
    /// @param names     of the classes
    public record Start(Encoder encoder, Normalize normalize, List<String> names) {
        public Start {
            names = List.copyOf(names);
        }
    }

    /// How it is carried out: nothing that changes its numbers.
    ///
    /// @param threads   that read and crop images
    /// @param processes that train together, all with the same arguments
    /// @param title     of one training of several; empty if it is alone
    public record Manner(Device device, Saving saving, int threads, Processes processes, String title) {
        /// In one process.
        public Manner(Device device, Saving saving, int threads, String title) {
            this(device, saving, threads, new Alone("this machine"), title);
        }

        private Manner on(Device other) {
            return new Manner(other, saving, threads, processes, title);
        }
    }

    /// A training at its start.
    ///
    /// @param images with label maps
    /// @throws RunException if the ranks cannot be shared out to the processes evenly, or not on this device
    public SegmentTraining(SegmentConfig config, Start start, ImageSource images, Manner manner) {
        requireShared(config.recipe().ranks(), manner.processes().count(), manner.device());
        this.config = config;
        this.start = start;
        this.images = images;
        this.manner = manner;
        SegmentConfig.Recipe recipe = config.recipe();
        state = new SegmentState(
                Segmenters.on(
                        start.encoder(), config.model().options(start.names().size()), config.seed()),
                recipe.options());
        int stepsPerEpoch = Math.max(1, images.size() / recipe.batch());
        length = new Length(
                stepsPerEpoch, Math.toIntExact(Math.ceilDiv(recipe.iterations(), stepsPerEpoch)), recipe.iterations());
        schedule = recipe.schedule();
    }

    private static void requireShared(int ranks, int processes, Device device) {
        if (processes > 1 && !(device.backend() instanceof JvmBackend)) {
            throw new RunException("several processes train a segmenter on the JVM backend alone, because batch norm's "
                    + "statistics do not leave a device in the middle of a program: set --device jvm, or start one");
        }
        if (ranks % processes != 0) {
            throw new RunException("recipe.ranks: " + ranks + " cannot be shared out to " + processes
                    + " processes, each of which needs as many as the others; start a number of processes that "
                    + "divides the ranks, or set recipe.ranks=" + processes);
        }
    }

    /// Looks whether the training would fit on its device, before anything is written.
    ///
    /// @throws DeviceMemoryException naming the largest `recipe.images-at-once` that fits, if it would not
    public void requireRoom() {
        AtOnce.require(outline(), manner.device());
    }

    private SegmentOutline outline() {
        return new SegmentOutline(
                config,
                start.encoder().net().config(),
                start.names().size(),
                manner.processes().count());
    }

    /// What the network wants of bytes.
    public Normalize normalize() {
        return start.normalize();
    }

    /// The network, as it is trained.
    public Segmenter net() {
        return state.net();
    }

    @Override
    public void close() {
        state.close();
    }

    @Override
    public Training again(Device other) {
        return new SegmentTraining(config, start, images, manner.on(other));
    }

    @Override
    public String title() {
        return manner.title();
    }

    @Override
    public Length length() {
        return length;
    }

    @Override
    public Saving saving() {
        return manner.saving();
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
    public Steps from(long done) {
        System.gc(); // copies that the network was made from lie outside the heap, where no collection falls due
        return new CropSteps(done);
    }

    private final class CropSteps implements Steps {
        private final SegmentStep step;
        private final CropBatches batches;
        private CropBatches.Batch batch;
        private long done;

        CropSteps(long done) {
            this.done = done;
            SegmentConfig.Recipe r = config.recipe();
            int side = config.crops().side();
            try {
                step = new SegmentStep(
                        state.net(),
                        start.normalize(),
                        state.sgd(),
                        new SegmentStep.Batch(r.batch(), r.imagesAtOnce(), side, side, r.ranks()),
                        config.model().auxiliaryWeight(),
                        manner.device(),
                        manner.processes());
            } catch (DeviceMemoryException e) {
                throw AtOnce.advise(e, outline(), manner.device());
            }
            batches = new CropBatches(
                    images, config.crops().pipeline(), r.batch(), step::owns, config.seed(), done, manner.threads());
        }

        @Override
        public void load() {
            batch = batches.next();
        }

        @Override
        public StepResult take() {
            float rate = (float) schedule.at(0, done++);
            manner.processes().phase("step " + done);
            SegmentStep.Losses losses = step.run(batch.images(), batch.extents(), batch.labels(), rate);
            SequencedMap<String, Float> measured = new LinkedHashMap<>();
            measured.put(LOSS, losses.total());
            measured.put("decodeLoss", losses.decode());
            measured.put("auxiliaryLoss", losses.auxiliary());
            return new StepResult(measured, 1, config.recipe().batch(), rate);
        }

        @Override
        public double waitedMillis() {
            return step.takeWaitedMillis();
        }

        @Override
        public List<String> notes() {
            double repeated = step.programs().stream()
                    .mapToDouble(p -> p.plan().repeated())
                    .max()
                    .orElse(0);
            return repeated > 0
                    ? List.of(String.format(
                            Locale.ROOT,
                            "to need less memory %.1f %% of a step's work is done again; the numbers are the same",
                            100 * repeated))
                    : List.of();
        }

        @Override
        public void close() {
            batches.close();
            step.close();
        }
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

    @Override
    public void finish(Run run, long done) {
        System.gc(); // what the last checkpoint copied lies outside the heap, where no collection falls due by itself
        run.folder().ifPresent(f -> Segmenters.write(f.finalWeights(), state.net(), start, done));
    }

    @Override
    public String advice() {
        return "A lower recipe.lr helps as a rule; 0.01 is for 16 images a step";
    }
}
