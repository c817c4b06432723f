package org.jmoco.eval.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.nn.data.dense.Scene;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;

/// Test images beside their truth and what was predicted, for the report: the worst, some in the middle, the best.
public final class SegmentPictures {
    private static final int EACH = 3;

    private SegmentPictures() {}

    /// Writes them into a result's folder in place of earlier ones.
    public static void write(
            Path folder, SegmentBenchmark benchmark, ImageSource images, SegmentBenchmark.Counted counted) {
        Path pictures = folder.resolve(ResultFolder.PICTURES);
        try {
            Files.createDirectories(pictures);
            try (DirectoryStream<Path> old = Files.newDirectoryStream(pictures, "*.png")) {
                for (Path file : old) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(pictures + " cannot be written: " + e.getMessage(), e);
        }
        List<Integer> chosen = counted.worstToBest(EACH);
        for (int place = 0; place < chosen.size(); place++) {
            int image = chosen.get(place);
            Scene scene = Scene.load(images, image);
            RgbImage row = LabelColours.beside(
                    scene.image(),
                    LabelColours.alone(scene.labels()),
                    LabelColours.alone(benchmark.predict(scene.image())));
            String name = Path.of(images.id(image)).getFileName().toString().replaceAll("[^\\w.-]", "_");
            PngWriter.write(
                    row,
                    pictures.resolve(String.format(
                            Locale.ROOT, "%02d %s mIoU %.1f.png", place + 1, name, 100 * counted.own(image))));
        }
    }
}
