package org.jmoco.eval.svm;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.SameProgram;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// Features of a data set's images for a support vector machine: of VOC2007 as §5 of the benchmark has them, of
/// any other labelled data set likewise with one class an image.
///
/// ```java
/// Tap tap = SvmImages.usualTap(voc, Tap.Pooling.SPECIFIED);
/// SvmData data = new SvmImages(device, encoder, tap).read(voc);
/// SvmResult result = SvmProtocol.of(CostList.MMSELFSUP)
///         .evaluate(data.train(), data.trainLabels(), data.test(), data.testLabels());
/// ```
public final class SvmImages {
    private static final int BATCH = 64;

    /// The published data set: trainval and test images, and positives of its rarest class, which is also why 96
    /// is the largest number of shots.
    private static final int VOC_TRAIN = 5_011;
    private static final int VOC_TEST = 4_952;
    private static final int VOC_SHEEP = 96;

    private final Device device;
    private final Encoder encoder;
    private final Tap tap;
    private final Optional<Path> cache;
    private final Listener listener;

    /// Told how far it is.
    public interface Listener {
        Listener NONE = new Listener() {};

        /// The images are there.
        default void opened(ImageSource train, ImageSource test) {}

        /// Features are computed, to stay in memory.
        ///
        /// @param what the data set and its part
        default void computing(String what, int images) {}

        /// Features are computed, to be kept.
        ///
        /// @param part `train` or `test`
        default FeatureFolder.Listener extraction(String part) {
            return FeatureFolder.Listener.NONE;
        }
    }

    /// Features that stay in memory.
    ///
    /// @param device that computes
    /// @param tap    where the features are from
    public SvmImages(Device device, Encoder encoder, Tap tap) {
        this(device, encoder, tap, Optional.empty(), Listener.NONE);
    }

    /// @param device that computes
    /// @param tap    where the features are from
    /// @param cache  where features are kept, so that an interrupted extraction goes on; without it they stay in
    ///     memory
    public SvmImages(Device device, Encoder encoder, Tap tap, Optional<Path> cache, Listener listener) {
        this.device = device;
        this.encoder = encoder;
        this.tap = tap;
        this.cache = cache;
        this.listener = listener;
    }

    /// One part of a data set.
    ///
    /// @param inputs its features and its labels, with hashes
    private record Part(DMatrixRMaj features, LabelMatrix labels, List<Provenance.Input> inputs) {
        static Part of(String what, ImageSource images, FeatureTable table, LabelMatrix labels) {
            Provenance.Input features =
                    Provenance.Input.bytes("features", what, table.values().payload());
            Stream<String> lines = IntStream.range(0, table.size())
                    .mapToObj(i -> images.name(table.indices()[i]) + Arrays.toString(labels.row(i)));
            return new Part(
                    Features.of(what, table.values()),
                    labels,
                    List.of(features, Provenance.Input.lines("labels", what, lines)));
        }
    }

    /// Where the data set's features are taken when nothing is said.
    public static Tap usualTap(DataSpec data, Tap.Pooling pooling) {
        return data.kindThere() == Kind.VOC ? new Tap(Tap.Stage.FEATURE5, pooling) : Tap.AVGPOOL;
    }

    /// Features and labels of a data set's two parts.
    ///
    /// @throws org.jmoco.nn.data.DataException if classes are not known, or those of the test images are not those
    ///     of the training images
    public SvmData read(DataSpec data) {
        return read(data, new Alone("this machine")).orElseThrow();
    }

