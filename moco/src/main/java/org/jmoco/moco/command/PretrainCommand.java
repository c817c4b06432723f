package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.PretrainOptions;
import org.jmoco.moco.pretrain.PretrainResult;
import org.jmoco.moco.pretrain.Pretraining;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.backend.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco pretrain`: MoCo on the images that a configuration names.
@Command(
        name = "pretrain",
        description = "Pre-trains an encoder with MoCo. The folder --out then holds config.yaml, metrics.jsonl, "
                + "checkpoints/ and final.safetensors. Ctrl-C, or a file named stop in that folder, saves and stops; "
                + "--resume goes on, bit for bit. Started by mpirun or srun in a number of processes that divides the "
                + "ranks, they share the work out, and give the same bits.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco pretrain --config configs/smoke.yaml --out runs/smoke",
            "Example: jmoco pretrain --config configs/smoke.yaml --out runs/smoke --resume --set schedule.epochs=2",
            "Example: mpirun -n 4 --bind-to none jmoco pretrain --config configs/smoke.yaml --set ranks=4 --out runs/four",
            Stoppable.EXIT_CODES
        })
public final class PretrainCommand implements Callable<Integer>, OverProcesses {
    @Mixin
    private ConfigOptions config;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ProcessesOptions together;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The run's folder.")
    private Path out;

    @Option(
            names = "--resume",
            description = "Goes on from the newest checkpoint in --out; starts at step 0 if there is none.")
    private boolean resume;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Everything random follows from it; the same as --set seed=S.")
    private Long seed;

    @Option(
            names = "--init",
            paramLabel = "FILE",
            description = "Weights to begin with: safetensors or a file of PyTorch; a whole MoCo, or one encoder. "
                    + "Of a backbone or a classifier the head begins fresh.")
    private Path init;

    @Option(
            names = "--init-prefix",
            paramLabel = "PREFIX",
            description = "Of the weights to begin with, only arrays whose names begin so, such as teacher.backbone. "
                    + "Needed only where the file holds several encoders.")
    private Optional<String> initPrefix = Optional.empty();

    @Option(
            names = "--log-losses",
            paramLabel = "FILE",
            description = "Writes one line a step, step<TAB>loss, with all digits.")
    private Path losses;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (initPrefix.isPresent() && init == null) {
            throw new ParameterException(spec.commandLine(), "--init-prefix belongs to --init, which is missing");
        }
        return Stoppable.run("go on with --resume", together::join, this::run);
    }

    private int run(RunOptions options) {
        MocoConfig c = seed == null ? config.read() : config.read("seed=" + seed);
        boolean speaks = options.processes().number() == 0;
        PrintWriter stdout = spec.commandLine().getOut();
        if (speaks) {
            stdout.print(ConfigText.of(c));
            stdout.flush();
        }
        Devices.Choice choice = device.open();
        options.progress().print("device: " + choice.device() + " (" + choice.reason() + ")");
        PretrainResult result = Pretraining.run(
                        c,
                        PretrainOptions.into(out, choice.device())
                                .with(options.withResume(resume).withLosses(Optional.ofNullable(losses)))
                                .withInit(Optional.ofNullable(init))
                                .withPrefix(initPrefix))
                .orStopped();
        options.progress().clear();
        if (speaks) {
            stdout.println(line(result));
            stdout.flush();
        }
        return 0;
    }

    private static ResultLine line(PretrainResult result) {
        ResultLine line = new ResultLine()
                .with("steps", result.steps())
                .with("loss", (float) result.loss())
                .percent("accuracy", 100 * result.accuracy());
        result.knn().ifPresent(percent -> line.percent("knn", percent));
        return line.seconds("seconds", result.seconds())
                .with("weights", result.weights())
                .with("report", result.report());
    }
}
