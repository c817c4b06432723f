package org.jmoco.eval.segment;

import java.nio.file.Path;
import java.util.Locale;
import org.jmoco.eval.result.ExamplePictures;
import org.jmoco.nn.data.dense.Scene;
import org.jmoco.nn.data.source.ImageSource;

/// Test images beside their truth and what was predicted, for the report.
public final class SegmentPictures {
    private SegmentPictures() {}

    /// Writes them into a result's folder in place of earlier ones.
    public static void write(
            Path folder, SegmentBenchmark benchmark, ImageSource images, SegmentBenchmark.Counted counted) {
        ExamplePictures.Ranking ranking =
                new ExamplePictures.Ranking(counted::own, own -> String.format(Locale.ROOT, "mIoU %.1f", 100 * own));
        ExamplePictures.write(folder, images, ranking, image -> {
            Scene scene = Scene.load(images, image);
            return LabelColours.beside(
                    scene.image(),
                    LabelColours.alone(scene.labels()),
                    LabelColours.alone(benchmark.predict(scene.image())));
        });
    }
}
