package org.jmoco.eval.detect;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.result.ExamplePictures;
import org.jmoco.eval.segment.LabelColours;
import org.jmoco.nn.data.dense.ObjectScene;

/// Test images with what is annotated beside what was found, for the report.
public final class DetectPictures {
    private DetectPictures() {}

    /// Writes them into a result's folder in place of earlier ones.
    public static void write(Path folder, DetectData data, List<Detections> found) {
        ExamplePictures.Ranking ranking = new ExamplePictures.Ranking(
                i -> DetectBenchmark.agreement(data.truth().objects().get(i), found.get(i)),
                agreement -> String.format(Locale.ROOT, "found %.0f %%", 100 * agreement));
        ExamplePictures.write(folder, data.test(), ranking, image -> {
            ObjectScene scene = ObjectScene.load(data.test(), image);
            return LabelColours.beside(
                    DrawnObjects.truth(scene.image(), scene.objects()),
                    DrawnObjects.found(scene.image(), found.get(image)));
        });
    }
}
