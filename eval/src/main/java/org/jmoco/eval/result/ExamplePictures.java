package org.jmoco.eval.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;

/// Test images as they came out, for the report: the worst, some in the middle, the best.
public final class ExamplePictures {
    private static final int EACH = 3;

    private ExamplePictures() {}

    /// How an image came out.
    ///
    /// @param score by its number, higher is better; NaN for one that cannot be shown
    /// @param words what a score is called, for a file's name
    public record Ranking(IntToDoubleFunction score, DoubleFunction<String> words) {}

    /// Writes them into a result's folder in place of earlier ones.
    ///
    /// @param drawn what is shown of an image
    public static void write(Path folder, ImageSource images, Ranking ranking, IntFunction<RgbImage> drawn) {
        Path pictures = emptied(folder);
        double[] scores =
                IntStream.range(0, images.size()).mapToDouble(ranking.score).toArray();
        List<Integer> chosen = worstToBest(EACH, scores);
        for (int place = 0; place < chosen.size(); place++) {
            int image = chosen.get(place);
            String name = Path.of(images.id(image)).getFileName().toString().replaceAll("[^\\w.-]", "_");
            String words = ranking.words.apply(scores[image]);
            PngWriter.write(
                    drawn.apply(image),
                    pictures.resolve(String.format(Locale.ROOT, "%02d %s %s.png", place + 1, name, words)));
        }
    }

    /// The images with the lowest, middling and highest scores.
    ///
    /// @param each   of every kind
    /// @param scores of all images; those of NaN are left out
    /// @return their numbers, from the worst to the best, each once
    static List<Integer> worstToBest(int each, double... scores) {
        List<Integer> order = IntStream.range(0, scores.length)
                .filter(i -> !Double.isNaN(scores[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .toList();
        int size = order.size();
        return IntStream.range(0, size)
                .filter(i -> i < each || i >= size - each || Math.abs(2 * i + 1 - size) <= each)
                .mapToObj(order::get)
                .toList();
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
