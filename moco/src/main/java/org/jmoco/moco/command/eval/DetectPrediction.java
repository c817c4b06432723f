package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jmoco.eval.detect.DetectBenchmark;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.Detector;
import org.jmoco.eval.detect.Detectors;
import org.jmoco.eval.detect.DrawnObjects;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.Device;

/// What a trained detector finds in images that nobody annotated, drawn over them.
final class DetectPrediction {
    private static final String WEIGHTS = "final.safetensors";
    private static final String FOLDER = "predictions";

    private DetectPrediction() {}

    /// Looks for objects.
    ///
    /// @param run the folder of a run   @param out where pictures go; `predictions` in the run's if it is not said
    /// @throws DataException if an image cannot be read; earlier ones are drawn then
    static void run(Path run, List<Path> images, Optional<Path> out, Device device, PrintWriter stdout) {
        DetectConfig config = Binder.bind(ConfigTree.read(run.resolve("config.yaml")), DetectConfig.defaults());
        Path weights = run.resolve(WEIGHTS);
        List<String> names = Detectors.classNames(weights);
        if (names.isEmpty()) {
            throw new DataException(weights + ": names no classes; --predict wants a run of jmoco detect");
        }
        Detector net = Detectors.read(weights, config, names.size());
        Path folder = out.orElseGet(() -> run.resolve(FOLDER));
        Normalize normalize = EncoderPixels.of(weights, net.encoder().stem());
        try (DetectBenchmark benchmark = new DetectBenchmark(config, net, normalize, device)) {
            for (Path file : images) {
                RgbImage image = ImageDecoder.STANDARD.decode(file);
                Detections found = benchmark.predict(image);
                String name = file.getFileName().toString();
                Path picture = folder.resolve(name.replaceFirst("\\.\\w+$", "") + ".png");
                PngWriter.write(DrawnObjects.found(image, found), picture);
                stdout.println(file + " -> " + picture + ": " + objects(found, names));
                stdout.flush();
            }
        }
    }

    /// `dog 93 %, cat 71 %`, the surest first.
    private static String objects(Detections found, List<String> names) {
        String sure = found.found().stream()
                .filter(d -> d.score() >= DrawnObjects.SURE)
                .map(d -> String.format(Locale.ROOT, "%s %.0f %%", names.get(d.label()), 100 * d.score()))
                .collect(Collectors.joining(", "));
        return sure.isEmpty() ? "nothing" : sure;
    }
}
