package org.jmoco.eval.detect;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// Detectors in files of mmdet, detectron2 and torchvision, read and written, see [DetectorNames].
public final class DetectorFiles {
    private static final String CLASSIFIER = "roi_head.bbox_head.fc_cls.weight";
    private static final String BACKBONE = "backbone.";
    private static final String SHARED = "roi_head.shared_head.";

    private DetectorFiles() {}

    /// A trained network. Depth, stem, width and the number of classes follow from names and shapes.
    ///
    /// @param config what cannot be seen in a file
    /// @throws FormatException if it holds no detector, or not the one that the configuration describes, naming
    ///     what is missing, unknown or of another shape
    public static Detector read(Path file, DetectConfig config) {
        Map<String, ArrayData> arrays = ours(file, config);
        Map<String, ArrayData> encoder = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(BACKBONE)) {
                encoder.put(name.substring(BACKBONE.length()), array);
            } else if (name.startsWith(SHARED + "layer4.")) {
                encoder.put(name.substring(SHARED.length()), array);
            }
        });
        ResNetSpec spec = ResNetSpec.guess(encoder);
        ArrayData classifier = arrays.get(CLASSIFIER);
        if (spec == null || classifier == null || classifier.rank() != 2 || classifier.dim(0) < 2) {
            throw new FormatException(
                    file.toString(),
                    "holds no detector on a ResNet that is known: "
                            + (spec == null ? "its backbone is another network" : CLASSIFIER + " is missing"));
        }
        Detector net = Detector.of(spec.config(), config, Math.toIntExact(classifier.dim(0) - 1));
        try {
            StateDict.load(net, arrays);
        } catch (IllegalArgumentException e) {
            throw another(file, config, e);
        }
        return net;
    }

    /// A file's arrays under our names and in our order.
    private static Map<String, ArrayData> ours(Path file, DetectConfig config) {
        Map<String, ArrayData> theirs = Checkpoint.read(file).arrays();
        Optional<DetectorNames> names = DetectorNames.of(theirs.keySet());
        if (names.isEmpty()) {
            throw new FormatException(
                    file.toString(), "holds no detector: no region proposal network; an encoder has to be trained");
        }
        try {
            return names.get().toOurs(theirs, config);
        } catch (IllegalArgumentException e) {
            throw another(file, config, e);
        }
    }

    private static FormatException another(Path file, DetectConfig config, IllegalArgumentException why) {
        return new FormatException(
                file.toString(),
                "is no " + config.model().detector().name().toLowerCase(Locale.ROOT)
                        + " detector as the configuration describes it: " + why.getMessage(),
                why);
    }

    /// Writes a network as a library has it.
    public static void write(Path file, Detector net, DetectorNames names) {
        SafeTensors.write(file, names.fromOurs(StateDict.of(net), net.config()), Map.of("format", "pt"));
    }
}
