package org.jmoco.moco.command.device;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jmoco.moco.command.ConfigOptions;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.parity.Parity;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco parity`: the same training steps on two devices.
@Command(
        name = "parity",
        description = "Takes the same training steps on two devices, each going its own way, and holds losses and "
                + "parameters against each other. Names the first value that differs beyond the tolerance, "
                + "and the op it comes from; the exit code is then 1.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco parity --config configs/parity.yaml --set data.kind=sample --set "
                    + "'views={preset: cifar10, size: 16}'"
        })
public final class ParityCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config;

    @Option(names = "--steps", paramLabel = "K", description = "Steps. Default: ${DEFAULT-VALUE}.")
    private int steps = 20;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Steps that the first device takes before, since the first steps from random weights "
                    + "are chaotic. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 200;

    @Option(
            names = "--devices",
            paramLabel = "A,B",
            split = ",",
            description = "The two devices, as `jmoco devices` lists them. Default: jvm,tornado.")
    private List<String> devices = List.of("jvm", "tornado");

    @Option(
            names = "--noise",
            paramLabel = "SIDE",
            description = "Views of noise with so many pixels a side, in place of the configuration's data.")
    private Integer noise;

    @Option(
            names = "--init",
            paramLabel = "FILE",
            description = "Weights to begin with, as `jmoco pretrain --init` takes them.")
    private Path init;

    @Option(
            names = "--loss-tolerance",
            paramLabel = "T",
            description = "Relative difference of a loss. Default: ${DEFAULT-VALUE}.")
    private double loss = Parity.Tolerance.DEFAULT.loss();

    @Option(
            names = "--tensor-tolerance",
            paramLabel = "T",
            description = "Relative L2 difference of a parameter. Default: ${DEFAULT-VALUE}.")
    private double tensor = Parity.Tolerance.DEFAULT.tensor();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        require(devices.size() == 2, "--devices takes two devices, such as jvm,tornado; got " + devices);
        require(steps >= 1, "--steps must be at least 1, got " + steps);
        require(warmUp >= 0, "--warm-up must not be negative, got " + warmUp);
        require(noise == null || noise >= 1, "--noise must be at least 1, got " + noise);
        MocoConfig c = config.read();
        PrintWriter out = spec.commandLine().getOut();
        try (Device first = open(devices.get(0));
                Device second = open(devices.get(1))) {
            out.println(first + " against " + second);
            out.flush();
            Parity.Result r = Parity.run(
                    c,
                    noise == null ? OptionalInt.empty() : OptionalInt.of(noise),
                    Optional.ofNullable(init),
                    warmUp,
                    steps,
                    first,
                    second,
                    new Parity.Tolerance(loss, tensor),
                    new Progress(System.err, false));
            out.printf(
                    Locale.ROOT,
                    "%d steps; largest differences: loss %.2g, parameters %.2g (%s), other state %.2g (%s)%n",
                    r.steps(),
                    r.loss(),
                    r.parameters(),
                    r.parameter(),
                    r.others(),
                    r.other());
            out.printf(
                    Locale.ROOT,
                    "result steps=%d loss=%.3g parameters=%.3g others=%.3g agree=%s%n",
                    r.steps(),
                    r.loss(),
                    r.parameters(),
                    r.others(),
                    r.first().isEmpty() ? "yes" : "no");
            out.flush();
            r.first().ifPresent(value -> {
                throw new RunException(value);
            });
            return 0;
        }
    }

    private static Device open(String name) {
        try {
            return Devices.open(name).device();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new RunException(e.getMessage(), e);
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
