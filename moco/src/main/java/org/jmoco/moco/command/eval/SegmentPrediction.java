package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.eval.segment.LabelColours;
import org.jmoco.eval.segment.SegmentBenchmark;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.Segmenter;
import org.jmoco.eval.segment.Segmenters;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.Target.LabelMap;
import org.jmoco.tensor.Device;

/// What a trained segmenter says of images that nobody labelled, drawn over them.
final class SegmentPrediction {
    private static final String CONFIG = "config.yaml";
    private static final String WEIGHTS = "final.safetensors";
    private static final String FOLDER = "predictions";
    /// Classes with fewer of an image's pixels are not named.
    private static final double LEAST = 0.005;

    private SegmentPrediction() {}

    /// Labels images.
    ///
    /// @param run    the folder of a run
    /// @param images files, or folders of them
    /// @param out    where pictures go; `predictions` in the run's if it is not said
    /// @throws DataException if the folder holds no run that came to its end, or an image cannot be read;
    ///     earlier ones are drawn then
    static void run(Path run, List<Path> images, Optional<Path> out, Device device, PrintWriter stdout) {
        SegmentConfig config = Binder.bind(
                ConfigTree.read(there(run, CONFIG, "is no run of jmoco segment")), SegmentConfig.defaults());
        Path weights =
                there(run, WEIGHTS, "is a run that has not come to its end; jmoco segment --resume goes on with it");
        List<String> names = Segmenters.classNames(weights);
        if (names.isEmpty()) {
            throw new DataException(weights + ": names no classes; --predict wants a run of jmoco segment");
        }
        Segmenter net = Segmenters.read(weights, config.model().options(names.size()));
        Path folder = out.orElseGet(() -> run.resolve(FOLDER));
        Map<Path, Path> pictures = pictures(images, folder);
        Normalize normalize = EncoderPixels.of(weights, net.backbone().config().stem());
        try (SegmentBenchmark benchmark = new SegmentBenchmark(config, net, normalize, device)) {
            pictures.forEach((file, picture) -> {
                RgbImage image = ImageDecoder.STANDARD.decode(file);
                LabelMap labels = benchmark.predict(image);
                PngWriter.write(LabelColours.over(image, labels), picture);
                stdout.println(file + " -> " + picture + ": " + shares(labels, names));
                stdout.flush();
            });
        }
    }

    private static Path there(Path run, String file, String otherwise) {
        Path path = run.resolve(file);
        if (!Files.exists(path)) {
            throw new DataException(run + ": " + otherwise + " (" + file + " is missing)");
        }
        return path;
    }

    /// Where each image goes: all images of a folder and below it, each under a name of its own.
    private static Map<Path, Path> pictures(List<Path> images, Path folder) {
        List<Path> files = new ArrayList<>();
        for (Path image : images) {
            if (Files.isDirectory(image)) {
                ImageFiles found = ImageFolder.of(image);
                IntStream.range(0, found.size()).mapToObj(found::file).forEach(files::add);
            } else {
                files.add(image);
            }
        }
        Map<Path, Path> pictures = new LinkedHashMap<>();
        for (Path file : files) {
            String stem = file.getFileName().toString().replaceFirst("\\.\\w+$", "");
            Path picture = folder.resolve(stem + ".png");
            for (int other = 2; pictures.containsValue(picture); other++) {
                picture = folder.resolve(stem + "-" + other + ".png");
            }
            pictures.putIfAbsent(file, picture);
        }
        return pictures;
    }

    /// `background 71 %, dog 29 %`, the most frequent first.
    private static String shares(LabelMap labels, List<String> names) {
        long[] counts = new long[names.size()];
        for (byte label : labels.classes()) {
            counts[label & 0xFF]++;
        }
        List<String> shares = new ArrayList<>();
        IntStream.range(0, counts.length)
                .boxed()
                .sorted((a, b) -> Long.compare(counts[b], counts[a]))
                .filter(c -> counts[c] >= LEAST * labels.classes().length)
                .forEach(c -> shares.add(String.format(
                        Locale.ROOT, "%s %.0f %%", names.get(c), 100.0 * counts[c] / labels.classes().length)));
        return String.join(", ", shares);
    }
}
