package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.suite.SceneSuiteConfig;
import org.jmoco.eval.suite.SuiteConfig;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco evaluate`: all benchmarks of a suite in one run.
@Command(
        name = "evaluate",
        description = {
            "Runs every benchmark of a suite on trained encoders, each beside untrained encoders of the same "
                    + "architecture.",
            "cifar10: nearest neighbours, SVM, low-shot SVM, linear classifiers on five stages and on pooled "
                    + "features, fine-tuning with 1 %% and 10 %% of the labels.",
            "scenes: segmentation by a fully convolutional network, boxes by Faster R-CNN C4, boxes and masks by Mask "
                    + "R-CNN on a feature pyramid, with paired tests on the same scenes."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Everything is measured several times, with other seeds: of classifiers, heads, draws and subsets, of "
                    + "the untrained encoder, and of the trained one if there are several --weights.",
            "Writes result.json, report.html and every single measurement to --out (measured.tsv; of scenes, a "
                    + "folder with network, pictures and report each). Ctrl-C saves and stops, within a step or at "
                    + "the end of a measurement without steps; --resume goes on, bit for bit; what is measured is "
                    + "not measured again.",
            "",
            "Example: jmoco evaluate --suite cifar10 --weights runs/cifar/final.safetensors --data "
                    + "data/cifar10 --out runs/cifar-suite",
            "Example: jmoco evaluate --suite cifar10 --weights runs/demo-0/final.safetensors "
                    + "runs/demo-1/final.safetensors runs/demo-2/final.safetensors --data sample --out "
                    + "runs/demo-suite",
            "Example: jmoco evaluate --suite scenes --weights runs/cifar/final.safetensors --data data/scenes "
                    + "--out runs/scenes-suite",
            "Example: jmoco evaluate --suite scenes --set tasks=[detection,instances] --weights bundled --data "
                    + "data/scenes --out runs/scenes-boxes",
            Stoppable.EXIT_CODES
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--suite",
            required = true,
            paramLabel = "NAME",
            description = "cifar10: classification of CIFAR-10 and other data sets of images of 32×32 pixels. scenes: "
                    + "segmentation and detection of what jmoco data scenes makes, for encoders of such images.")
    private String suite;

    @Mixin
    private EncodersOptions encoders;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the data set, or the word sample for the images that come with jmoco. "
                    + "Default: data/cifar10 or data/scenes, as the suite is.")
    private Optional<String> data = Optional.empty();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "How often everything is measured. Default: once for each of several --weights, else 3 times.")
    private Optional<Integer> seeds = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides one value, such as ten-percent.grid.head=[10], "
                    + "segmentation.recipe.iterations=100 or tasks=[detection]; may be given several times. --out "
                    + "holds all of them in config.yaml.")
    private List<String> overrides = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of this run.")
    private Path out;

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Spec
    private CommandSpec spec;

    /// A suite with everything but what belongs to this machine and this moment.
    private interface Work {
        void run(List<Encoder> trained, Device device, RunOptions how, PrintWriter stdout);
    }

    @Override
    public Integer call() {
        int files = encoders.files().size();
        if (files > 1 && seeds.isPresent() && seeds.get() != files) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seeds must be the number of --weights where there are several, got " + seeds.get() + " for "
                            + files + " files");
        }
        return switch (suite) {
            case "cifar10" -> run(classification());
            case "scenes" -> run(scenes());
            default ->
                throw new ParameterException(spec.commandLine(), "--suite must be cifar10 or scenes, got " + suite);
        };
    }

    private Work classification() {
        SuiteConfig standard = SuiteConfig.cifar10();
        SuiteConfig read = overridden(standard);
        SuiteConfig counted = read.withSeeds(seeds(read.seeds()));
        SuiteConfig config =
                data.map(d -> counted.withData(counted.data().at(d))).orElse(counted);
        String protocol = protocol(config.name(), config, standard);
        return (trained, opened, how, stdout) ->
                new ClassificationSuite(config, protocol, trained, encoders.files(), out).run(opened, how, stdout);
    }

    private Work scenes() {
        SceneSuiteConfig standard = SceneSuiteConfig.standard();
        SceneSuiteConfig read = overridden(standard);
        SceneSuiteConfig counted = read.withSeeds(seeds(read.seeds()));
        SceneSuiteConfig config =
                data.map(d -> counted.withData(counted.data().at(d))).orElse(counted);
        String protocol = protocol(config.name(), config, standard);
        return (trained, opened, how, stdout) ->
                new ScenesSuite(config, protocol, trained, encoders.files(), out).run(opened, how, stdout);
    }

    private <R extends Record> R overridden(R standard) {
        return Binder.bind(ConfigTree.override(new ConfigTree.Mapping(Map.of(), "--set"), overrides), standard);
    }

    private int seeds(int configured) {
        int files = encoders.files().size();
        return files > 1 ? files : seeds.orElse(configured);
    }

    private static String protocol(String name, Record config, Record standard) {
        return "suite/" + name + BenchmarkConfig.differences(config, standard);
    }

    private int run(Work work) {
        return Stoppable.run("go on with --resume", how -> {
            Device opened = device.open().device();
            memory.applyTo(opened);
            List<Encoder> trained = encoders.read();
            trained.forEach(e -> how.progress().print(e.source() + ": " + e.network()));
            work.run(trained, opened, how.withResume(resume), spec.commandLine().getOut());
            return 0;
        });
    }
}
