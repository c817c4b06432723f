package org.jmoco.eval.detect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.segment.LabelColours;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;

/// Test images with what is annotated beside what was found, for the report: the worst, some in the middle, the
/// best.
public final class DetectPictures {
    private static final int EACH = 3;

    private DetectPictures() {}

    /// Writes them into a result's folder in place of earlier ones.
    public static void write(Path folder, DetectData data, List<Detections> found) {
        Path pictures = emptied(folder);
        List<Target.Objects> truth = data.truth().objects();
        List<Integer> order = IntStream.range(0, found.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> DetectBenchmark.agreement(truth.get(i), found.get(i))))
                .toList();
        int size = order.size();
        List<Integer> chosen = IntStream.range(0, size)
                .filter(i -> i < EACH || i >= size - EACH || Math.abs(2 * i + 1 - size) <= EACH)
                .mapToObj(order::get)
                .toList();
        for (int place = 0; place < chosen.size(); place++) {
            int image = chosen.get(place);
            ObjectScene scene = ObjectScene.load(data.test(), image);
            RgbImage row = LabelColours.beside(
                    DrawnObjects.truth(scene.image(), scene.objects()),
                    DrawnObjects.found(scene.image(), found.get(image)));
            double agreement = DetectBenchmark.agreement(truth.get(image), found.get(image));
            String name =
                    Path.of(data.test().id(image)).getFileName().toString().replaceAll("[^\\w.-]", "_");
            PngWriter.write(
                    row,
                    pictures.resolve(
                            String.format(Locale.ROOT, "%02d %s found %.0f %%.png", place + 1, name, 100 * agreement)));
        }
    }

    private static Path emptied(Path folder) {
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
        return pictures;
    }
}
