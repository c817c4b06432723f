package org.jmoco.moco.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.io.FormatException;
import picocli.CommandLine;

/// How a command that failed ends: in one line. What stands in the way of a user is told as it is; what nobody
/// foresaw is a defect, and its trace goes to a file.
public final class Failures {
    private static final Set<String> TRAINING =
            Set.of("demo", "detect", "evaluate", "linear", "pretrain", "segment", "semi");

    private Failures() {}

    /// Tells why a command failed.
    ///
    /// @param args the command line, for the file of a defect
    /// @return the exit code
    public static int explain(Throwable e, PrintWriter err, String... args) {
        if (e instanceof ProcessesException p && p.saidByAnother()) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        err.println("jmoco: " + MpiProcesses.turnToSpeak(e)
                + switch (e) {
                    case OutOfMemoryError m -> "out of memory (" + message(m) + "); " + relief(args);
                    case ConfigException c -> message(c);
                    case RunException r -> message(r);
                    case DataException d -> message(d);
                    case DeviceMemoryException m -> message(m);
                    case FormatException f -> message(f);
                    case ProcessesException p -> message(p);
                    case ShapeException s -> message(s);
                    case UncheckedIOException u -> message(u);
                    case InvalidPathException p -> message(p);
                    case IllegalArgumentException i when isOwnCheck(i) -> message(i);
                    default -> defect(e, args);
                });
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /// What helps a command that has not got enough memory.
    private static String relief(String... args) {
        String heap = "JMOCO_JAVA_OPTS=-Xmx4g, or another number, gives Java more of what the machine has";
        String name = args.length > 0 ? args[0] : "";
        String again = name.equals("demo") ? "the same command" : "--resume";
        return TRAINING.contains(name)
                ? "a smaller batch or fewer ranks-at-once need less, " + heap + "; what has been saved is whole, "
                        + again + " goes on from there"
                : heap;
    }

    /// A text without line breaks and control characters.
    public static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    }

    /// Whether code of this project looked at a value and refused it; what the JDK or a library refuses was let
    /// through by a check of ours that is missing.
    private static boolean isOwnCheck(IllegalArgumentException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e.getClass() == IllegalArgumentException.class
                && e.getMessage() != null
                && trace.length > 0
                && trace[0].getClassName().startsWith("org.jmoco.");
    }

    /// A name that the file system or the locale does not allow.
    private static String message(InvalidPathException e) {
        return "'" + oneLine(e.getInput()) + "' cannot be a file's name here (" + oneLine(e.getReason())
                + "); where names have other letters than ASCII, a UTF-8 locale is needed, as with LC_ALL=C.UTF-8";
    }

    private static String message(Throwable e) {
        return oneLine(String.valueOf(e.getMessage()));
    }

    private static String defect(Throwable e, String... args) {
        StringWriter trace = new StringWriter();
        PrintWriter writer = new PrintWriter(trace);
        writer.println("jmoco " + Arrays.stream(args).map(Failures::oneLine).collect(Collectors.joining(" ")));
        writer.println(System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        e.printStackTrace(writer);
        writer.flush();
        String what = "a defect of jmoco: " + e.getClass().getSimpleName()
                + (e.getMessage() == null ? "" : ": " + oneLine(e.getMessage()));
        try {
            Path file = Files.createTempFile("jmoco-", ".txt");
            Files.writeString(file, trace.toString());
            return what + "; " + file + " says where it happened";
        } catch (IOException unwritable) {
            return what + "; at " + (e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]);
        }
    }
}
