package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jmoco.eval.result.Comparison;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.result.ResultText;
import org.jmoco.moco.command.ResultLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco compare`: whether two encoders differ.
@Command(
        name = "compare",
        description = "Compares the results of two encoders under one protocol by a paired test on the same test "
                + "items: half-samples of the items, and McNemar's exact test where items are classified.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco compare results/moco results/random"})
public final class CompareCommand implements Runnable {
    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "The folder of a result, as --out of a benchmark named it.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Another one, of the same protocol.")
    private Path second;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of the resamples. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        EvaluationResult a = ResultFolder.read(first);
        EvaluationResult b = ResultFolder.read(second);
        List<Comparison> comparisons = Comparison.of(List.of(first.toString(), second.toString()), a, b, seed);
        ResultTable table = ResultTable.of(
                "A = " + first + ", B = " + second,
                "metric",
                "A %",
                "B %",
                "A - B",
                "low",
                "high",
                "p half-samples",
                "only A",
                "only B",
                "p McNemar");
        for (Comparison c : comparisons) {
            table = table.plus(
                    c.metric(),
                    c.first(),
                    c.second(),
                    c.difference().value(),
                    c.difference().low(),
                    c.difference().high(),
                    c.pValue(),
                    c.mcNemar().<Object>map(m -> m.onlyFirst()).orElse(""),
                    c.mcNemar().<Object>map(m -> m.onlySecond()).orElse(""),
                    c.mcNemar().<Object>map(m -> m.pValue()).orElse(""));
        }
        Comparison main = comparisons.getFirst();
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println("protocol " + a.protocol());
        stdout.print(ResultText.of(table));
        stdout.println(new ResultLine(a.protocol())
                .with("metric", main.metric())
                .percent("difference", main.difference().value())
                .percent("low", main.difference().low())
                .percent("high", main.difference().high())
                .with("p", String.format(Locale.ROOT, "%.3g", main.pValue())));
        stdout.flush();
    }
}
