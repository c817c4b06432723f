package org.jmoco.eval.semi;

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
import org.jmoco.eval.linear.ClassifierTraining;
import org.jmoco.eval.linear.ClassifierTraining.Manner;
import org.jmoco.eval.linear.DivergedException;
import org.jmoco.eval.linear.FeatureInput;
import org.jmoco.eval.linear.ImageInput;
import org.jmoco.eval.linear.Score;
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
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunFolder;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// Semi-supervised evaluation: the network is fine-tuned on the labelled images in every cell of the grid, from
/// the same start each time; the best cell by top-1 on the test images is the result.
public final class SemiBenchmark {
    /// The folder of the cells in a run's.
    public static final String CELLS = "cells";

    private static final int PREFETCH = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /// No image is passed over for being slow: which one is would depend on the machine.
    private static final Duration WITHOUT_END = Duration.ofDays(365);

    private static final List<PublishedOn> PUBLISHED = List.of(
            new PublishedOn("resnet50_head_4xb64-steplr-20e_in1k-1pct", "in1k-semi-1pct", 12_811, 50_000),
            new PublishedOn("resnet50_head_4xb64-steplr-20e_in1k-10pct", "in1k-semi-10pct", 128_116, 50_000));

    private final SemiConfig config;
    private final Encoder encoder;
    private final Device device;
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
        private Cell with(Optional<Score> outcome) {
            return new Cell(name, lr, head, outcome);
        }

        /// In percent; NaN if the training diverged.
        public double top1() {
            return score.map(Score::top1).orElse(Double.NaN);
        }

        /// In percent; NaN if the training diverged.
        public double top5() {
            return score.map(Score::top5).orElse(Double.NaN);
        }
    }

    /// Told how the grid goes.
    public interface Listener {
        /// A cell begins.
        default void begin(String name, int number, int cells) {}

        /// A cell is done, in this run or an earlier one.
        default void end(Cell cell) {}
    }

    /// Opens the data.
    ///
    /// @param device        that trains
    /// @param deterministic whether nothing may depend on time
    /// @throws DataException if data cannot be opened or its labels do not fit, naming what
    public SemiBenchmark(SemiConfig config, Encoder encoder, Device device, boolean deterministic) {
        this(config, encoder, device, config.data().classified(), deterministic);
    }

    /// On data that is open already.
    ///
    /// @param data the labelled images are taken of its training images
    public SemiBenchmark(SemiConfig config, Encoder encoder, Device device, Classified data, boolean deterministic) {
        this.config = config;
        this.encoder = encoder;
        this.device = device;
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

    /// Trains every cell that is not done, from where an interrupted run stood. If the run is kept, its folder
    /// [#CELLS] holds each cell's outcome as `NAME.safetensors`, what its training wrote down in a folder `NAME`,
    /// and the best network as `best.safetensors`.
    ///
    /// @param saving when the state of the cell under way is saved
    /// @return the cells in the order of the grid
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop: all is saved
    public List<Cell> run(Run run, Saving saving, Listener listener) {
        List<Cell> cells = new ArrayList<>();
        int count = config.grid().lr().size() * config.grid().head().size();
        for (double lr : config.grid().lr()) {
            for (double head : config.grid().head()) {
                String name = config.cell(lr, head);
                int number = cells.size() + 1;
                listener.begin(name, number, count);
                Run part = run.part(CELLS + "/" + name);
                Cell begun = new Cell(name, lr, head, Optional.empty());
                String title = name + " (" + number + "/" + count + ")";
                Manner manner = new Manner(device, part, title, List.of(), saving);
                Cell cell = known(run, begun).orElseGet(() -> train(run, begun, best(cells), manner));
                part.folder().ifPresent(RunFolder::deleteCheckpoints);
                cells.add(cell);
                listener.end(cell);
            }
        }
        return cells;
    }

    private static Optional<Path> file(Run run, String name) {
        return run.folder().map(f -> f.path().resolve(CELLS).resolve(name + ".safetensors"));
    }

    /// The outcome of a cell that an earlier run trained.
    private static Optional<Cell> known(Run run, Cell cell) {
        return file(run, cell.name())
                .filter(Files::exists)
                .map(f -> cell.with(Score.of(SafeTensors.read(f).arrays(), "")));
    }

    /// @param best of the cells before
    private Cell train(Run run, Cell begun, Optional<Cell> best, Manner manner) {
        try (FineTuned network = new FineTuned(encoder, classes, config.seed())) {
            Cell cell = begun.with(score(network, begun, manner));
            if (cell.score().isPresent()
                    && best.map(b -> cell.top1() > b.top1()).orElse(true)) {
                file(run, "best")
                        .ifPresent(f -> SafeTensors.write(f, StateDict.of(network.net()), Map.of("cell", cell.name())));
            }
            file(run, cell.name()).ifPresent(f -> keep(f, cell));
            return cell;
        }
    }

    /// Trains one network.
    ///
    /// @return empty if the training diverged
    private Optional<Score> score(FineTuned network, Cell cell, Manner manner) {
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
        FeatureInput images = new ImageInput(train, config.views().train(), shuffled);
        FeatureInput testImages = new ImageInput(test, config.views().test(), inOrder);
        try (ClassifierTraining training =
                network.training(tuning.at(cell.lr()), images, testImages, cell.head(), manner)) {
            seconds += TrainingLoop.run(manner.run(), training).orStopped().seconds();
            return Optional.of(training.scores().getFirst());
        } catch (DivergedException e) {
            return Optional.empty();
        } catch (DeviceMemoryException e) {
            throw new DeviceMemoryException(
                    e.getMessage() + "; batch norm takes its statistics from the whole batch of " + tuning.batch()
                            + ", which cannot go in parts: a smaller recipe.batch needs less, and is another protocol",
                    e);
        }
    }

    private static void keep(Path file, Cell cell) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        cell.score().ifPresent(s -> arrays.putAll(s.toArrays("")));
        arrays.put(
                "diverged", ArrayData.ofBytes(new byte[] {(byte) (cell.score().isPresent() ? 0 : 1)}));
        SafeTensors.write(file, arrays, Map.of("cell", cell.name()));
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
