package org.jmoco.eval.detect;

import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jmoco.eval.segment.AtOnce;
import org.jmoco.eval.segment.SceneTraining;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.TrainedState;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.StoppedException;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;

/// Detection as a training.
///
/// | key in `metrics.jsonl` | of | meaning |
/// |---|---|---|
/// | `loss` | each step | the sum of the others |
/// | `rpnClassLoss`, `rpnBoxLoss` | each step | of the anchors drawn |
/// | `classLoss`, `boxLoss`, `maskLoss` | each step | of the regions drawn |
/// | `positiveAnchors`, `positiveRegions` | each step | shares of what was drawn that are objects |
/// | `namedRegions` | each step | share of the objects among the regions drawn that are given their own class |
public final class DetectTraining extends SceneTraining<Detector> {
    private final DetectConfig config;
    private final Start start;
    private final ImageSource images;
    private final Schedule schedule;

    /// A training at its start.
    ///
    /// @param images with the objects to find, as [DetectData] has them
    public DetectTraining(DetectConfig config, Start start, ImageSource images, Manner manner) {
        super(
                begun(config, start),
                new Work(images.size(), config.recipe().batch(), config.recipe().iterations()),
                manner);
        this.config = config;
        this.start = start;
        this.images = images;
        schedule = config.recipe().schedule();
    }

    private static TrainedState<Detector> begun(DetectConfig config, Start start) {
        config.flavour().requireTraining();
        Detector net = Detectors.on(start.encoder(), config, start.names().size());
        return new TrainedState<>(net, net.sgd());
    }

    /// Looks whether the training would fit on its device, before anything is written.
    ///
    /// @throws org.jmoco.tensor.backend.DeviceMemoryException naming the largest `recipe.images-at-once` that fits,
    ///     if it would not
    public void requireRoom() {
        AtOnce.require(
                new DetectOutline(
                        config, start.encoder().net().config(), start.names().size()),
                manner().device());
    }

    /// What measures the network.
    public DetectBenchmark benchmark() {
        return new DetectBenchmark(config, net(), start.normalize(), manner().device());
    }

    @Override
    public Training again(Device other) {
        return new DetectTraining(config, start, images, manner().on(other));
    }

    @Override
    public Steps from(long done) {
        return new DetectSteps(done);
    }

    private DetectBatches batches(long done) {
        return new DetectBatches(images, config, net().encoder().stem(), done, manner().threads());
    }

    private DetectStep step() {
        return new DetectStep(
                net(),
                start.normalize(),
                trained().sgd(),
                (image, object, boxes, box, cells) -> image.masks().get(object).in(boxes, box, cells),
                manner().device());
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
        run.folder().ifPresent(f -> Detectors.write(f.finalWeights(), net(), start, done));
    }

    private void preciseBatchNorm(Run run, long done, int forwards) {
        try (DetectStep step = step();
                DetectBatches batches = batches(done)) {
            PreciseBatchNorm precise = new PreciseBatchNorm(net());
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

    @Override
    public String advice() {
        return "A lower recipe.lr helps as a rule; 0.02 is for 16 images a step";
    }
}
