package org.jmoco.moco.command.data;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.moco.command.ConfigOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.image.JpegCodecs;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.tool.ViewGrid;
import org.jmoco.tensor.io.Messages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco data show`: draws images beside their query and key views.
@Command(
        name = "show",
        description =
                "Draws images beside the query and key views that a run would train on in its first epoch, as one PNG.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco data show data/imagenet/train --config "
                    + "configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml --out views.png"
        })
final class ShowCommand implements Runnable {
    private static final int SMALLEST_CELL = 128;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The data set. Default: the one of the configuration.")
    private Optional<String> folder = Optional.empty();

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The picture to write. Default: ${DEFAULT-VALUE}.",
            defaultValue = "grid.png")
    private Path out;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "Rows of the picture. Default: ${DEFAULT-VALUE}.",
            defaultValue = "8")
    private int images;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the choice of images and of the views. Default: the configuration's.")
    private Optional<Long> seed = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (images < 1 || images > 1000) {
            throw new ParameterException(spec.commandLine(), "--images must be between 1 and 1000, got " + images);
        }
        MocoConfig effective = config.read();
        Pipeline pipeline = effective.pipeline();
        DataSpec said = effective.data();
        DataSpec data = folder.map(f -> DataSpec.DEFAULT
                        .withTolerance(said.maxPixels(), said.unreadable())
                        .at(f))
                .orElse(said);
        ImageSource source = data.images(Split.TRAIN);
        long drawsOf = seed.orElse(effective.seed());
        int[] rows = ViewGrid.choose(source, images, drawsOf);
        int side = pipeline.squareSide().orElse(SMALLEST_CELL);
        // Whole multiples keep the pixels of small views recognisable.
        int cell = side * Math.max(1, SMALLEST_CELL / side);
        RgbImage grid = ViewGrid.draw(source, List.of(pipeline, pipeline), drawsOf, rows, cell);
        PngWriter.write(grid, out);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(JpegCodecs.description());
        stdout.println("columns: image, query view, key view; rows:");
        IntStream.of(rows).forEach(i -> stdout.println("  " + Messages.printable(source.name(i) + label(source, i))));
        stdout.println(new ResultLine()
                .with("out", out)
                .with("images", rows.length)
                .with("width", grid.width())
                .with("height", grid.height())
                .with("seed", drawsOf));
        stdout.flush();
    }

    private static String label(ImageSource source, int image) {
        int label = source.label(image);
        return label < 0 ? "" : " (" + source.className(label) + ")";
    }
}
