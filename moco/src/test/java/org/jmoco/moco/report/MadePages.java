package org.jmoco.moco.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.segment.LabelColours;
import org.jmoco.eval.stats.Summary;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.Philox;

/// Pages of every kind with made-up numbers, as full as real ones are: many steps, all classes, long names.
final class MadePages {
    private static final List<String> VOC = List.of(
            "aeroplane",
            "bicycle",
            "bird",
            "boat",
            "bottle",
            "bus",
            "car",
            "cat",
            "chair",
            "cow",
            "diningtable",
            "dog",
            "horse",
            "motorbike",
            "person",
            "pottedplant",
            "sheep",
            "sofa",
            "train",
            "tvmonitor");
    private static final Provenance MADE_FROM = new Provenance(
            "jmoco 0.2.0",
            Map.of("data.path", "/a/folder/with/a/long/name/that/has/no/place/to/break/VOCdevkit", "temperature", 0.07),
            7,
            List.of(new Provenance.Input("checkpoint", "weights.pth", "ab".repeat(32))));

    private final Path folder;
    private final Philox draws = new Philox(1, 0, 0, 0);

    MadePages(Path folder) {
        this.folder = folder;
    }

    /// All of them by their names.
    SequencedMap<String, Path> write() throws IOException {
        SequencedMap<String, Path> pages = new LinkedHashMap<>();
        Path demo = run("a-run-of-a-demo-whose-name-is-longer-than-most", 1_100, 39.8);
        baselines(demo);
        pages.put("demo", RunReport.write(demo, Device.current()));
        Path plain = run("plain", 100_000, 61.25);
        pages.put("run", RunReport.write(plain));
        pages.put("suite", EvaluationReport.write(folder.resolve("suite"), suite()));
        pages.put("scenes", EvaluationReport.write(folder.resolve("scenes"), scenes()));
        pages.put("svm", EvaluationReport.write(folder.resolve("svm"), svm(80, 1)));
        EvaluationReport.write(folder.resolve("other"), svm(70, 2));
        pages.put("knn", EvaluationReport.write(folder.resolve("knn"), answers("knn/avgpool [k=200]", 400)));
        pages.put("segmentation", segmentation());
        pages.put("detection", detection());
        Path comparison = folder.resolve("comparison.html");
        RunReport.compare(
                List.of(demo, plain, folder.resolve("svm"), folder.resolve("other"), folder.resolve("suite")),
                comparison);
        pages.put("comparison", comparison);
        return pages;
    }

