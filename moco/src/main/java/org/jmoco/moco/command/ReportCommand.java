package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.moco.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco report`: the page of a run, or one page that compares several.
@Command(
        name = "report",
        description = "Writes report.html of the folder of a run or of an evaluation; of several, one page that "
                + "compares them. Evaluations in a run's folder are part of its report.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco report runs/demo",
            "Example: jmoco report runs/a runs/b --out comparison.html",
            "Example: jmoco report results/mocov2 results/random"
        })
public final class ReportCommand implements Runnable {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of runs or evaluations.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the page that compares runs is written. Default: ${DEFAULT-VALUE}.",
            defaultValue = "comparison.html")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Path written = out;
        if (runs.size() == 1) {
            written = RunReport.write(runs.getFirst());
        } else {
            RunReport.compare(runs, out);
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println("result report=" + written);
        console.flush();
    }
}
