package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.KnnReport;
import org.jmoco.eval.knn.Vote;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.report.RunPictures;
import org.jmoco.moco.report.RunReport;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Device;

/// Watches an encoder while it is being trained: the nearest-neighbour accuracy of its features, training images
/// being the bank and test images the queries, both without augmentation, batch norm with its running statistics
/// (the monitor of the official CIFAR-10 demo).
public final class KnnMonitor {
    public static final int BATCH = 250;

    private final Device device;
    private final RunData.Labelled data;
    private final Processes processes;
    private final FeatureExtractor extractor;
    private final MocoConfig.Knn knn;
    private final long seed;
    private final Tap tap;
    private FeatureTable bank;
    private FeatureTable queries;
    private int[] predicted = {};

    public KnnMonitor(Device device, Encoder encoder, RunData.Labelled data, MocoConfig config) {
        this(device, encoder, data, config, new Alone("this machine"));
    }

    /// A monitor whose images several processes share out: all of them look together.
    KnnMonitor(Device device, Encoder encoder, RunData.Labelled data, MocoConfig config, Processes processes) {
        this.device = device;
        this.data = data;
        this.processes = processes;
        knn = config.knn();
        seed = config.seed();
        tap = config.knn().tap() == MocoConfig.Knn.Tap.HEAD ? Tap.HEAD : Tap.AVGPOOL;
        extractor = new FeatureExtractor(
                device, encoder, List.of(tap), config.data().loading(LoaderOptions.evaluation(BATCH)), processes);
    }

    /// Accuracy of the encoder as it is now, in percent.
    public double percent() {
        bank = null; // let the old features go before the new ones come
        queries = null;
        bank = extractor.table(data.bank(), data.plain());
        queries = extractor.table(data.queries(), data.plain());
        try (KnnClassifier classifier = new KnnClassifier(device, bank.values(), bank.labels())) {
            predicted = classifier
                    .predictions(queries.values(), List.of(vote()), processes)
                    .getFirst();
        }
        return answers().metrics().getFirst().value();
    }

    private Vote vote() {
        return new Vote(Math.min(knn.k(), bank.size()), knn.temperature());
    }

    /// What the last look found, with its interval over the test images, and which classes were taken for which: the
    /// result that `jmoco knn` has of the same encoder.
    EvaluationResult answers() {
        KnnReport report = new KnnReport(tap.toString(), List.of(vote()), List.of(predicted), queries.labels());
        List<String> names = data.queries().classes();
        int classes = Math.max(names.size(), Math.max(bank.classes(), queries.classes()));
        return report.result(names, classes, new Provenance("jmoco", Map.of(), seed, List.of()));
    }

    /// Keeps what was found last and draws its features, for the run's report.
    void draw(Path run) {
        if (bank != null) {
            ResultFolder.write(run.resolve(RunReport.KNN), answers());
            RunPictures.write(run, bank, data.bank(), queries, data.queries(), seed);
        }
    }
}
