package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.ResultText;
import org.jmoco.eval.svm.SvmData;
import org.jmoco.moco.command.ResultLine;
import picocli.CommandLine.Model.CommandSpec;

/// Shows the result of `svm` or `lowshot`: the tables, then the line for programs.
final class SvmPrinter {
    private SvmPrinter() {}

    /// How −1 is read, where labels have it.
    static Optional<String> ignored(SvmData data) {
        long train = count(data.trainLabels());
        long test = count(data.testLabels());
        return train + test == 0
                ? Optional.empty()
                : Optional.of("labels of -1 are ignored ones, as VOC's \"difficult\": " + train + " in training, "
                        + test + " of the test items, each for one class");
    }

    private static long count(LabelMatrix labels) {
        return IntStream.range(0, labels.classes())
                .mapToLong(c -> labels.count(c, -1))
                .sum();
    }

    /// @param prefix of the names of those metrics that the line for programs has, `mAP` or `mAP k=8` as `mAP_k8`
    static void print(
            CommandSpec spec,
            EvaluationResult report,
            String prefix,
            SvmData data,
            double seconds,
            Optional<Path> out) {
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ResultText.of(report));
        ResultLine line = new ResultLine(report.protocol());
        for (Metric m : report.metrics()) {
            if (m.name().startsWith(prefix)) {
                line.percent(m.name().replace(" k=", "_k"), m.value());
            }
        }
        line.with("train", data.train().numRows)
                .with("test", data.test().numRows)
                .seconds("seconds", seconds);
        out.ifPresent(folder -> line.with("out", folder));
        stdout.println(line);
        stdout.flush();
    }
}
