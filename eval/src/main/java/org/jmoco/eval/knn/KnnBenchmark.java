package org.jmoco.eval.knn;

import java.util.List;
import java.util.Map;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.SameProgram;
import org.jmoco.tensor.Device;

/// Nearest neighbours from images to a report.
///
/// ```java
/// DataSpec data = DataSpec.SAMPLE;
/// KnnBenchmark knn = new KnnBenchmark(device, encoder, Tap.AVGPOOL, views);
/// KnnReport report = knn.features(data, data.classified()).report(List.of(new Vote(200, 0.1)));
/// ```
public final class KnnBenchmark {
    private static final int BATCH = 250;

    private final Device device;
    private final Encoder encoder;
    private final Tap tap;
    private final Pipeline views;
    private final Processes processes;

    /// @param device that computes and searches
    /// @param tap    where the features are from
    /// @param views  how images are prepared
    public KnnBenchmark(Device device, Encoder encoder, Tap tap, Pipeline views) {
        this(device, encoder, tap, views, new Alone("this machine"));
    }

    /// As the other one, by processes that share the images out and all get the report: what is called below is
    /// then called by all of them together.
    public KnnBenchmark(Device device, Encoder encoder, Tap tap, Pipeline views, Processes processes) {
        this.device = device;
        this.encoder = encoder;
        this.tap = tap;
        this.views = views;
        this.processes = processes;
    }

    /// Computes the features of a data set.
    ///
    /// @param data   how its images are loaded
    /// @param images of it
    /// @throws org.jmoco.nn.data.DataException if too many images cannot be read, features are not finite, or the
    ///     head is asked for and there is none
    public Computed features(DataSpec data, Classified images) {
        FeatureExtractor extractor = new FeatureExtractor(
                device, encoder, List.of(tap), data.loading(LoaderOptions.evaluation(BATCH)), processes);
        if (processes.count() > 1) {
            SameProgram.require(
                    processes,
                    Map.of(
                            "weights",
                            encoder.fingerprint(),
                            "views",
                            views.toString(),
                            "training images",
                            identity(data, images.train()),
                            "test images",
                            identity(data, images.test())),
                    device,
                    Encoder.class);
        }
        return new Computed(extractor.table(images.train(), views), extractor.table(images.test(), views));
    }

    private static String identity(DataSpec data, ImageSource images) {
        return images.size() + " " + RunIdentity.digest(data.ids(images).stream());
    }

    /// Features that can be searched for neighbours.
    public final class Computed {
        private final FeatureTable bank;
        private final FeatureTable queries;

        private Computed(FeatureTable bank, FeatureTable queries) {
            this.bank = bank;
            this.queries = queries;
        }

        /// Training images that could be read: no more neighbours can vote.
        public int images() {
            return bank.size();
        }

        /// Classifies the test images, once for each vote at the cost of one search.
        public KnnReport report(List<Vote> votes) {
            try (KnnClassifier knn = new KnnClassifier(device, bank.values(), bank.labels())) {
                List<int[]> predictions = knn.predictions(queries.values(), votes, processes);
                return new KnnReport(tap.toString(), votes, predictions, queries.labels());
            }
        }
    }
}
