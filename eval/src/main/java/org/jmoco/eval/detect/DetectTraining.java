package org.jmoco.eval.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.segment.AtOnce;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.optim.TrainedState;
import org.jmoco.nn.train.Length;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunLog;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.StoppedException;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.io.ArrayData;

/// Detection as a training: a step is one batch, an epoch as many as the images fill.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss` | each step | the sum of the others |
/// | `rpnClassLoss`, `rpnBoxLoss` | each step | of the anchors drawn |
/// | `classLoss`, `boxLoss`, `maskLoss` | each step | of the regions drawn |
/// | `positiveAnchors`, `positiveRegions` | each step | shares of what was drawn that are objects |
///
/// Holds its weights and momenta until it is closed.
public final class DetectTraining implements Training, AutoCloseable {
    private static final String LOSS = "loss";

    private final DetectConfig config;
    private final Start start;
    private final ImageSource images;
    private final Manner manner;
    private final Detector net;
    private final Sgd sgd;
    private final TrainedState state;
    private final Length length;
    private final Schedule schedule;

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
    /// @param threads that read and resize images
    /// @param title   of one training of several; empty if it is alone
    public record Manner(Device device, Saving saving, int threads, String title) {
        private Manner on(Device other) {
            return new Manner(other, saving, threads, title);
        }
    }

    /// A training at its start.
    ///
    /// @param images with the objects to find, as [DetectData] has them
    public DetectTraining(DetectConfig config, Start start, ImageSource images, Manner manner) {
        config.flavour().requireTraining();
        this.config = config;
        this.start = start;
        this.images = images;
        this.manner = manner;
        net = Detectors.on(start.encoder(), config, start.names().size());
        sgd = net.sgd();
        state = new TrainedState(net, sgd);
        DetectConfig.Recipe recipe = config.recipe();
        int stepsPerEpoch = Math.max(1, images.size() / recipe.batch());
        length = new Length(
                stepsPerEpoch, Math.toIntExact(Math.ceilDiv(recipe.iterations(), stepsPerEpoch)), recipe.iterations());
        schedule = recipe.schedule();
    }

    /// Looks whether the training would fit on its device, before anything is written.
    ///
    /// @throws org.jmoco.tensor.backend.DeviceMemoryException naming the largest `recipe.images-at-once` that fits,
    ///     if it would not
    public void requireRoom() {
        AtOnce.require(
                new DetectOutline(
                        config, start.encoder().net().config(), start.names().size()),
                manner.device);
    }

    /// The network, as it is trained.
    public Detector net() {
        return net;
    }

    @Override
    public Training again(Device other) {
        return new DetectTraining(config, start, images, manner.on(other));
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
    public Steps from(long done) {
        return new DetectSteps(done);
    }

    private DetectBatches batches(long done) {
        return new DetectBatches(images, config, net.encoder().stem(), done, manner.threads);
    }

    private DetectStep step() {
        return new DetectStep(
                net,
                start.normalize(),
                sgd,
                (image, object, boxes, box, cells) -> image.masks().get(object).in(boxes, box, cells),
                manner.device);
    }

    private final class DetectSteps implements Steps {
        private final DetectStep step = step();
        private final DetectBatches batches;
        private List<DetectBatch> batch;
        private long done;

        DetectSteps(long done) {
            this.done = done;
            batches = batches(done);
        }

        @Override
        public void load() {
            batch = batches.next();
        }

        @Override
        public StepResult take() {
            float rate = (float) schedule.at(0, done);
            SequencedMap<String, Float> measured = step.run(batch, Math.toIntExact(done), rate);
            done++;
            return new StepResult(measured, 1, config.recipe().batch(), rate);
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
    public String describe(SequencedMap<String, Float> measured) {
        return String.format(Locale.ROOT, "loss %.4f", measured.get(LOSS));
    }

    /// Batch norm's statistics last, where the flavour wants them precise, then the weights.
    @Override
    public void finish(Run run, long done) {
        int forwards =
                config.flavour().endsWithPreciseBatchNorm() ? config.recipe().preciseBatchNorm() : 0;
        if (forwards > 0) {
            preciseBatchNorm(run, done, forwards);
        }
        run.folder().ifPresent(f -> Detectors.write(f.finalWeights(), net, start, done));
    }

    private void preciseBatchNorm(Run run, long done, int forwards) {
        try (DetectStep step = step();
                DetectBatches batches = batches(done)) {
            PreciseBatchNorm precise = new PreciseBatchNorm(net);
            for (int i = 0; i < forwards; i++) {
                if (run.isAskedToStop()) {
                    throw new StoppedException("stopped; batch norm's statistics begin anew");
                }
                precise.add(step, batches.next().getFirst(), Math.toIntExact(done + i));
                run.progress()
                        .show(
                                System.nanoTime(),
                                String.format(Locale.ROOT, "precise batch norm %d/%d", i + 1, forwards));
            }
            precise.finish();
        }
    }

    /// Gives weights and momenta back.
    @Override
    public void close() {
        Stream.concat(net.named().values().stream(), sgd.momenta().stream())
                .map(Variable::group)
                .distinct()
                .forEach(VariableGroup::close);
    }

    @Override
    public String advice() {
        return "A lower recipe.lr helps as a rule; 0.02 is for 16 images a step";
    }
}
