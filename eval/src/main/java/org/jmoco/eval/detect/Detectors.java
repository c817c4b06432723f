package org.jmoco.eval.detect;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.train.Checkout;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// Detectors from weights, and weights of detectors.
public final class Detectors {
    private static final String NAMES = "classes";
    private static final String ARCH = "arch";
    private static final String STEM = "stem";
    private static final String WIDTH = "width";

    private Detectors() {}

    /// A network on an encoder, whose own head is left behind; all else is at its start.
    public static Detector on(Encoder encoder, DetectConfig config, int classes) {
        Detector net = Detector.of(encoder.net().config(), config, classes);
        net.initialize(config.seed());
        net.begin(StateDict.of(encoder.net()));
        return net;
    }

    /// Writes a network as mmdet has it, see [DetectorNames].
    static void write(Path file, Detector net, DetectTraining.Start start, long steps) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put(NAMES, String.join("\n", start.names()));
        metadata.put(ARCH, net.encoder().arch().name());
        metadata.put(STEM, net.encoder().stem().name());
        metadata.put(WIDTH, Integer.toString(net.encoder().width()));
        metadata.put("steps", Long.toString(steps));
        metadata.put("revision", Checkout.revision());
        metadata.put("mean", start.normalize().mean().toString());
        metadata.put("std", start.normalize().std().toString());
        SafeTensors.write(file, DetectorNames.MMDET.fromOurs(StateDict.of(net), net.config()), metadata);
    }

    /// The names of the classes that a file of ours tells apart; empty if it does not say.
    public static List<String> classNames(Path file) {
        String names = Checkpoint.read(file).facts().getOrDefault(NAMES, "");
        return names.isEmpty() ? List.of() : names.lines().toList();
    }

    /// A network that [DetectTraining] has trained.
    ///
    /// @param classes of the data, which the file must tell apart
    /// @throws FormatException if it holds no detector, or not the one that the configuration describes, naming
    ///     what is missing, unknown or of another shape
    public static Detector read(Path file, DetectConfig config, int classes) {
        Checkpoint checkpoint = Checkpoint.read(file);
        Map<String, String> facts = checkpoint.facts();
        if (!facts.containsKey(NAMES) || !facts.containsKey(ARCH)) {
            throw new FormatException(
                    file.toString(), "holds no detector of jmoco detect; an encoder has to be trained");
        }
        int known = facts.get(NAMES).lines().toList().size();
        if (known != classes) {
            throw new FormatException(file.toString(), "tells " + known + " classes apart, the data has " + classes);
        }
        Detector net = Detector.of(encoder(file, facts), config, classes);
        try {
            StateDict.load(net, DetectorNames.MMDET.toOurs(checkpoint.arrays(), config));
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    file.toString(),
                    "is no " + config.model().detector().name().toLowerCase(Locale.ROOT)
                            + " detector as the configuration describes it: " + e.getMessage(),
                    e);
        }
        return net;
    }

    private static ResNet.Config encoder(Path file, Map<String, String> facts) {
        try {
            return ResNet.Config.of(Arch.valueOf(facts.get(ARCH)))
                    .stem(Stem.valueOf(facts.getOrDefault(STEM, "")))
                    .width(Integer.parseInt(facts.getOrDefault(WIDTH, "")));
        } catch (IllegalArgumentException e) {
            throw new FormatException(file.toString(), "does not say what network it is: " + e.getMessage(), e);
        }
    }
}