    private Path run(String name, int steps, double knn) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        StringBuilder log = new StringBuilder();
        for (int step = 0; step <= steps; step += Math.max(1, steps / 2_000)) {
            double done = (double) step / steps;
            if (step > 0) {
                line(
                        log,
                        step,
                        "epoch",
                        1 + 17 * done,
                        "loss",
                        6.9 - 2 * done + 0.2 * draws.nextNormal(),
                        "accuracy",
                        Math.clamp(0.1 + 0.5 * done + 0.05 * draws.nextNormal(), 0, 1),
                        "learningRate",
                        0.03 * (1 + Math.cos(Math.PI * done)),
                        "imagesPerSecond",
                        800 + 20 * draws.nextNormal(),
                        "stepMillis",
                        step < 9 ? 2_500 : 76 + 3 * draws.nextNormal(),
                        "loadMillis",
                        0.1);
            }
            if (step % (steps / 20 * 2) < Math.max(1, steps / 2_000)) {
                line(log, step, "knn", knn * (0.7 + 0.3 * done), "knnMillis", 1_500, "alignment", 0.9 - 0.5 * done);
                line(log, step, "uniformity", -3.5 * done, "effectiveRank", 20 + 50 * done, "spread", 0.4 + 0.5 * done);
                line(log, step, "positiveRank", 400 - 350 * done, "keyAge", 8.5);
            }
        }
        Files.writeString(run.resolve("metrics.jsonl"), log);
        Files.writeString(run.resolve("config.yaml"), "name: " + name + "\ncontrast:\n  temperature: 0.1\n");
        ResultFolder.write(
                run.resolve(RunReport.KNN), answers("knn/avgpool [k=200; temperature=0.1]", (int) (10 * knn)));
        ImageSource train = BundledSample.train();
        ImageSource test = BundledSample.test();
        RunPictures.write(run, features(200, train), train, features(300, test), test, 0);
        return run;
    }

    private static void line(StringBuilder log, int step, Object... values) {
        log.append("{\"step\":").append(step);
        for (int i = 0; i < values.length; i += 2) {
            log.append(String.format(Locale.ROOT, ",\"%s\":%.4f", values[i], ((Number) values[i + 1]).doubleValue()));
        }
        log.append("}\n");
    }

    private FeatureTable features(int n, ImageSource of) {
        float[] values = new float[n * 8];
        int[] labels = IntStream.range(0, n).map(of::label).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) draws.nextNormal() + (i % 8 == labels[i / 8] % 8 ? 2 : 0);
        }
        return new FeatureTable(
                Tap.AVGPOOL,
                ArrayData.ofFloats(values, n, 8),
                labels,
                IntStream.range(0, n).toArray());
    }

    /// @param right of 1,000 test images
    private static EvaluationResult answers(String protocol, int right) {
        List<String> names = BundledSample.test().classes();
        int[] labels = IntStream.range(0, 1_000).map(i -> i % 10).toArray();
        int[] predicted = IntStream.range(0, 1_000)
                .map(i -> i < right ? i % 10 : (i % 10 + 1 + i / 10 % 3 * 2) % 10)
                .toArray();
        boolean[] correct = new boolean[1_000];
        IntStream.range(0, 1_000).forEach(i -> correct[i] = labels[i] == predicted[i]);
        return new EvaluationResult(
                protocol,
                List.of(Metric.percent("top-1", new Items.Correct(correct, labels), 1)),
                List.of(),
                List.of(),
                Confusion.of("top-1", names, 10, labels, predicted),
                MADE_FROM);
    }

    private static void baselines(Path run) {
        List<Metric> metrics = new ArrayList<>();
        Map.of("raw pixels", 362, "untrained encoder", 281, "bundled encoder", 515)
                .forEach((name, right) -> {
                    Metric m = answers("", right).metrics().getFirst();
                    metrics.add(new Metric(name, m.value(), m.unit(), m.interval(), m.spread(), m.items()));
                });
        ResultFolder.write(
                run.resolve(RunReport.BASELINES),
                new EvaluationResult("demo/baselines", metrics, List.of(), List.of(), MADE_FROM));
    }

    private static Metric over(String name, double mean, double std) {
        return Metric.of(name, mean, "%").withSpread(new Summary(mean, mean - 1.2 * std, mean + 1.2 * std, std));
    }

    static EvaluationResult suite() {
        List<Metric> metrics = new ArrayList<>();
        ResultTable single = ResultTable.of("Single measurements", "benchmark", "encoder", "seed", "value %");
        List<String> benchmarks = new ArrayList<>(List.of("kNN top-1", "SVM mAP"));
        for (int k : List.of(1, 2, 4, 8, 16, 32, 64, 96)) {
            benchmarks.add("low-shot mAP k=" + k);
        }
        for (String stage : List.of("feature1", "feature2", "feature3", "feature4", "feature5", "avgpool")) {
            benchmarks.add("linear top-1 " + stage);
        }
        for (int i = 0; i < benchmarks.size(); i++) {
            metrics.add(over(benchmarks.get(i), 40 + 1.3 * i, 0.4));
            metrics.add(over(benchmarks.get(i) + ", untrained", 20 + 0.8 * i, 1.1));
            for (int seed = 0; seed < 3; seed++) {
                single = single.plus(benchmarks.get(i), "trained", seed, 40 + 1.3 * i + 0.1 * seed);
            }
        }
        return new EvaluationResult("suite/cifar10 [data.limit=4000]", metrics, List.of(single), List.of(), MADE_FROM);
    }

    private static EvaluationResult scenes() {
        ResultTable table = ResultTable.of(
                        "Trained beside untrained",
                        "benchmark",
                        "trained %",
                        "± std",
                        "untrained %",
                        "± std",
                        "gain",
                        "low",
                        "high",
                        "p images",
                        "p seeds",
                        "seeds ahead")
                .plus("segmentation mIoU", 24.67, 1.37, 14.03, 0.27, 10.64, 9.75, 11.55, 0.001, 0.006, "3 of 3");
        List<Metric> metrics = new ArrayList<>(
                List.of(over("segmentation mIoU", 24.67, 1.37), over("segmentation mIoU, untrained", 14.03, 0.27)));
        for (int seed = 0; seed < 3; seed++) {
            metrics.add(Metric.of("segmentation mIoU, seed " + seed, 24 + seed, "%"));
        }
        return new EvaluationResult("suite/scenes", metrics, List.of(table), List.of(), MADE_FROM);
    }

    private static EvaluationResult svm(double map, int seed) {
        ResultTable classes = ResultTable.of("Classes", "class", "AP %", "cost");
        for (int c = 0; c < VOC.size(); c++) {
            classes = classes.plus(VOC.get(c), map + 7 * Math.sin(c + seed), c % 2 == 0 ? 0.1 : 1.0);
        }
        Metric items = answers("", (int) (10 * map)).metrics().getFirst();
        return new EvaluationResult(
                "voc07-svm/mmselfsup/3-fold",
                List.of(new Metric("mAP", map, "%", items.interval(), Optional.empty(), items.items())),
                List.of(classes),
                Published.of("voc07-svm"),
                MADE_FROM);
    }

    private Path segmentation() throws IOException {
        Path run = folder.resolve("segmentation");
        List<String> names = new ArrayList<>(List.of("background"));
        names.addAll(VOC);
        ResultTable table = ResultTable.of("by class", "class", "IoU %", "accuracy %", "pixels");
        List<List<Integer>> counts = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            int at = c;
            table = c == 9
                    ? table.plus(names.get(c), "", "", 0L)
                    : table.plus(names.get(c), 80.0 - 3 * c, 85.0 - 3 * c, 1_000_000L / (c + 1));
            counts.add(IntStream.range(0, names.size())
                    .mapToObj(j -> j == at ? 40_000 : (at * 7 + j * 13) % 900)
                    .toList());
        }
        losses(run, "loss", "decodeLoss", "auxiliaryLoss");
        pictures(run);
        return EvaluationReport.write(
                run,
                new EvaluationResult(
                        "segment/fcn_r50-d8_512x512_20k_voc12aug [recipe.iterations=2000; crops.side=256]",
                        List.of(interval("mIoU", 51.2), interval("aAcc", 88.4), interval("mAcc", 61.75)),
                        List.of(table),
                        List.of(new Published("voc12", "MMSelfSup", "MoCo v2, 200 epochs", "feat5", "mIoU", 67.55)),
                        Optional.of(new Confusion("pixels", names, counts)),
                        MADE_FROM));
    }

    private static Metric interval(String name, double value) {
        return new Metric(
                name,
                value,
                "%",
                Optional.of(new Metric.Interval(value - 2.25, value + 2.5, 0.95)),
                Optional.empty(),
                Optional.empty());
    }

    private Path detection() throws IOException {
        Path run = folder.resolve("detection");
        ResultTable table = ResultTable.of("by class", "class", "AP %", "AP50 %", "AP75 %", "objects");
        List<MatchedDetections.OfClass> matched = new ArrayList<>();
        for (int c = 0; c < VOC.size(); c++) {
            int objects = 5 + c;
            int at = c;
            int[] images =
                    IntStream.range(0, objects).map(i -> i * 40 / objects).toArray();
            // Of each class one in (2 + c mod 3) detections is a mistake.
            int[] hits = IntStream.range(0, objects)
                    .map(i -> i % (2 + at % 3) == 1 ? 0 : 1)
                    .toArray();
            matched.add(new MatchedDetections.OfClass(images, hits, new int[objects], images));
            table = table.plus(VOC.get(c), 50.0 - c, 75.0 - c, 40.0 - c, objects);
        }
        Items items = new Items.Detected(new MatchedDetections(40, 1, matched), Interpolation.POINTS_101);
        losses(run, "loss", "rpnClassLoss", "rpnBoxLoss", "classLoss", "boxLoss", "maskLoss");
        pictures(run);
        List<Metric> metrics = new ArrayList<>(List.of(Metric.percent("AP50", items, 1)));
        for (String name : List.of("AP", "AP75", "APs", "APm", "APl")) {
            metrics.add(interval("box " + name, 30 + name.length()));
            metrics.add(interval("mask " + name, 27 + name.length()));
        }
        return EvaluationReport.write(
                run,
                new EvaluationResult(
                        "detect/mask_rcnn_r50_fpn_mstrain_1x_coco", metrics, List.of(table), List.of(), MADE_FROM));
    }

    private void losses(Path run, String... names) throws IOException {
        Files.createDirectories(run);
        StringBuilder log = new StringBuilder();
        for (int step = 1; step <= 500; step++) {
            List<Object> values = new ArrayList<>(List.of("learningRate", 0.01));
            for (int i = 0; i < names.length; i++) {
                values.addAll(List.of(names[i], (2.0 - 0.3 * i) * Math.exp(-step / 300.0) + 0.05 * draws.nextNormal()));
            }
            line(log, step, values.toArray());
        }
        Files.writeString(run.resolve("metrics.jsonl"), log);
    }

    private static void pictures(Path run) {
        for (int i = 0; i < 4; i++) {
            RgbImage image = new RgbImage(160, 120 + 20 * i);
            for (int at = 0; at < image.rgb().length; at++) {
                image.rgb()[at] = (byte) (at / 3 % 160 + 40 * (at % 3) + 20 * i);
            }
            PngWriter.write(
                    LabelColours.beside(image, image),
                    run.resolve(ResultFolder.PICTURES + "/0" + i + " 2007_000033_0000000000000000 mIoU 51.2.png"));
        }
    }
}
