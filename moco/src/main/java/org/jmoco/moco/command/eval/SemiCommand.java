package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EvaluationIdentity;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultText;
import org.jmoco.eval.semi.SemiBenchmark;
import org.jmoco.eval.semi.SemiBenchmark.Cell;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.tensor.Device;
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
                    + "outcome of each cell and its metrics.jsonl, and best.safetensors (the best network), and "
                    + "config.yaml to --out. Ctrl-C saves and stops; --resume goes on, bit for bit; cells that are "
                    + "done are not trained again.",
            "A single cell: --set grid.lr=[0.01] --set grid.head=[100]",
            "",
            "Example: jmoco semi --config configs/benchmarks/resnet50_head_4xb64-steplr-20e_in1k-1pct.yaml "
                    + "--weights mocov2.pth --data data/imagenet --out runs/semi",
            Stoppable.EXIT_CODES
        })
public final class SemiCommand implements Callable<Integer> {
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
            description = "The state of the cell under way is saved after a step if the last one is so old. "
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
    public Integer call() {
        SemiConfig read = options.read(SemiConfig.defaults());
        SemiConfig config =
                options.data().map(d -> read.withData(read.data().at(d))).orElse(read);
        return Stoppable.run("go on with --resume", how -> {
            run(config, how.withResume(resume));
            return 0;
        });
    }

    private void run(SemiConfig config, RunOptions how) {
        String protocol = options.protocol("semi", config.name(), config, SemiConfig.defaults());
        Device opened = device.open().device();
        memory.applyTo(opened);
        Encoder encoder = encoders.read(config.encoder(), config.seed());
        Progress progress = how.progress();
        progress.print(encoder.source() + ": " + encoder.network());
        SemiBenchmark benchmark = new SemiBenchmark(config, encoder, opened, deterministic);
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
                how,
                ResultFolder.RESULT,
                SemiBenchmark.CELLS)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, encoder));
            List<Cell> cells = benchmark.run(run, Saving.everySeconds(saveEvery), new SemiBenchmark.Listener() {
                @Override
                public void end(Cell cell) {
                    progress.print(outcome(cell));
                }
            });
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
            progress.clear();
            print(benchmark, cells, result);
        }
    }

    private static String outcome(Cell cell) {
        return cell.score().isPresent()
                ? String.format(Locale.ROOT, "%s  top-1 %.2f  top-5 %.2f", cell.name(), cell.top1(), cell.top5())
                : cell.name() + "  diverged";
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
