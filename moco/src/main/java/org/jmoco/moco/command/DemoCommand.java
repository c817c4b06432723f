package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.eval.result.Metric;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.Demo;
import org.jmoco.moco.pretrain.PretrainOptions;
import org.jmoco.tensor.backend.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco demo`: MoCo v2 on the images that come with jmoco, and what it is good for.
@Command(
        name = "demo",
        description = "Pre-trains a thin ResNet-10 with MoCo v2 on 4,000 real images that come with jmoco, and "
                + "compares kNN accuracy: raw pixels, untrained encoder, trained encoder, and the encoder that comes "
                + "with jmoco. Takes minutes. "
                + "Interrupted, the same command goes on where it stood.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco demo", Stoppable.EXIT_CODES})
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The run's folder. Default: ${DEFAULT-VALUE}, with the seed behind it if there is one.",
            defaultValue = "runs/demo")
    private Path out;

    @Option(names = "--seed", paramLabel = "S", description = "Everything random follows from it.")
    private Long seed;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Overrides one value of configs/demo.yaml, such as schedule.epochs=5; may be given several times.")
    private List<String> overrides = List.of();

    @Mixin
    private DeviceOptions device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> all = new ArrayList<>(overrides);
        boolean outGiven = spec.commandLine().getParseResult().hasMatchedOption("--out");
        if (seed != null) {
            all.add("seed=" + seed);
        }
        MocoConfig config = Binder.bind(ConfigTree.override(Recipes.read("demo.yaml"), all), MocoConfig.defaults());
        Path folder = outGiven || seed == null ? out : out.resolveSibling(out.getFileName() + "-" + seed);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ConfigText.of(config));
        stdout.flush();
        return Stoppable.run("the same command goes on", options -> {
            Devices.Choice choice = device.open();
            options.progress().print("device: " + choice.device() + " (" + choice.reason() + ")");
            Demo.Result result = Demo.run(
                    config, PretrainOptions.into(folder, choice.device()).with(options.withResume(true)));
            options.progress().clear();
            stdout.println();
            stdout.println("features            kNN top-1, %     95 % interval     the trained one's gain");
            Demo.Beside last = result.others().getLast();
            result.others().subList(0, result.others().size() - 1).forEach(other -> stdout.println(row(other)));
            stdout.println(row("trained encoder", result.trained()).stripTrailing());
            stdout.println(row(last) + "   it was trained for longer, see the README");
            stdout.println();
            ResultLine line = new ResultLine();
            result.others().forEach(other -> {
                if (other == last) {
                    line.percent("trained", result.trained().value());
                }
                line.percent(
                        other.accuracy().name().split(" ")[0], other.accuracy().value());
            });
            stdout.println(line.seconds("seconds", result.run().seconds())
                    .with("report", result.run().report()));
            return 0;
        });
    }

    private static String row(Demo.Beside other) {
        return row(other.accuracy().name(), other.accuracy())
                + String.format(
                        Locale.ROOT,
                        "   %+6.2f (%+.2f to %+.2f)",
                        other.gain().value(),
                        other.gain().low(),
                        other.gain().high());
    }

    private static String row(String name, Metric m) {
        return String.format(
                Locale.ROOT,
                "%-20s%12.2f    %s",
                name,
                m.value(),
                m.interval()
                        .map(i -> String.format(Locale.ROOT, "%.2f to %.2f", i.low(), i.high()))
                        .orElse(""));
    }
}
