package org.jmoco.moco;

import java.io.UncheckedIOException;
import org.jmoco.moco.command.ConfigCommand;
import org.jmoco.moco.command.DemoCommand;
import org.jmoco.moco.command.DevicesCommand;
import org.jmoco.moco.command.DoctorCommand;
import org.jmoco.moco.command.GraphCommand;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.command.PlanCommand;
import org.jmoco.moco.command.PretrainCommand;
import org.jmoco.moco.command.ProfileCommand;
import org.jmoco.moco.command.ReportCommand;
import org.jmoco.moco.command.TuneCommand;
import org.jmoco.moco.command.data.DataCommand;
import org.jmoco.moco.command.device.ExplainCommand;
import org.jmoco.moco.command.device.ParityCommand;
import org.jmoco.moco.command.eval.CompareCommand;
import org.jmoco.moco.command.eval.EvaluateCommand;
import org.jmoco.moco.command.eval.ExtractCommand;
import org.jmoco.moco.command.eval.KnnCommand;
import org.jmoco.moco.command.eval.LinearCommand;
import org.jmoco.moco.command.eval.LowShotCommand;
import org.jmoco.moco.command.eval.SemiCommand;
import org.jmoco.moco.command.eval.SvmCommand;
import org.jmoco.moco.command.weights.WeightsCommand;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.io.FormatException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `jmoco` command line.
///
/// Exit codes: 0 done, 1 the input or the machine stood in the way (one line on stderr says what and where), 2 the
/// command line itself is wrong.
@Command(
        name = "jmoco",
        description = "A tensor engine in Java, and on it MoCo self-supervised pre-training and its benchmarks.",
        mixinStandardHelpOptions = true,
        version = "jmoco 0.1.0",
        subcommands = {
            CompareCommand.class,
            ConfigCommand.class,
            DataCommand.class,
            DemoCommand.class,
            DevicesCommand.class,
            DoctorCommand.class,
            EvaluateCommand.class,
            ExplainCommand.class,
            ExtractCommand.class,
            GraphCommand.class,
            KnnCommand.class,
            LinearCommand.class,
            LowShotCommand.class,
            ParityCommand.class,
            PlanCommand.class,
            PretrainCommand.class,
            ProfileCommand.class,
            ReportCommand.class,
            SemiCommand.class,
            SvmCommand.class,
            TuneCommand.class,
            WeightsCommand.class,
            GenerateCompletion.class,
        })
public final class Main implements Runnable {
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(
                    LOG_FORMAT, "%4$s: %5$s%n"); // level and message: the libraries log what a person reads along
        }
        int code = run(args);
        MpiProcesses.abortIfJoined(code);
        System.exit(code);
    }

    /// Runs one command.
    ///
    /// @return the exit code
    public static int run(String... args) {
        CommandLine command = new CommandLine(new Main())
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler(Main::explain);
        command.getSubcommands()
                .get("generate-completion")
                .getCommandSpec()
                .usageMessage()
                .footer("", "Example: source <(jmoco generate-completion)");
        int code;
        try {
            code = command.execute(args);
        } catch (OutOfMemoryError e) {
            command.getErr()
                    .println("jmoco: out of memory (" + e.getMessage()
                            + "); a smaller batch or fewer ranks-at-once need less, "
                            + "JMOCO_JAVA_OPTS=-Xmx… allows Java more; what has been saved "
                            + "is whole, --resume goes on from there");
            code = CommandLine.ExitCode.SOFTWARE;
        }
        command.getOut().flush();
        return code;
    }

    /// A command that knows nothing of processes would do the same in each of them, and write the same files.
    private static int execute(CommandLine.ParseResult parsed) {
        CommandLine command = parsed.asCommandLineList().getLast();
        int processes = MpiProcesses.launched();
        if (processes > 1 && !(command.getCommand() instanceof OverProcesses)) {
            throw new CommandLine.ExecutionException(
                    command,
                    "",
                    MpiProcesses.forAll(
                            "jmoco " + command.getCommandName() + " runs in one process, but " + processes
                                    + " were started: start it without mpirun or srun",
                            null));
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /// Whether a command line is one that could be run, whatever its files hold.
    static boolean understands(String... args) {
        try {
            new CommandLine(new Main()).parseArgs(args);
            return true;
        } catch (CommandLine.ParameterException e) {
            return false;
        }
    }

    /// Mistakes a user can mend end in one line; anything else is a defect of ours and shows where it happened.
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        boolean expected = switch (e) {
            case ConfigException c -> true;
            case RunException r -> true;
            case DataException d -> true;
            case DeviceMemoryException m -> true;
            case FormatException f -> true;
            case ProcessesException p -> true;
            case ShapeException s -> true;
            case UncheckedIOException u -> true;
            default -> false;
        };
        if (!expected) {
            throw e;
        }
        if (!(e instanceof ProcessesException p && p.saidByAnother())) {
            command.getErr().println("jmoco: " + e.getMessage());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
