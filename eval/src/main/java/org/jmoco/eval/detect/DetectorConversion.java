package org.jmoco.eval.detect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.DetectronPickle;
import org.jmoco.nn.weights.WholeNetwork;
import org.jmoco.nn.weights.torch.TorchWriter;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// A detector's weights in another file, under the names and in the order of another library. The network is
/// built in between, so a file that lacks something, or has something more, is refused.
///
/// @param checkpoint the file that is read   @param from whose names it has
public record DetectorConversion(Checkpoint checkpoint, DetectorNames from) {
    /// How many ratios anchors have, in files of ours.
    static final String RATIOS = "ratios";

    /// If a file holds a detector. A folder holds none.
    ///
    /// @param prefix of the names that count, in place of all
    /// @throws FormatException if the file cannot be understood, or no name begins so
    public static Optional<DetectorConversion> of(Path source, Optional<String> prefix) {
        if (Files.isDirectory(source)) {
            return Optional.empty();
        }
        Checkpoint whole = Checkpoint.read(source);
        Checkpoint checkpoint = prefix.map(whole::under).orElse(whole);
        return DetectorNames.of(checkpoint.arrays().keySet()).map(from -> new DetectorConversion(checkpoint, from));
    }

    /// Writes it; the target's extension decides the format: `.safetensors`, `.pth` or `.pt`, `.pkl` (detectron2).
    ///
    /// @param layout whose names it gets; those that it has where none is said, detectron2's in a `.pkl`
    /// @return what was done, in words
    /// @throws IllegalArgumentException if the extension or the layout is unknown, or the library has no such
    ///     detector
    /// @throws FormatException if the file does not hold a whole detector
    public String write(Path target, Optional<String> layout) {
        String name = target.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean pickle = extension.equals("pkl");
        DetectorNames to = layout.map(DetectorNames::byName).orElse(pickle ? DetectorNames.DETECTRON2 : from);
        if (pickle && to != DetectorNames.DETECTRON2) {
            throw new IllegalArgumentException(
                    target + ": .pkl files have detectron2's names, not those of " + to.word());
        }
        Detector net = net();
        to.require(net.config().model());
        Map<String, ArrayData> theirs = to.fromOurs(StateDict.of(net), net.config());
        switch (extension) {
            case "safetensors" -> SafeTensors.write(target, theirs, facts());
            case "pkl" -> DetectronPickle.write(target, theirs, false);
            case "pth", "pt" -> {
                if (to == DetectorNames.MMDET) {
                    TorchWriter.write(target, Map.of(), theirs); // under state_dict
                } else {
                    TorchWriter.write(target, theirs);
                }
            }
            default ->
                throw new IllegalArgumentException(
                        target + ": detectors are written as .safetensors, .pth, .pt and .pkl");
        }
        return net.config().model().detector() + " detector of " + net.classes() + " classes, " + from.word() + " to "
                + to.word() + ": " + theirs.size() + " arrays";
    }

    /// The detector in a file, as [org.jmoco.nn.weights.WeightsTool] shows and compares it; empty if there is none.
    public static Optional<WholeNetwork> describe(Checkpoint checkpoint) {
        return DetectorNames.of(checkpoint.arrays().keySet())
                .map(from -> new DetectorConversion(checkpoint, from).described());
    }

    private WholeNetwork described() {
        String layout = from.word() + "'s names of a detector";
        Map<String, ArrayData> arrays = checkpoint.arrays();
        try {
            arrays = ours();
            return new WholeNetwork(layout, words(net()) + ", complete", arrays);
        } catch (FormatException e) {
            return new WholeNetwork(layout, e.getMessage(), arrays);
        }
    }

    private static String words(Detector net) {
        ResNet.Config encoder = net.encoder();
        return (net.config().model().masks() ? "Mask" : "Faster") + " R-CNN "
                + net.config().model().detector() + " on " + encoder.arch() + " (" + encoder.stem() + ", width "
                + encoder.width() + "), " + net.classes() + " classes";
    }

    private Detector net() {
        return whole(() -> DetectorFiles.net(checkpoint.file(), ours(), guessed()));
    }

    private Map<String, ArrayData> ours() {
        return whole(() -> from.toOurs(checkpoint.arrays(), guessed()));
    }

    private DetectConfig guessed() {
        return whole(() -> {
            int ratios = Integer.parseInt(checkpoint.facts().getOrDefault(RATIOS, "0"));
            return DetectorGuess.of(checkpoint.arrays(), from, ratios);
        });
    }

    private <T> T whole(Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new FormatException(checkpoint.file(), "holds no whole detector: " + e.getMessage(), e);
        }
    }

    /// What a file of ours says and names do not.
    private Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>(Map.of("format", "pt"));
        Map<String, String> known = new LinkedHashMap<>(checkpoint.facts());
        known.keySet().retainAll(Detectors.FACTS);
        facts.putAll(known);
        return facts;
    }
}
