package org.jmoco.eval.segment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.optim.TrainedState;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.jvm.JvmBackend;

/// Segmentation as a training: a step is one batch of crops.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss` | each step | `decodeLoss + weight · auxiliaryLoss`, nats a pixel |
/// | `decodeLoss`, `auxiliaryLoss` | each step | of the two heads |
public final class SegmentTraining extends SceneTraining<Segmenter> {
    private final SegmentConfig config;
    private final Start start;
    private final ImageSource images;
    private final Schedule schedule;

    /// A training at its start.
    ///
    /// @param images with label maps
    /// @throws RunException if the ranks cannot be shared out to the processes evenly, or not on this device
    public SegmentTraining(SegmentConfig config, Start start, ImageSource images, Manner manner) {
        super(
                state(begun(config, start, manner), config.recipe()),
                new Work(images.size(), config.recipe().batch(), config.recipe().iterations()),
                manner);
        this.config = config;
        this.start = start;
        this.images = images;
        schedule = config.recipe().schedule();
    }

    private static Segmenter begun(SegmentConfig config, Start start, Manner manner) {
        requireShared(config.recipe().ranks(), manner.processes().count(), manner.device());
        return Segmenters.on(
                start.encoder(), config.model().options(start.names().size()), config.seed());
    }

    /// What a training of a segmenter changes.
    static TrainedState<Segmenter> state(Segmenter net, SegmentConfig.Recipe recipe) {
        return new TrainedState<>(net, new Sgd(recipe.options(), net.parameters()), net.draws());
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
        AtOnce.require(outline(), manner().device());
    }

    private SegmentOutline outline() {
        return new SegmentOutline(
                config,
                start.encoder().net().config(),
                start.names().size(),
                manner().processes().count());
    }

    /// What the network wants of bytes.
    public Normalize normalize() {
        return start.normalize();
    }

    @Override
    public Training again(Device other) {
        return new SegmentTraining(config, start, images, manner().on(other));
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
                        net(),
                        start.normalize(),
                        trained().sgd(),
                        new SegmentStep.Batch(r.batch(), r.imagesAtOnce(), side, side, r.ranks()),
                        config.model().auxiliaryWeight(),
                        manner().device(),
                        manner().processes());
            } catch (DeviceMemoryException e) {
                throw AtOnce.advise(e, outline(), manner().device());
            }
            batches = new CropBatches(
                    images, config.crops().pipeline(), r.batch(), step::owns, config.seed(), done, manner().threads());
        }

        @Override
        public void load() {
            batch = batches.next();
        }

        @Override
        public StepResult take() {
            float rate = (float) schedule.at(0, done++);
            manner().processes().phase("step " + done);
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
    public void finish(Run run, long done) {
        System.gc(); // what the last checkpoint copied lies outside the heap, where no collection falls due by itself
        run.folder().ifPresent(f -> Segmenters.write(f.finalWeights(), net(), start, done));
    }

    @Override
    public String advice() {
        return "A lower recipe.lr helps as a rule; 0.01 is for 16 images a step";
    }
}
