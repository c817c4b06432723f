package org.jmoco.eval.suite;

import java.util.List;
import java.util.Locale;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.segment.SegmentBenchmark;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentData;
import org.jmoco.eval.segment.SegmentPictures;
import org.jmoco.eval.segment.SegmentTraining;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;

/// Segmentation of scenes by a fully convolutional network, scored by mIoU.
final class SceneSegmentation implements SceneBenchmark {
    private final SceneSuiteConfig.Segmentation recipe;
    private final DataSpec spec;
    private final SegmentData data;

    /// Opens the scenes.
    ///
    /// @throws org.jmoco.nn.data.DataException if a part is missing or incomplete
    SceneSegmentation(SceneSuiteConfig.Segmentation recipe, DataSpec spec) {
        this.recipe = recipe;
        this.spec = spec;
        data = SegmentData.open(spec);
    }

    @Override
    public String name() {
        return SceneSuiteConfig.Task.SEGMENTATION.title();
    }

    @Override
    public List<String> compared() {
        return List.of(SegmentBenchmark.MEAN_IOU);
    }

    @Override
    public List<Provenance.Input> inputs() {
        return List.of(input("training scenes", data.train()), input("test scenes", data.test()));
    }

    private Provenance.Input input(String role, ImageSource images) {
        return Provenance.Input.lines(role, spec.path().orElse("") + ", " + images.size(), spec.ids(images).stream());
    }

    private SegmentConfig config(long seed) {
        return new SegmentConfig(
                name(), seed, spec, Encoder.Wanted.ANY, recipe.model(), recipe.crops(), recipe.test(), recipe.recipe());
    }

    private SegmentTraining training(Start start, SegmentTraining.Manner manner) {
        SegmentTraining.Start from = new SegmentTraining.Start(start.encoder(), start.normalize(), data.names());
        return new SegmentTraining(config(start.seed()), from, data.train(), manner);
    }

    @Override
    public void require(Start start, Device device) {
        try (SegmentTraining training =
                training(start, new SegmentTraining.Manner(device, SceneSuite.SAVING, spec.threads(), ""))) {
            training.requireRoom();
        }
    }

    @Override
    public EvaluationResult measure(Start start, Course course) {
        SegmentTraining.Manner manner =
                new SegmentTraining.Manner(course.device(), SceneSuite.SAVING, spec.threads(), course.title());
        try (SegmentTraining training = training(start, manner)) {
            TrainingLoop.run(course.run(), training).orStopped();
            return measure(training, start, course);
        }
    }

    private EvaluationResult measure(SegmentTraining training, Start start, Course course) {
        try (SegmentBenchmark benchmark =
                new SegmentBenchmark(config(start.seed()), training.net(), start.normalize(), course.device())) {
            SegmentBenchmark.Counted counted =
                    benchmark.count(data.test(), (done, of) -> show(course.run(), course.title(), done, of));
            course.run().folder().ifPresent(f -> SegmentPictures.write(f.path(), benchmark, data.test(), counted));
            return benchmark.result(
                    course.protocol(), data.names(), data.train().size(), counted, course.provenance());
        }
    }

    private static void show(Run run, String title, int done, int of) {
        run.endIfAsked();
        run.progress().show(System.nanoTime(), String.format(Locale.ROOT, "%s  test scenes %,d/%,d", title, done, of));
    }
}
