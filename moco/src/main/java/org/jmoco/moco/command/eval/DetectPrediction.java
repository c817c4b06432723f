package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jmoco.eval.detect.DetectBenchmark;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.Detector;
import org.jmoco.eval.detect.DetectorFiles;
import org.jmoco.eval.detect.Detectors;
import org.jmoco.eval.detect.DrawnObjects;
import org.jmoco.eval.detections.Detections;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.train.RunFolder;
import org.jmoco.tensor.Device;

/// What a trained detector finds in images that nobody annotated, drawn over them.
///
/// @param config of the detector   @param weights its file, of any library that [DetectorFiles] reads
record DetectPrediction(DetectConfig config, Path weights) {
    /// Where pictures go if it is not said.
    static final String FOLDER = "predictions";

    /// By the network that a run has trained.
    ///
    /// @param run its folder
    static DetectPrediction of(Path run) {
        return new DetectPrediction(
                Binder.bind(ConfigTree.read(run.resolve("config.yaml")), DetectConfig.defaults()),
                RunFolder.finalWeights(run));
    }

    /// Looks for objects.
    ///
    /// @param folder where pictures go
    /// @throws DataException if an image cannot be read; earlier ones are drawn then
    void run(List<Path> images, Path folder, Device device, PrintWriter stdout) {
        Detector net = DetectorFiles.read(weights, config);
        List<String> names = Detectors.classNames(weights, net);
        Normalize normalize = DetectorFiles.pixels(weights, net.encoder().stem());
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
