package org.jmoco.moco.command;

import java.io.PrintWriter;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.draw.Dot;
import org.jmoco.tensor.draw.Drawing;
import org.jmoco.tensor.draw.Mermaid;
import org.jmoco.tensor.plan.rewrite.Rewrites;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco graph`: the training step of a configuration as a drawing.
@Command(
        name = "graph",
        description = "Writes the program of a training step as text that other tools draw. With ranks-at-once "
                + "there are several programs, one after another.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco graph --config configs/smoke.yaml | dot -Tsvg > step.svg",
            "Example: jmoco graph --config configs/smoke.yaml --format mermaid --depth 1"
        })
public final class GraphCommand implements Runnable {
    /// A language for drawings.
    private enum Format {
        dot,
        mermaid
    }

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "dot (Graphviz) or mermaid. Default: ${DEFAULT-VALUE}.",
            defaultValue = "dot")
    private Format format;

    @Option(
            names = "--depth",
            paramLabel = "N|all",
            description = "Parts of a module's name that tell boxes apart, or all for a box an operation. "
                    + "Default: ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private String depth;

    @Option(names = "--rewritten", description = "The program after rewriting, as it runs: fewer, larger kernels.")
    private boolean rewritten;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var c = config.read();
        PrintWriter out = spec.commandLine().getOut();
        for (Program program : new Moco(c, Trial.pixels(c)).programs()) {
            Graph graph = rewritten ? Rewrites.apply(program.graph()) : program.graph();
            Drawing drawing = Drawing.of(graph, depth());
            out.print(format == Format.dot ? Dot.of(drawing) : Mermaid.of(drawing));
        }
        out.flush();
    }

    private int depth() {
        if (depth.equals("all")) {
            return Drawing.EVERY_OP;
        }
        if (!depth.matches("[1-9]\\d{0,3}")) {
            throw new ParameterException(
                    spec.commandLine(), "--depth must be a number from 1 on, or all, got " + depth);
        }
        return Integer.parseInt(depth);
    }
}
