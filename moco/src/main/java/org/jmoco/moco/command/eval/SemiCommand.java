package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EvaluationIdentity;
import org.jmoco.eval.linear.EpochReport;
import org.jmoco.eval.linear.Training;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultText;
import org.jmoco.eval.semi.SemiBenchmark;
import org.jmoco.eval.semi.SemiBenchmark.Cell;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco semi`: fine-tuning on a few labelled images.
@Command(
        name = "semi",
        description = "Fine-tunes an encoder on a few labelled images, in every cell of a grid of learning rates, "
                + "and reports the best.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes result.json, items.safetensors (what became of every test image), cells/ with the "
                    + "outcome of each cell and best.safetensors (the best network), and config.yaml to "
                    + "--out. With --resume, cells that are done are not trained again.",
            "A single cell: --set grid.lr=[0.01] --set grid.head=[100]",
            "",
            "Example: jmoco semi --config configs/benchmarks/resnet50_head_4xb64-steplr-20e_in1k-1pct.yaml "
                    + "--weights mocov2.pth --data data/imagenet --out runs/semi"
        })
public final class SemiCommand implements Runnable {
    private static final String CELLS = "cells";

    @Mixin
    private BenchmarkConfig options;

    @Mixin
    private EncoderOptions encoders;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of this run.")
    private Path out;

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            description = "The state of the cell under way is saved at an epoch's end if the last one is so old. "
                    + "Default: ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private long saveEvery;

    @Option(
            names = "--deterministic",
            description = "Nothing depends on time: no image is passed over for being slow. Two runs then write "
                    + "the same bytes.")
    private boolean deterministic;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        SemiConfig read = options.read(SemiConfig.defaults());
        SemiConfig config =
                options.data().map(d -> read.withData(read.data().at(d))).orElse(read);
        String protocol = options.protocol("semi", config.name(), config, SemiConfig.defaults());
        memory.applyTo(device.open().device());
        Encoder encoder = encoders.read(config.encoder(), config.seed());
        Progress progress = Terminal.progress();
        progress.print(encoder.source() + ": " + encoder.network());
        SemiBenchmark benchmark = new SemiBenchmark(config, encoder, deterministic);
        Terminal.remark(progress, benchmark.train(), benchmark.test());
        progress.print(String.format(
                Locale.ROOT,
                "%,d labelled images, %,d test images, %d classes",
                benchmark.train().size(),
                benchmark.test().size(),
                benchmark.classes()));
        try (Run run = Run.open(
                out,
                EvaluationIdentity.of(
                        ConfigText.flat(config), List.of(encoder), config.data(), benchmark.train(), benchmark.test()),
                RunOptions.fresh().withResume(resume),
                ResultFolder.RESULT,
                CELLS)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, encoder));
            List<Cell> cells = benchmark.run(
                    Optional.of(new SemiBenchmark.Keep(out.resolve(CELLS), Duration.ofSeconds(saveEvery))),
                    listener(benchmark, config, progress));
            EvaluationResult result = benchmark.result(
                    protocol,
                    cells,
                    BenchmarkConfig.provenance(
                            config,
                            config.seed(),
                            encoder,
                            encoders.file(),
                            config.data(),
                            benchmark.train(),
                            benchmark.test()));
            EvaluationReport.write(out, result);
            print(benchmark, cells, result);
        }
    }

    private static SemiBenchmark.Listener listener(SemiBenchmark benchmark, SemiConfig config, Progress progress) {
        return new SemiBenchmark.Listener() {
            @Override
            public Training.Listener begin(String name, int number, int cells) {
                return new Training.Listener() {
                    @Override
                    public void step(int epoch, int step, long images, float[] loss) {
                        progress.show(
                                System.nanoTime(),
                                String.format(
                                        Locale.ROOT,
                                        "cell %d/%d, epoch %d/%d, %,d/%,d images, loss %.4f",
                                        number,
                                        cells,
                                        epoch,
                                        config.recipe().epochs(),
                                        images,
                                        benchmark.train().size(),
                                        loss[0]));
                    }

                    @Override
                    public void epoch(EpochReport report) {
                        if (!report.top1().isEmpty()) {
                            progress.print(name + "  " + report);
                        }
                    }
                };
            }

            @Override
            public void end(Cell cell) {
                progress.print(
                        cell.score().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "%s  top-1 %.2f  top-5 %.2f",
                                        cell.name(),
                                        cell.top1(),
                                        cell.top5())
                                : cell.name() + "  diverged");
            }
        };
    }

    private void print(SemiBenchmark benchmark, List<Cell> cells, EvaluationResult result) {
        Cell best = SemiBenchmark.best(cells).orElseThrow();
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ResultText.of(result));
        stdout.println(new ResultLine(result.protocol())
                .percent("top1", best.top1())
                .percent("top5", best.top5())
                .with("best", best.name())
                .with("cells", cells.size())
                .with("images", benchmark.test().size())
                .seconds("seconds", benchmark.trainedSeconds())
                .with("out", out));
        stdout.flush();
    }
}
