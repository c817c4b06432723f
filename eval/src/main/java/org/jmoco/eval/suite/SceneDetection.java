package org.jmoco.eval.suite;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.eval.detect.DetectBenchmark;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.DetectData;
import org.jmoco.eval.detect.DetectPictures;
import org.jmoco.eval.detect.DetectTraining;
import org.jmoco.eval.detect.SceneDetectors;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunFolder;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;

/// Finding the objects of scenes, their boxes or their boxes and masks, scored by COCO's average precision.
final class SceneDetection implements SceneBenchmark {
    private final String name;
    private final SceneSuiteConfig.Detection recipe;
    private final DataSpec spec;
    private final DetectData data;

    /// Opens the scenes.
    ///
    /// @param spec of the folder below which they lie
    /// @throws org.jmoco.nn.data.DataException if a part is missing or incomplete
    SceneDetection(String name, SceneSuiteConfig.Detection recipe, DataSpec spec) {
        this.name = name;
        this.recipe = recipe;
        this.spec = SceneDetectors.coco(spec);
        data = DetectData.open(config(0));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> compared() {
        return recipe.model().masks() ? List.of("mask AP", "box AP") : List.of("AP");
    }

    @Override
    public List<Provenance.Input> inputs() {
        return List.of(
                input("training scenes with objects", data.train()), input("test scenes with objects", data.test()));
    }

    private Provenance.Input input(String role, ImageSource images) {
        return Provenance.Input.lines(role, spec.path().orElse("") + ", " + images.size(), spec.ids(images).stream());
    }

    private DetectConfig config(long seed) {
        return new DetectConfig(
                name,
                seed,
                recipe.flavour(),
                spec,
                Encoder.Wanted.ANY,
                recipe.model(),
                recipe.rpn(),
                recipe.regions(),
                recipe.views(),
                recipe.test(),
                recipe.recipe());
    }

    private DetectTraining training(Start start, Device device, String title) {
        return new DetectTraining(
                config(start.seed()),
                new DetectTraining.Start(start.encoder(), start.normalize(), data.names()),
                data.train(),
                new DetectTraining.Manner(device, SceneSuite.SAVING, spec.threads(), title));
    }

    @Override
    public void require(Start start, Device device) {
        try (DetectTraining training = training(start, device, "")) {
            training.requireRoom();
        }
    }

    @Override
    public EvaluationResult measure(Start start, Course course) {
        try (DetectTraining training = training(start, course.device(), course.title())) {
            TrainingLoop.run(course.run(), training).orStopped();
            return measure(training, course);
        }
    }

    private EvaluationResult measure(DetectTraining training, Course course) {
        try (DetectBenchmark benchmark = training.benchmark()) {
            List<Detections> found = benchmark.detect(data, (done, of) -> show(course.run(), course.title(), done, of));
            Optional<RunFolder> folder = course.run().folder();
            folder.ifPresent(f -> {
                DetectionsJson.write(f.path().resolve(DetectBenchmark.DETECTIONS), data.truth(), found);
                DetectPictures.write(f.path(), data, found);
            });
            return benchmark.result(course.protocol(), data, found, course.provenance());
        }
    }

    private static void show(Run run, String title, int done, int of) {
        run.endIfAsked();
        run.progress().show(System.nanoTime(), String.format(Locale.ROOT, "%s  test scenes %,d/%,d", title, done, of));
    }
}
