package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.lowshot.Draw;
import org.jmoco.eval.lowshot.LowShotProtocol;
import org.jmoco.eval.lowshot.LowShotResult;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.svm.SvmData;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.train.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco lowshot`: the low-shot form of the VOC07 benchmark.
@Command(
        name = "lowshot",
        description = "Trains linear support vector machines on 1 to 96 positive items a class, several draws "
                + "each, and measures average precision: the low-shot VOC07 benchmark.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A draw has k items of the class and (classes - 1)·k others; all other items are left out. As "
                    + "in the published code, the cost is the one with the best mean on the test set, for each k.",
            "",
            "Example: jmoco lowshot --weights mocov2.pth --data data/VOCdevkit --cache-dir cache --draws draws "
                    + "--out results/lowshot",
            "Example: jmoco lowshot --features train.npy --test-features test.npy --k 1,2,4 --seed 1"
        })
public final class LowShotCommand implements Runnable, OverProcesses {
    @Mixin
    private SvmOptions options;

    @Option(
            names = "--draws",
            paramLabel = "DIR",
            description = "The published draws, files train_targets_sample1_k1.npy …, integers [n, classes] of 1, "
                    + "0, -1. Default: draws of our own, which follow from --seed.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--k",
            paramLabel = "N,…",
            split = ",",
            defaultValue = "1,2,4,8,16,32,64,96",
            description = "Positive items a class. Default: ${DEFAULT-VALUE}.")
    private List<Integer> shots;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "5",
            description = "Draws for each k. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (samples < 1 || shots.stream().anyMatch(k -> k < 1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    samples < 1
                            ? "--samples must be at least 1, got " + samples
                            : "--k must be numbers from 1 on, got " + shots);
        }
        LowShotProtocol protocol = LowShotProtocol.of(options.costs());
        options.out().ifPresent(ResultFolder::requirePlace);
        Progress progress = Terminal.progress();
        options.read(progress).ifPresent(data -> evaluate(protocol, data, progress));
    }

    private void evaluate(LowShotProtocol protocol, SvmData data, Progress progress) {
        List<Integer> ks = shots.stream().distinct().sorted().toList();
        List<Draw> draws = folder.map(f -> Draw.read(f, data.trainLabels(), ks, samples))
                .orElseGet(() -> Draw.random(data.trainLabels(), ks, samples, options.seed()));
        long start = System.nanoTime();
        LowShotResult result = protocol.evaluate(
                data.train(), draws, data.test(), data.testLabels(), line -> progress.show(System.nanoTime(), line));
        progress.clear();
        SvmPrinter.ignored(data).ifPresent(progress::print);
        result.shots()
                .forEach(
                        s -> s.ties(data.testLabels()).warning("mAP k=" + s.k()).ifPresent(progress::print));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("k", ks);
        config.put("samples", samples);
        config.put("draws", folder.map(Path::toString).orElse("seeded"));
        EvaluationResult report = result.report(
                data.testLabels(),
                data.published("voc07-lowshot"),
                options.provenance(data, config).plus(inputs(draws)));
        double seconds = (System.nanoTime() - start) / 1e9;
        options.out().ifPresent(out -> EvaluationReport.write(out, report));
        SvmPrinter.print(spec, report, "mAP", data, seconds, options.out());
    }

    private Provenance.Input[] inputs(List<Draw> draws) {
        return folder.stream()
                .flatMap(f -> draws.stream().map(d -> Provenance.Input.file("draw", Draw.file(f, d.k(), d.sample()))))
                .toArray(Provenance.Input[]::new);
    }
}
