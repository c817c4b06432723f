package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
        description = "Pre-trains a thin ResNet-18 with MoCo v2 on 4,000 real images that come with jmoco, and "
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
            result.run().orStopped();
            double trained = result.run().knn().orElseThrow();
            options.progress().clear();
            stdout.println();
            stdout.println("features            kNN top-1, %");
            stdout.println(row("raw pixels", result.raw()));
            stdout.println(row("untrained encoder", result.untrained()));
            stdout.println(row("trained encoder", trained));
            stdout.println(row("bundled encoder", result.bundled()) + "   trained for longer, see the README");
            stdout.println();
            stdout.println(new ResultLine()
                    .percent("raw", result.raw())
                    .percent("untrained", result.untrained())
                    .percent("trained", trained)
                    .percent("bundled", result.bundled())
                    .seconds("seconds", result.run().seconds())
                    .with("report", result.run().report()));
            return 0;
        });
    }

    private static String row(String name, double percent) {
        return String.format(Locale.ROOT, "%-20s%12.2f", name, percent);
    }
}
