package org.jmoco.moco;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jmoco.moco.command.ConfigCommand;
import org.jmoco.moco.command.DemoCommand;
import org.jmoco.moco.command.DevicesCommand;
import org.jmoco.moco.command.DoctorCommand;
import org.jmoco.moco.command.Failures;
import org.jmoco.moco.command.GraphCommand;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.command.PlanCommand;
import org.jmoco.moco.command.PretrainCommand;
import org.jmoco.moco.command.ProfileCommand;
import org.jmoco.moco.command.ReportCommand;
import org.jmoco.moco.command.TuneCommand;
import org.jmoco.moco.command.Version;
import org.jmoco.moco.command.data.DataCommand;
import org.jmoco.moco.command.device.ExplainCommand;
import org.jmoco.moco.command.device.ParityCommand;
import org.jmoco.moco.command.eval.CompareCommand;
import org.jmoco.moco.command.eval.DetectCommand;
import org.jmoco.moco.command.eval.EvaluateCommand;
import org.jmoco.moco.command.eval.ExtractCommand;
import org.jmoco.moco.command.eval.KnnCommand;
import org.jmoco.moco.command.eval.LinearCommand;
import org.jmoco.moco.command.eval.LowShotCommand;
import org.jmoco.moco.command.eval.SegmentCommand;
import org.jmoco.moco.command.eval.SemiCommand;
import org.jmoco.moco.command.eval.SvmCommand;
import org.jmoco.moco.command.weights.WeightsCommand;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.nn.train.Progress;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `jmoco` command line.
///
/// Exit codes: 0 done, 1 the input or the machine stood in the way (one line on stderr says what and where), 2 the
/// command line itself is wrong.
@Command(
        name = "jmoco",
        description = "A tensor engine in Java, and on it MoCo self-supervised pre-training and its benchmarks.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main implements Runnable {
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";
    private static final String COMPLETION = "generate-completion";

    /// With fewer picocli does nothing.
    private static final int LEAST_COLUMNS = 55;

    private static final List<Class<?>> COMMANDS = List.of(
            CompareCommand.class,
            ConfigCommand.class,
            DataCommand.class,
            DemoCommand.class,
            DetectCommand.class,
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
            SegmentCommand.class,
            SemiCommand.class,
            SvmCommand.class,
            TuneCommand.class,
            WeightsCommand.class,
            GenerateCompletion.class);

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(
                    LOG_FORMAT, "%4$s: %5$s%n"); // level and message: the libraries log what a person reads along
        }
        StandardOutput out = StandardOutput.install();
        if (MpiProcesses.isFirst()) {
            LongLook.tell(new Looks());
        }
        int code = run(args);
        code = out.exitCode(code, System.err);
        MpiProcesses.abortIfJoined(code);
        System.exit(code);
    }

    /// Tells people why nothing else happens yet.
    private static final class Looks implements LongLook.Listener {
        /// Made when it is needed, as a console takes some time.
        private static final class Late {
            private static final Progress PROGRESS = Progress.forPeople();
        }

        @Override
        public void told(String line) {
            Late.PROGRESS.show(System.nanoTime(), line);
        }

        @Override
        public void over() {
            Late.PROGRESS.clear();
        }
    }

    /// Runs one command.
    ///
    /// @return the exit code
    public static int run(String... args) {
        CommandLine command = commandLine(args)
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler((e, c, parsed) -> Failures.explain(e, c.getErr(), args))
                .setParameterExceptionHandler(Main::refuse);
        int code;
        try {
            code = command.execute(args);
        } catch (Throwable e) { // errors, which picocli lets pass: of memory, of the stack, of linking
            code = Failures.explain(e, command.getErr(), args);
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
        for (OptionSpec option : command.getParseResult().matchedOptions()) {
            if (!option.splitRegex().isEmpty() && isEmpty(option.getValue())) {
                throw new ParameterException(command, option.longestName() + " has commas and nothing between them");
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static boolean isEmpty(Object list) {
        return list instanceof Collection<?> c ? c.isEmpty() : list.getClass().isArray() && Array.getLength(list) == 0;
    }

    /// Whether a command line is one that could be run, whatever its files hold.
    static boolean understands(String... args) {
        try {
            commandLine(args).parseArgs(args);
            return true;
        } catch (ParameterException e) {
            return false;
        }
    }

    /// The names of all commands, sorted, but of those that help hides.
    public static List<String> commands() {
        return COMMANDS.stream()
                .map(type -> type.getAnnotation(Command.class))
                .filter(command -> !command.hidden())
                .map(Command::name)
                .sorted()
                .toList();
    }

    /// One of the [#commands], with its options.
    public static CommandLine command(String name) {
        return commandLine(name).getSubcommands().get(name);
    }

    /// The command that the arguments name, with all its options; of the others the name and what they do. Reading
    /// the annotations of all of them took most of the time of a short command.
    static CommandLine commandLine(String... args) {
        Optional<String> named =
                Arrays.stream(args).filter(a -> !a.startsWith("-")).findFirst();
        boolean all = named.stream().anyMatch(COMPLETION::equals);
        CommandLine main = new CommandLine(new Main());
        for (Class<?> type : COMMANDS) {
            Command command = type.getAnnotation(Command.class);
            if (all || named.stream().anyMatch(command.name()::equals)) {
                main.addSubcommand(type);
            } else {
                main.addSubcommand(outline(command));
            }
        }
        main.registerConverter(Path.class, Main::path);
        // The launcher tells the terminal's width; to ask for it takes another process and a tenth of the time of help.
        int columns = Integer.getInteger("jmoco.columns", 0);
        if (columns > 0) {
            main.setUsageHelpWidth(Math.max(LEAST_COLUMNS, columns));
        } else {
            main.setUsageHelpAutoWidth(true);
        }
        main.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, Main::footer);
        main.setHelpSectionMap(main.getHelpSectionMap());
        main.getSubcommands()
                .get(COMPLETION)
                .getCommandSpec()
                .usageMessage()
                .footer("", "Example: source <(jmoco generate-completion)");
        return main;
    }

    /// A file's name; `~` is the user's folder, which a shell leaves as it is in `--out=~/runs`.
    private static Path path(String name) {
        if (name.isBlank()) {
            throw new TypeConversionException("a file's name must not be empty");
        }
        try {
            return DataSpec.located(name);
        } catch (DataException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static CommandSpec outline(Command command) {
        CommandSpec outline = CommandSpec.create().name(command.name());
        outline.usageMessage().description(command.description()).hidden(command.hidden());
        return outline;
    }

    /// Footers, in which an example stays one line however narrow the terminal is: it is there to be copied.
    private static String footer(CommandLine.Help help) {
        StringBuilder text = new StringBuilder();
        for (String line : help.commandSpec().usageMessage().footer()) {
            text.append(
                    line.startsWith("Example: ")
                            ? String.format(line) + System.lineSeparator()
                            : help.createHeading(line + "%n"));
        }
        return text.toString();
    }

    /// A wrong command line is told in one line, which comes last: nothing scrolls it away.
    private static int refuse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String what = e.getMessage();
        String near = ";";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            boolean isCommand =
                    !unmatched.isUnknownOption() && !command.getSubcommands().isEmpty();
            what = "there is no " + (isCommand ? "command " : unmatched.isUnknownOption() ? "option " : "argument ")
                    + first;
            List<String> suggestions = NearNames.of(
                    first.replaceFirst("=.*", ""),
                    isCommand
                            ? command.getSubcommands().keySet()
                            : unmatched.isUnknownOption()
                                    ? command.getCommandSpec().optionsMap().keySet()
                                    : List.of());
            near = suggestions.isEmpty() ? ";" : "; did you mean " + String.join(" or ", suggestions) + "?";
        }
        if (MpiProcesses.turnToSpeak(e).isEmpty()) { // the others have the same command line
            command.getErr().println(Failures.oneLine(name + ": " + what + near) + " `" + name + " --help` shows more");
        }
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
