package org.jmoco.eval.detect;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
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
    private static final String MEAN = "pixel_mean";
    private static final String STD = "pixel_std";
    private static final double MOST = 255;
    private static final String VARIANCES = "running_var";

    private DetectorFiles() {}

    /// A trained network. Depth, stem, width and the number of classes follow from names and shapes.
    ///
    /// @param config what cannot be seen in a file
    /// @throws FormatException if it holds no detector, or not the one that the configuration describes, naming
    ///     what is missing, unknown or of another shape
    public static Detector read(Path file, DetectConfig config) {
        return net(file.toString(), ours(file, config), config);
    }

    /// The network whose arrays these are.
    ///
    /// @param file   for messages   @param arrays under our names and in our order
    /// @throws FormatException as [#read]
    static Detector net(String file, Map<String, ArrayData> arrays, DetectConfig config) {
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
                    file,
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

    /// What the network of a file wants of bytes: as a file of ours or one of detectron2 says, else as the encoder
    /// suggests.
    ///
    /// @throws FormatException if it was trained on images whose channels are blue, green, red
    public static Normalize pixels(Path file, Stem stem) {
        Map<String, ArrayData> arrays = Checkpoint.read(file).arrays();
        ArrayData mean = arrays.get(MEAN);
        ArrayData std = arrays.get(STD);
        if (mean == null || std == null || mean.count() != 3 || std.count() != 3) {
            return EncoderPixels.of(file, stem);
        }
        if (mean.doubleAt(0) < mean.doubleAt(2)) {
            throw new FormatException(
                    file.toString(),
                    "was trained on images in blue, green, red, since its pixel_mean begins with " + mean.doubleAt(0)
                            + "; networks here see red, green, blue");
        }
        return new Normalize(ofOne(mean), ofOne(std));
    }

    private static List<Double> ofOne(ArrayData bytes) {
        return DoubleStream.of(bytes.toDoubleArray()).map(v -> v / MOST).boxed().toList();
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
            return usualEpsilon(
                    names.get().toOurs(theirs, config), config.model().epsilon());
        } catch (IllegalArgumentException e) {
            throw another(file.toString(), config, e);
        }
    }

    /// Where variances were raised by another epsilon, batch norm has weights with which it is the same by ours.
    private static Map<String, ArrayData> usualEpsilon(Map<String, ArrayData> arrays, double theirs) {
        double ours = DetectConfig.Model.USUAL;
        if (theirs == ours) {
            return arrays;
        }
        Map<String, ArrayData> moved = new LinkedHashMap<>(arrays);
        arrays.forEach((name, variances) -> {
            String weight =
                    name.endsWith(VARIANCES) ? name.substring(0, name.length() - VARIANCES.length()) + "weight" : name;
            ArrayData weights = arrays.get(weight);
            if (!weight.equals(name) && weights != null && weights.count() == variances.count()) {
                float[] scaled = weights.toFloatArray();
                for (int i = 0; i < scaled.length; i++) {
                    double variance = variances.doubleAt(i);
                    scaled[i] *= (float) Math.sqrt((variance + ours) / Math.max(variance + theirs, Float.MIN_NORMAL));
                }
                moved.put(weight, ArrayData.ofFloats(scaled, weights.shape()));
            }
        });
        return moved;
    }

    private static FormatException another(String file, DetectConfig config, IllegalArgumentException why) {
        return new FormatException(
                file,
                "is no " + config.model().detector().name().toLowerCase(Locale.ROOT)
                        + " detector as the configuration describes it: " + why.getMessage(),
                why);
    }

    /// Writes a network as a library has it.
    public static void write(Path file, Detector net, DetectorNames names) {
        SafeTensors.write(file, names.fromOurs(StateDict.of(net), net.config()), Map.of("format", "pt"));
    }
}
