package org.jmoco.eval.segment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.train.Checkout;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// Segmenters from weights, and weights of segmenters, under MMSegmentation's names.
public final class Segmenters {
    private static final String BACKBONE = "backbone.";
    private static final String CLASSIFIER = "decode_head.conv_seg.weight";
    private static final String COUNTER = "num_batches_tracked";
    private static final String NAMES = "classes";

    private Segmenters() {}

    /// A network on an encoder, whose own head is left behind: heads at their start.
    ///
    /// @param seed of the heads' weights and of dropout
    public static Segmenter on(Encoder encoder, Segmenter.Options options, long seed) {
        ResNet.Config config = encoder.net().config();
        Segmenter net = new Segmenter(config, options, seed);
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(encoder.net()));
        arrays.keySet().removeIf(name -> name.startsWith("fc."));
        net.begin(arrays);
        return net;
    }

    /// A trained network, one of ours or of MMSegmentation's zoo.
    ///
    /// @param options what cannot be seen in a file: stride and corners; the number of classes must be the file's
    /// @throws FormatException naming what is missing, unknown or of another shape
    public static Segmenter read(Path file, Segmenter.Options options) {
        Map<String, ArrayData> arrays = ours(Checkpoint.read(file).arrays());
        ArrayData classifier = arrays.get(CLASSIFIER);
        if (classifier == null || classifier.rank() != 4) {
            throw new FormatException(
                    file.toString(), "holds no segmenter: " + CLASSIFIER + " is missing; an encoder has to be trained");
        }
        if (classifier.dim(0) != options.classes()) {
            throw new FormatException(
                    file.toString(),
                    "tells " + classifier.dim(0) + " classes apart, the data has " + options.classes());
        }
        Map<String, ArrayData> encoder = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(BACKBONE)) {
                encoder.put(name.substring(BACKBONE.length()), array);
            }
        });
        ResNetSpec spec = ResNetSpec.guess(encoder);
        if (spec == null) {
            throw new FormatException(file.toString(), "holds no ResNet that is known as its backbone");
        }
        Segmenter net = new Segmenter(spec.config(), options, 0);
        try {
            StateDict.load(net, arrays);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file.toString(), e.getMessage(), e);
        }
        return net;
    }

    /// The names of the classes that a file of ours tells apart; empty if it does not say.
    public static List<String> classNames(Path file) {
        String names = Checkpoint.read(file).facts().getOrDefault(NAMES, "");
        return names.isEmpty() ? List.of() : names.lines().toList();
    }

    /// Writes a network.
    static void write(Path file, Segmenter net, SegmentTraining.Start start, long steps) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put(NAMES, String.join("\n", start.names()));
        metadata.put("steps", Long.toString(steps));
        metadata.put("revision", Checkout.revision());
        metadata.put("mean", start.normalize().mean().toString());
        metadata.put("std", start.normalize().std().toString());
        SafeTensors.write(file, theirs(net), metadata);
    }

    /// A network's arrays under MMSegmentation's names.
    public static Map<String, ArrayData> theirs(Segmenter net) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        boolean deep = net.backbone().config().stem() == Stem.DEEP;
        StateDict.of(net).forEach((name, array) -> arrays.put(deep ? deepToTheirs(name) : name, array));
        return arrays;
    }

    /// The last layer of the deep stem is `bn1` here.
    private static String deepToTheirs(String name) {
        return name.startsWith(BACKBONE + "conv1.")
                ? BACKBONE + "stem." + name.substring((BACKBONE + "conv1.").length())
                : name.startsWith(BACKBONE + "bn1.")
                        ? BACKBONE + "stem.7." + name.substring((BACKBONE + "bn1.").length())
                        : name;
    }

    private static Map<String, ArrayData> ours(Map<String, ArrayData> theirs) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        theirs.forEach((name, array) -> {
            if (!name.endsWith(COUNTER)) {
                arrays.put(
                        name.startsWith(BACKBONE + "stem.7.")
                                ? BACKBONE + "bn1." + name.substring((BACKBONE + "stem.7.").length())
                                : name.startsWith(BACKBONE + "stem.")
                                        ? BACKBONE + "conv1." + name.substring((BACKBONE + "stem.").length())
                                        : name,
                        array);
            }
        });
        return arrays;
    }
}
