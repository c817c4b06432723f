package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.ResultText;
import org.jmoco.moco.command.ResultLine;
import picocli.CommandLine.Model.CommandSpec;

/// Shows the result of `svm` or `lowshot`: the tables, then the line for programs.
final class SvmPrinter {
    private SvmPrinter() {}

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
