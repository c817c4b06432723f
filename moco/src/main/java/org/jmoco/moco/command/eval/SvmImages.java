package org.jmoco.moco.command.eval;

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
import org.jmoco.eval.extract.DataSpec;
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
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Sources;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.io.ArrayData;

/// Features of a data set's images for a support vector machine: of VOC2007 as §5 of the benchmark has them, of
/// any other labelled data set likewise with one class an image.
final class SvmImages {
    private static final int VOC_YEAR = 2007;
    private static final int BATCH = 64;

    /// The published data set: trainval and test images, and positives of its rarest class, which is also why 96
    /// is the largest number of shots.
    private static final int VOC_TRAIN = 5_011;
    private static final int VOC_TEST = 4_952;
    private static final int VOC_SHEEP = 96;

    private final Encoder encoder;
    private final Tap tap;
    private final Optional<Path> cache;
    private final Progress progress;

    /// @param cache where features are kept, so that an interrupted command goes on; without it they stay in memory
    SvmImages(Encoder encoder, Tap tap, Optional<Path> cache, Progress progress) {
        this.encoder = encoder;
        this.tap = tap;
        this.cache = cache;
        this.progress = progress;
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
    static Tap usualTap(Path data, Tap.Pooling pooling) {
        return isVoc(data) ? new Tap(Tap.Stage.FEATURE5, pooling) : Tap.AVGPOOL;
    }

    private static boolean isVoc(Path data) {
        return !data.toString().equals(Sources.Kind.SAMPLE.toString()) && Sources.recognise(data) == Sources.Kind.VOC;
    }

    /// Features and labels of a data set's two parts.
    SvmData read(Path data) {
        return isVoc(data) ? voc(Voc.folder(data, VOC_YEAR)) : single(data);
    }

    private SvmData voc(Path folder) {
        Pipeline pipeline = Preset.SVM.pipeline();
        Part train = voc(folder, "trainval", pipeline);
        Part test = voc(folder, "test", pipeline);
        boolean published = train.labels.items() == VOC_TRAIN
                && test.labels.items() == VOC_TEST
                && train.labels.count(Voc.CLASSES.indexOf("sheep"), 1) == VOC_SHEEP
                && tap.stage().isMap()
                && tap.pooling() == Tap.Pooling.SPECIFIED;
        return data(train, test, pipeline, published ? tap.stage().key().replace("feature", "feat") : "");
    }

    private Part voc(Path folder, String set, Pipeline pipeline) {
        Voc read = Voc.read(folder, set);
        String what = folder + " " + set;
        FeatureTable table = features(read.images(), what, set, pipeline);
        int[][] targets = new int[table.size()][Voc.CLASSES.size()];
        for (int i = 0; i < targets.length; i++) {
            byte[] row = read.targets().get(table.indices()[i]);
            for (int c = 0; c < row.length; c++) {
                targets[i][c] = row[c];
            }
        }
        return Part.of(what, read.images(), table, LabelMatrix.of(targets).named(Voc.CLASSES));
    }

    private SvmData single(Path data) {
        DataSpec spec = DataSpec.SAMPLE.at(data.toString());
        Pipeline pipeline = (encoder.net().config().stem() == Stem.CIFAR ? Preset.CIFAR_TEST : Preset.SVM).pipeline();
        ImageSource trainImages = spec.open(Split.TRAIN);
        ImageSource testImages = spec.open(Split.TEST);
        FeatureTable train = features(trainImages, data + " train", "train", pipeline);
        FeatureTable test = features(testImages, data + " test", "test", pipeline);
        int classes = Math.max(train.classes(), test.classes());
        return data(
                Part.of(data + " train", trainImages, train, labels(train, trainImages, classes)),
                Part.of(data + " test", testImages, test, labels(test, trainImages, classes)),
                pipeline,
                "");
    }

    private static LabelMatrix labels(FeatureTable table, ImageSource images, int classes) {
        LabelMatrix labels = LabelMatrix.ofIds(table.labels(), classes);
        return images.classes().size() == classes ? labels.named(images.classes()) : labels;
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

    private FeatureTable features(ImageSource images, String what, String part, Pipeline pipeline) {
        FeatureExtractor extractor = new FeatureExtractor(encoder, List.of(tap), LoaderOptions.evaluation(BATCH));
        if (cache.isEmpty()) {
            progress.print(what + ": computing features of " + images.size() + " images");
            return extractor.table(images, pipeline);
        }
        Map<String, String> about = new LinkedHashMap<>();
        config(pipeline).forEach((key, value) -> about.put(key, value.toString()));
        about.put(
                "data",
                what + ", " + images.size() + " images from " + images.name(0) + " to "
                        + images.name(images.size() - 1));
        FeatureFolder folder = FeatureFolder.fill(
                cache.get().resolve(part),
                about,
                extractor,
                images,
                pipeline,
                Terminal.extraction(progress, part + " features"));
        ArrayData rows = folder.rows(tap);
        return new FeatureTable(tap, rows, folder.labels(), folder.indices());
    }
}
