package org.jmoco.eval.semi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.DivergedException;
import org.jmoco.eval.linear.FeatureInput;
import org.jmoco.eval.linear.ImageInput;
import org.jmoco.eval.linear.Score;
import org.jmoco.eval.linear.Training;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// Semi-supervised evaluation: the network is fine-tuned on the labelled images in every cell of the grid, from
/// the same start each time; the best cell by top-1 on the test images is the result.
public final class SemiBenchmark {
    private static final int PREFETCH = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /// No image is passed over for being slow: which one is would depend on the machine.
    private static final Duration WITHOUT_END = Duration.ofDays(365);

    private static final List<PublishedOn> PUBLISHED = List.of(
            new PublishedOn("resnet50_head_4xb64-steplr-20e_in1k-1pct", "in1k-semi-1pct", 12_811, 50_000),
            new PublishedOn("resnet50_head_4xb64-steplr-20e_in1k-10pct", "in1k-semi-10pct", 128_116, 50_000));

    private final SemiConfig config;
    private final Encoder encoder;
    private final ImageSource train;
    private final ImageSource test;
    private final int classes;
    private final Duration deadline;
    private double seconds;

    /// Which published numbers are about which configuration, and on how many images.
    private record PublishedOn(String config, String benchmark, int train, int test) {}

    /// One cell of the grid.
    ///
    /// @param name  in the model zoo
    /// @param lr learning rate of the backbone
    /// @param head how many times that the head's is
    /// @param score on the test images after the last epoch; empty if the training diverged
    public record Cell(String name, double lr, double head, Optional<Score> score) {
        /// In percent; NaN if the training diverged.
        public double top1() {
            return score.map(Score::top1).orElse(Double.NaN);
        }

        /// In percent; NaN if the training diverged.
        public double top5() {
            return score.map(Score::top5).orElse(Double.NaN);
        }
    }

    /// Where a run keeps what it has done, so that a later one goes on from there: each cell's outcome, a state of
    /// the one that is under way, and the best network as `best.safetensors`.
    ///
    /// @param folder for all of it
    /// @param every  a state is saved at the end of an epoch if the last one is at least so old
    public record Keep(Path folder, Duration every) {
        private static final String SUFFIX = ".safetensors";

        private Path cell(String name) {
            return folder.resolve(name + SUFFIX);
        }

        private Path state(String name) {
            return folder.resolve(name + ".state" + SUFFIX);
        }

        private Path best() {
            return folder.resolve("best" + SUFFIX);
        }
    }

    /// Told how the grid goes.
    public interface Listener {
        /// A cell begins.
        ///
        /// @return told about its training
        default Training.Listener begin(String name, int number, int cells) {
            return Training.Listener.NONE;
        }

        /// A cell is done, in this run or an earlier one.
        default void end(Cell cell) {}
    }

    /// Opens the data.
    ///
    /// @param deterministic whether nothing may depend on time
    /// @throws DataException if data cannot be opened or its labels do not fit, naming what
    public SemiBenchmark(SemiConfig config, Encoder encoder, boolean deterministic) {
        this(config, encoder, config.data().classified(), deterministic);
    }

    /// On data that is open already.
    ///
    /// @param data the labelled images are taken of its training images
    public SemiBenchmark(SemiConfig config, Encoder encoder, Classified data, boolean deterministic) {
        this.config = config;
        this.encoder = encoder;
        test = data.test();
        classes = data.classes();
        train = config.fraction() == 1
                ? data.train()
                : BalancedSubset.of(data.train(), config.fraction(), classes, config.seed());
        deadline = deterministic ? WITHOUT_END : PATIENCE;
    }

    /// Labelled images.
    public ImageSource train() {
        return train;
    }

    /// Test images.
    public ImageSource test() {
        return test;
    }

    public int classes() {
        return classes;
    }

    /// Time spent in training steps, evaluation not counted.
    public double trainedSeconds() {
        return seconds;
    }

    /// Trains every cell that is not done, from where an interrupted run stood.
    ///
    /// @param keep where; empty to keep nothing
    /// @return the cells in the order of the grid
    public List<Cell> run(Optional<Keep> keep, Listener listener) {
        List<Cell> cells = new ArrayList<>();
        int number = 0;
        int count = config.grid().lr().size() * config.grid().head().size();
        for (double lr : config.grid().lr()) {
            for (double head : config.grid().head()) {
                String name = config.cell(lr, head);
                Training.Listener told = listener.begin(name, ++number, count);
                Optional<Path> file = keep.map(k -> k.cell(name));
                Cell cell = file.filter(Files::exists)
                        .map(f -> known(f, name, lr, head))
                        .orElseGet(() -> train(name, lr, head, keep, best(cells), told));
                file.filter(f -> !Files.exists(f)).ifPresent(f -> keep(f, cell));
                keep.ifPresent(k -> delete(k.state(name)));
                cells.add(cell);
                listener.end(cell);
            }
        }
        return cells;
    }