    /// As the other one, by processes that share the images out. Collective.
    ///
    /// @return empty on all processes but the first, which goes on alone
    public Optional<SvmData> read(DataSpec data, Processes processes) {
        ImageSource train = data.open(Split.TRAIN);
        ImageSource test = data.open(Split.TEST);
        int classes;
        if (train.targets() == Target.Kind.CLASSES && test.targets() == Target.Kind.CLASSES) {
            classes = train.classes().size();
        } else {
            Classified matched = Classified.of(train, test, data.classes());
            train = matched.train();
            test = matched.test();
            classes = matched.classes();
        }
        listener.opened(train, test);
        boolean squashed =
                train.targets() == Target.Kind.CLASSES || encoder.net().config().stem() != Stem.CIFAR;
        Pipeline pipeline = (squashed ? Preset.SVM : Preset.CIFAR_TEST).pipeline();
        Optional<Part> ofTrain = part(data, Split.TRAIN, train, classes, pipeline, processes);
        Optional<Part> ofTest = part(data, Split.TEST, test, classes, pipeline, processes);
        if (ofTrain.isEmpty() || ofTest.isEmpty()) {
            return Optional.empty();
        }
        Part first = ofTrain.get();
        Part second = ofTest.get();
        boolean published = train.classes().equals(Voc.CLASSES)
                && first.labels.items() == VOC_TRAIN
                && second.labels.items() == VOC_TEST
                && first.labels.count(Voc.CLASSES.indexOf("sheep"), 1) == VOC_SHEEP
                && tap.stage().isMap()
                && tap.pooling() == Tap.Pooling.SPECIFIED;
        return Optional.of(
                data(first, second, pipeline, published ? tap.stage().key().replace("feature", "feat") : ""));
    }

    private Optional<Part> part(
            DataSpec data, Split split, ImageSource images, int classes, Pipeline pipeline, Processes processes) {
        String what = data.title(split);
        return features(data, images, what, pipeline, processes).map(table -> part(what, images, classes, table));
    }

    private static Part part(String what, ImageSource images, int classes, FeatureTable table) {
        LabelMatrix labels;
        if (images.targets() == Target.Kind.CLASSES) {
            labels = LabelMatrix.of(IntStream.of(table.indices())
                    .mapToObj(i -> row((Target.Classes) images.target(i)))
                    .toArray(int[][]::new));
        } else {
            labels = LabelMatrix.ofIds(table.labels(), classes);
        }
        return Part.of(
                what, images, table, images.classes().size() == classes ? labels.named(images.classes()) : labels);
    }

    private static int[] row(Target.Classes several) {
        int[] row = new int[several.values().length];
        for (int c = 0; c < row.length; c++) {
            row[c] = several.values()[c];
        }
        return row;
    }

    private SvmData data(Part train, Part test, Pipeline pipeline, String layer) {
        List<Provenance.Input> inputs =
                Stream.concat(train.inputs.stream(), test.inputs.stream()).toList();
        return new SvmData(train.features, train.labels, test.features, test.labels, config(pipeline), inputs, layer);
    }

    private Map<String, Object> config(Pipeline pipeline) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tap", tap.toString());
        config.put("views", PipelineMaps.map(pipeline).toString());
        config.put("network", encoder.network());
        config.put("encoder", encoder.source());
        config.put("encoder.sha256", encoder.fingerprint());
        return config;
    }

    /// @return empty on all processes but the first
    private Optional<FeatureTable> features(
            DataSpec data, ImageSource images, String what, Pipeline pipeline, Processes processes) {
        FeatureExtractor extractor = new FeatureExtractor(
                device, encoder, List.of(tap), data.loading(LoaderOptions.evaluation(BATCH)), processes);
        SameProgram.require(
                processes,
                Map.of(
                        "weights",
                        encoder.fingerprint(),
                        "tap",
                        tap.toString(),
                        "images",
                        images.size() + " " + RunIdentity.digest(data.ids(images).stream())),
                device,
                Encoder.class);
        if (processes.number() != 0) {
            FeatureFolder.share(extractor, images, pipeline);
            return Optional.empty();
        }
        String part = what.substring(what.lastIndexOf(' ') + 1);
        if (cache.isEmpty()) {
            listener.computing(what, images.size());
            return Optional.of(extractor.table(images, pipeline));
        }
        Map<String, String> about = new LinkedHashMap<>();
        config(pipeline).forEach((key, value) -> about.put(key, value.toString()));
        about.put(
                "data",
                what + ", " + images.size() + " images from " + images.name(0) + " to "
                        + images.name(images.size() - 1));
        FeatureFolder folder = FeatureFolder.fill(
                cache.get().resolve(part), about, extractor, images, pipeline, listener.extraction(part));
        ArrayData rows = folder.rows(tap);
        return Optional.of(new FeatureTable(tap, rows, folder.labels(), folder.indices()));
    }
}
