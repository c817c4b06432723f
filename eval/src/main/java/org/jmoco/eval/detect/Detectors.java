package org.jmoco.eval.detect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.dense.CocoCategories;
import org.jmoco.nn.data.source.Voc;
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
    private static final String MEAN = "mean";
    private static final String STD = "std";

    /// What a file of ours says beside its arrays and should say when it has other names.
    static final Set<String> FACTS = Set.of(NAMES, ARCH, STEM, WIDTH, MEAN, STD, DetectorConversion.RATIOS);

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
        metadata.put(
                DetectorConversion.RATIOS,
                Integer.toString(net.config().rpn().ratios().size()));
        metadata.put("steps", Long.toString(steps));
        metadata.put("revision", Checkout.revision());
        metadata.put(MEAN, start.normalize().mean().toString());
        metadata.put(STD, start.normalize().std().toString());
        SafeTensors.write(file, DetectorNames.MMDET.fromOurs(StateDict.of(net), net.config()), metadata);
    }

    /// The names of the classes that a file of ours tells apart; empty if it does not say.
    public static List<String> classNames(Path file) {
        String names = Checkpoint.read(file).facts().getOrDefault(NAMES, "");
        return names.isEmpty() ? List.of() : names.lines().toList();
    }

    /// What the classes of a network are called: as its file says, else, by their number, as PASCAL VOC's or COCO's
    /// are, else by their numbers.
    public static List<String> classNames(Path file, Detector net) {
        List<String> said = classNames(file);
        int classes = net.classes();
        if (said.size() == classes) {
            return said;
        }
        return Stream.of(Voc.CLASSES, CocoCategories.names(), CocoCategories.byId())
                .filter(names -> names.size() == classes)
                .findFirst()
                .orElseGet(() ->
                        IntStream.range(0, classes).mapToObj(c -> "class " + c).toList());
    }

    /// Which class of the data each class of a network is; −1 for one that the data does not have. Networks of
    /// torchvision count classes by their categories' ids, all others in the order of these.
    ///
    /// @param file       the network is from   @param categories ids of the data's classes
    /// @throws FormatException if the network does not tell as many classes apart
    public static int[] labels(Path file, Detector net, List<Long> categories) {
        int classes = net.classes();
        if (classes == categories.size()) {
            return IntStream.range(0, classes).toArray();
        }
        boolean ids = net.config().flavour() == Flavour.TORCHVISION
                && classes == CocoCategories.HIGHEST_ID
                && categories.stream().allMatch(id -> id >= 1 && id <= classes);
        if (!ids) {
            throw new FormatException(
                    file.toString(), "tells " + classes + " classes apart, the data has " + categories.size());
        }
        return IntStream.range(0, classes).map(c -> categories.indexOf(c + 1L)).toArray();
    }
}
