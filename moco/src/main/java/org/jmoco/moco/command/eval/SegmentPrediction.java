package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.jmoco.nn.data.source.Target.LabelMap;
import org.jmoco.tensor.Device;

/// What a trained segmenter says of images that nobody labelled, drawn over them.
final class SegmentPrediction {
    private static final String WEIGHTS = "final.safetensors";
    private static final String FOLDER = "predictions";
    /// Classes with fewer of an image's pixels are not named.
    private static final double LEAST = 0.005;

    private SegmentPrediction() {}

    /// Labels images.
    ///
    /// @param run  the folder of a run   @param out where pictures go; `predictions` in the run's if it is not
    ///     said
    /// @throws DataException if an image cannot be read; earlier ones are drawn then
    static void run(Path run, List<Path> images, Optional<Path> out, Device device, PrintWriter stdout) {
        SegmentConfig config = Binder.bind(ConfigTree.read(run.resolve("config.yaml")), SegmentConfig.defaults());
        Path weights = run.resolve(WEIGHTS);
        List<String> names = Segmenters.classNames(weights);
        if (names.isEmpty()) {
            throw new DataException(weights + ": names no classes; --predict wants a run of jmoco segment");
        }
        Segmenter net = Segmenters.read(weights, config.model().options(names.size()));
        Path folder = out.orElseGet(() -> run.resolve(FOLDER));
        Normalize normalize = EncoderPixels.of(weights, net.backbone().config().stem());
        try (SegmentBenchmark benchmark = new SegmentBenchmark(config, net, normalize, device)) {
            for (Path file : images) {
                RgbImage image = ImageDecoder.STANDARD.decode(file);
                LabelMap labels = benchmark.predict(image);
                String name = file.getFileName().toString();
                Path picture = folder.resolve(name.replaceFirst("\\.\\w+$", "") + ".png");
                PngWriter.write(LabelColours.over(image, labels), picture);
                stdout.println(file + " -> " + picture + ": " + shares(labels, names));
                stdout.flush();
            }
        }
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
