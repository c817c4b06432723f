package org.jmoco.moco.command.data;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.nn.data.dense.SceneFiles;
import org.jmoco.nn.data.dense.SceneMaker;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.train.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco data scenes`: makes scenes with exact boxes and masks of small images.
@Command(
        name = "scenes",
        description = {
            "Makes scenes for detection and segmentation: images of CIFAR-10 seen through shapes on blended "
                    + "backgrounds, with boxes, masks and label maps that are exact;",
            "written in the layouts of PASCAL VOC (DIR/VOC2012) and COCO (DIR/coco) at once. The same options give "
                    + "the same scenes."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco data scenes --out data/scenes --images data/cifar10"})
final class ScenesCommand implements Runnable {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where to put them: a folder that is missing or empty.")
    private Path out;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            defaultValue = "sample",
            description =
                    "What they are made of: CIFAR-10, or other small images of one class each with a training and "
                            + "a test part. Default: ${DEFAULT-VALUE}, the images that come with jmoco.")
    private String images;

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Training scenes. Default: ${DEFAULT-VALUE}.")
    private int train;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "500",
            description = "Test scenes, made of test images. Default: ${DEFAULT-VALUE}.")
    private int test;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "96",
            description = "Sides of a scene. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--smallest",
            paramLabel = "PX",
            defaultValue = "24",
            description = "Smallest side of an object's square. Default: ${DEFAULT-VALUE}.")
    private int smallest;

    @Option(
            names = "--largest",
            paramLabel = "PX",
            defaultValue = "48",
            description = "Largest side of an object's square. Default: ${DEFAULT-VALUE}.")
    private int largest;

    @Option(
            names = "--objects",
            paramLabel = "N",
            defaultValue = "4",
            description = "The most objects in a scene, of at least 1. Default: ${DEFAULT-VALUE}.")
    private int objects;

    @Option(
            names = "--distractors",
            paramLabel = "N",
            defaultValue = "3",
            description = "The most shuffled images in a scene that are no objects. Default: ${DEFAULT-VALUE}.")
    private int distractors;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        SceneMaker maker = new SceneMaker(size, smallest, largest, objects, distractors, seed);
        Progress progress = Progress.forPeople();
        SceneFiles files = new SceneFiles(maker, train, test, line -> progress.show(System.nanoTime(), line));
        DataSpec data = DataSpec.DEFAULT.at(images);
        ImageSource training = data.open(Split.TRAIN);
        SceneFiles.Written written = files.write(out, training, data.open(Split.TEST));
        progress.clear();
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(new ResultLine()
                .with("dir", out)
                .with("train", train)
                .with("test", test)
                .with("size", size)
                .with("classes", training.classes().size())
                .with("objects", written.objects())
                .with("objectPixels", String.format(Locale.ROOT, "%.3f", written.share()))
                .with("seed", seed));
        stdout.flush();
    }
}