    private Cell train(
            String name, double lr, double head, Optional<Keep> keep, Optional<Cell> best, Training.Listener listener) {
        SemiConfig.Tuning tuning = config.recipe();
        LoaderOptions shuffled = config.data()
                .loading(new LoaderOptions(
                                tuning.batch(),
                                tuning.epochs(),
                                true,
                                false,
                                config.seed(),
                                LoaderOptions.OnUnreadable.REPLACE,
                                1,
                                PREFETCH,
                                deadline)
                        .withRanks(tuning.ranks()));
        LoaderOptions inOrder =
                config.data().loading(LoaderOptions.evaluation(tuning.batch())).withDeadline(deadline);
        FineTuned network = new FineTuned(encoder, classes, config.seed());
        try (FeatureInput images = new ImageInput(train, config.views().train(), shuffled);
                FeatureInput testImages = new ImageInput(test, config.views().test(), inOrder)) {
            Training training = network.training(tuning.at(lr), images, testImages, head);
            keep.map(k -> k.state(name))
                    .filter(Files::exists)
                    .ifPresent(state -> training.restore(SafeTensors.read(state).arrays()));
            run(training, name, keep, listener);
            seconds += training.trainedSeconds();
            Cell cell = new Cell(name, lr, head, Optional.of(training.scores().getFirst()));
            if (keep.isPresent() && best.map(b -> cell.top1() > b.top1()).orElse(true)) {
                SafeTensors.write(keep.get().best(), StateDict.of(network.net()), Map.of("cell", name));
            }
            return cell;
        } catch (DivergedException e) {
            return new Cell(name, lr, head, Optional.empty());
        } catch (DeviceMemoryException e) {
            throw new DeviceMemoryException(
                    e.getMessage() + "; batch norm takes its statistics from the whole batch of " + tuning.batch()
                            + ", which cannot go in parts: a smaller recipe.batch needs less, and is another protocol",
                    e);
        }
    }

    private static void run(Training training, String name, Optional<Keep> keep, Training.Listener listener) {
        long saved = System.nanoTime();
        while (training.runEpoch(listener)) {
            if (keep.isPresent()
                    && System.nanoTime() - saved >= keep.get().every().toNanos()) {
                SafeTensors.write(keep.get().state(name), training.stateInPlace(), Map.of("cell", name));
                saved = System.nanoTime();
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private static void keep(Path file, Cell cell) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        cell.score().ifPresent(s -> arrays.putAll(s.toArrays("")));
        arrays.put(
                "diverged", ArrayData.ofBytes(new byte[] {(byte) (cell.score().isPresent() ? 0 : 1)}));
        SafeTensors.write(file, arrays, Map.of("cell", cell.name()));
    }

    private static Cell known(Path file, String name, double lr, double head) {
        return new Cell(name, lr, head, Score.of(SafeTensors.read(file).arrays(), ""));
    }

    /// The cell with the best top-1, the first of equals; none if all diverged.
    public static Optional<Cell> best(List<Cell> cells) {
        return cells.stream()
                .filter(c -> c.score().isPresent())
                .max(Comparator.comparingDouble(Cell::top1).thenComparing(c -> -cells.indexOf(c)));
    }

    /// The result of the grid.
    ///
    /// @param protocol its full name, with what differs from the configuration's
    /// @throws DivergedException if every cell diverged
    public EvaluationResult result(String protocol, List<Cell> cells, Provenance provenance) {
        Cell best = best(cells)
                .orElseThrow(() -> new DivergedException(
                        "the training diverged in every cell of the grid; try lower learning rates (grid.lr)"));
        Score score = best.score().orElseThrow();
        List<Metric> metrics = List.of(
                Metric.percent("top-1", new Items.Correct(score.correct(), score.labels()), config.seed()),
                Metric.of("top-5", score.top5(), "%"));
        ResultTable table = ResultTable.of("grid, best " + best.name(), "cell", "lr", "head ×", "top-1 %", "top-5 %");
        for (Cell cell : cells) {
            table = cell.score().isPresent()
                    ? table.plus(cell.name(), cell.lr(), cell.head(), cell.top1(), cell.top5())
                    : table.plus(cell.name(), cell.lr(), cell.head(), "diverged", "diverged");
        }
        List<Published> published = PUBLISHED.stream()
                .filter(p -> p.config.equals(config.name()) && p.train == train.size() && p.test == test.size())
                .flatMap(p -> Published.of(p.benchmark).stream())
                .toList();
        Optional<Confusion> confusion =
                Confusion.of("top-1", train.classes(), classes, score.labels(), score.predictions());
        return new EvaluationResult(protocol, metrics, List.of(table), published, confusion, provenance);
    }
}
