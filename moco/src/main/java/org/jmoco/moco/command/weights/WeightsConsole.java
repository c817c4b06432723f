package org.jmoco.moco.command.weights;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jmoco.eval.detect.DetectorConversion;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.weights.WeightsTool;
import picocli.CommandLine.Model.CommandSpec;

/// Runs the tool with its output going to the command's console, and its complaints about what the user gave
/// becoming one line.
final class WeightsConsole {
    private WeightsConsole() {}

    static void run(CommandSpec spec, Optional<String> prefix, Consumer<WeightsTool> work) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintWriter console = spec.commandLine().getOut();
        try (PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
            work.accept(new WeightsTool(out, prefix, DetectorConversion::describe));
        } catch (IllegalArgumentException e) {
            throw new RunException(e.getMessage(), e);
        } finally {
            console.print(text.toString(StandardCharsets.UTF_8));
            console.flush();
        }
    }
}
