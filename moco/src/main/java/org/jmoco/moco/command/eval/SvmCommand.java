package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.svm.SquaredHingeSolver;
import org.jmoco.eval.svm.SvmData;
import org.jmoco.eval.svm.SvmProtocol;
import org.jmoco.eval.svm.SvmResult;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco svm`: the VOC07 linear SVM benchmark.
@Command(
        name = "svm",
        description = "Trains a linear support vector machine for every class on frozen features, its cost chosen "
                + "by cross-validation, and measures average precision: the VOC07 benchmark.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "As in the published code, training items with label -1 (VOC's \"difficult\") are negatives; "
                    + "test items with -1 are left out.",
            "",
            "Example: jmoco svm --weights mocov2.pth --data data/VOCdevkit --cache-dir cache --out results/svm",
            "Example: jmoco svm --features train.npy --labels y.npy --test-features test.npy --test-labels yt.npy "
                    + "--weights-out w.npy"
        })
public final class SvmCommand implements Runnable, OverProcesses {
    @Mixin
    private SvmOptions options;

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Folds of the cross-validation. Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(
            names = "--weights-out",
            paramLabel = "FILE",
            description = "Where the machines go: .npy, [classes, d + 1], the bias last; for features scaled by x "
                    + "/ (|x| + 1e-5).")
    private Optional<Path> weightsOut = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (folds < 2) {
            throw new ParameterException(spec.commandLine(), "--folds must be at least 2, got " + folds);
        }
        SvmProtocol protocol = new SvmProtocol(options.costs(), folds, SquaredHingeSolver.TOLERANCE);
        options.out().ifPresent(ResultFolder::requirePlace);
        Progress progress = Terminal.progress();
        options.read(progress).ifPresent(data -> evaluate(protocol, data, progress));
    }

    private void evaluate(SvmProtocol protocol, SvmData data, Progress progress) {
        long start = System.nanoTime();
        progress.print(data.train().numRows + " training and " + data.test().numRows + " test items of "
                + data.train().numCols + " features, " + data.trainLabels().classes() + " classes");
        SvmResult result = protocol.evaluate(data.train(), data.trainLabels(), data.test(), data.testLabels());
        SvmPrinter.ignored(data).ifPresent(progress::print);
        result.ties(data.testLabels()).warning("mAP").ifPresent(progress::print);
        EvaluationResult report = result.report(
                data.trainLabels(),
                data.testLabels(),
                data.published("voc07-svm"),
                options.provenance(data, Map.of("folds", folds)));
        double seconds = (System.nanoTime() - start) / 1e9;
        weightsOut.ifPresent(file -> Npy.write(
                file, ArrayData.ofDoubles(result.weights().data, result.weights().numRows, result.weights().numCols)));
        options.out().ifPresent(folder -> EvaluationReport.write(folder, report));
        SvmPrinter.print(spec, report, "mAP", data, seconds, options.out());
    }
}
