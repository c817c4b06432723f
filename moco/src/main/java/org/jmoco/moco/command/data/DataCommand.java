package org.jmoco.moco.command.data;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco data`: the group of commands that deal with data sets.
@Command(
        name = "data",
        description = "Gets or makes data sets, checks them, and shows what augmentation makes of them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FetchCommand.Cifar10.class,
            FetchCommand.Cifar100.class,
            FetchCommand.Mnist.class,
            FetchCommand.FashionMnist.class,
            FetchCommand.Stl10.class,
            FetchCommand.TinyImageNet.class,
            FetchCommand.Imagenette.class,
            FetchCommand.Pets.class,
            ScenesCommand.class,
            CheckCommand.class,
            ShowCommand.class
        })
public final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
