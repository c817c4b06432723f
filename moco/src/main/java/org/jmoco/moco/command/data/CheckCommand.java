package org.jmoco.moco.command.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.moco.command.Count;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.ToleranceOptions;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.LabelData;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.image.JpegCodecs;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.source.LeftOut;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.nn.data.tool.CheckReport;
import org.jmoco.nn.data.tool.DataCheck;
import org.jmoco.nn.data.tool.Finding;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.io.Messages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco data check`: looks at every image of a data set before hours are spent on it.
@Command(
        name = "check",
        description = {
            "Decodes every image of a data set and reports what is unreadable, truncated, CMYK, named after "
                    + "another format, doubled, or both trained and tested on;",
            "of label maps those in colours, with labels that are no class or of another size, and how many pixels a class has;",
            "of objects annotations that are broken or of another size, boxes that are empty or outside, empty masks, images without objects;",
            "then what is left out, images a class and sizes. Exit code 1 if more than 1 %% are unreadable "
                    + "(--unreadable): a run over them would end."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco data check data/imagenet/train --against data/imagenet/val"})
final class CheckCommand implements Runnable {
    /// Findings of a kind that are shown; the others are only counted.
    private static final int SHOWN = 10;

    /// With more classes than this, only the extremes are shown.
    private static final int CLASSES_SHOWN = 20;

    @Parameters(
            paramLabel = "DIR",
            description = "The data set: images with or without class folders, CIFAR-10, IDX or VOC; or sample.")
    private String folder;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "A text file that names the images below DIR, with or without labels.")
    private Optional<String> list = Optional.empty();

    @Option(
            names = "--against",
            paramLabel = "VAL_DIR",
            description =
                    "The images to evaluate on, searched for images of DIR. Default: the test part, where DIR has one.")
    private Optional<String> heldOut = Optional.empty();

    @Option(names = "--findings", paramLabel = "FILE", description = "Writes all findings, a line each, to a file.")
    private Optional<Path> findingsFile = Optional.empty();

    @Option(
            names = "--label-maps",
            description = "Checks the label maps of VOC's segmentation lists. Default where DIR is Cityscapes or has "
                    + "folders images and labels.")
    private boolean labelMaps;

    @Option(
            names = "--objects",
            description = "Checks the boxes and masks of objects, VOC's or COCO's. Default where DIR is COCO.")
    private boolean objects;

    @Option(
            names = "--classes",
            paramLabel = "N",
            description =
                    "How many classes label maps have. Default: as many as the data set, or its classes.txt, names.")
    private int classes;

    @Mixin
    private ToleranceOptions tolerance;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.OfThreads.class,
            description = "Threads that decode. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        DataSpec data = data(folder);
        Optional<LabelData> labels = labels();
        if (labels.isPresent()) {
            checkMaps(out, data.withClasses(classes), labels.get());
            return;
        }
        Optional<ObjectData> annotated = objects();
        if (annotated.isPresent()) {
            checkObjects(out, data, annotated.get());
            return;
        }
        ImageSource source = data.images(Split.TRAIN);
        Optional<ImageSource> against =
                heldOut.map(this::heldOut).or(() -> list.isPresent() ? Optional.empty() : data.ifPresent(Split.TEST));
        Kind kind = list.isPresent() ? Kind.FOLDER : data.kindThere();
        out.println(folder + ": " + kind + ", " + source.size() + " images"
                + against.map(a -> "; compared with " + heldOut.orElse("its test part") + ", " + a.size() + " images")
                        .orElse(""));
        check(out, source, against, kind);
        if (list.isEmpty() && ObjectData.find(DataSpec.folder(folder), true).isPresent()) {
            out.println("It has boxes of objects too: --objects checks them.");
        }
        if (list.isEmpty() && LabelData.find(DataSpec.folder(folder)).isPresent()) {
            out.println("It has label maps too: --label-maps checks them.");
            out.flush();
        }
    }

    /// The label maps that are to be checked: those that are asked for, or that are all there is.
    private Optional<LabelData> labels() {
        if (classes < 0 || classes > 255) {
            throw new ParameterException(spec.commandLine(), "--classes must be between 1 and 255, got " + classes);
        }
        if (labelMaps && (list.isPresent() || heldOut.isPresent())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--label-maps takes the data set's own parts, without " + "--list and --against");
        }
        Optional<LabelData> there = list.isPresent() ? Optional.empty() : LabelData.find(DataSpec.folder(folder));
        if (labelMaps && there.isEmpty()) {
            throw new DataException(folder + ": holds no label maps");
        }
        return there.filter(layout -> labelMaps || layout != LabelData.VOC && heldOut.isEmpty());
    }

    /// The objects that are to be checked: those that are asked for, or that are all there is.
    private Optional<ObjectData> objects() {
        if (objects && (labelMaps || list.isPresent() || heldOut.isPresent())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--objects takes the data set's own parts, without --label-maps, --list and --against");
        }
        Optional<ObjectData> there =
                list.isPresent() ? Optional.empty() : ObjectData.find(DataSpec.folder(folder), true);
        if (objects && there.isEmpty()) {
            throw new DataException(folder + ": holds no boxes of objects");
        }
        boolean alone = Voc.find(DataSpec.folder(folder)).isEmpty() && heldOut.isEmpty();
        return there.filter(layout -> objects || layout == ObjectData.COCO && alone);
    }

    private void checkObjects(PrintWriter out, DataSpec data, ObjectData layout) {
        boolean masks = layout == ObjectData.COCO;
        Split first = layout.has(data.root(), Split.TRAIN) ? Split.TRAIN : Split.TEST;
        ImageSource source = ObjectData.open(data, first, masks).images();
        Optional<ImageSource> against = first == Split.TRAIN && layout.has(data.root(), Split.TEST)
                ? Optional.of(ObjectData.open(data, Split.TEST, masks).images())
                : Optional.empty();
        out.println(folder + ": " + layout + ", " + source.size() + " images with objects"
                + against.map(a -> "; compared with its test part, " + a.size() + " images")
                        .orElse(""));
        check(out, source, against, Kind.VOC);
    }

    private void checkMaps(PrintWriter out, DataSpec data, LabelData layout) {
        Split first = layout.has(data.root(), Split.TRAIN) ? Split.TRAIN : Split.TEST;
        ImageSource source = LabelData.open(data, first);
        Optional<ImageSource> against = first == Split.TRAIN && layout.has(data.root(), Split.TEST)
                ? Optional.of(LabelData.open(data, Split.TEST))
                : Optional.empty();
        out.println(folder + ": " + layout + ", " + source.size() + " images with label maps"
                + against.map(a -> "; compared with its test part, " + a.size() + " images")
                        .orElse(""));
        check(out, source, against, Kind.VOC);
    }

    private void check(PrintWriter out, ImageSource source, Optional<ImageSource> against, Kind kind) {
        out.println(JpegCodecs.description());
        Progress progress = Progress.forPeople();
        CheckReport report =
                new DataCheck(threads, line -> progress.show(System.nanoTime(), line)).run(source, against);
        progress.clear();
        print(out, report, kind, against.map(ImageSource::leftOut).orElse(List.of()));
        out.flush();
        findingsFile.ifPresent(file -> write(file, report.findings()));
        long maps = report.count(Finding.Kind.LABELS);
        if (maps > 0) {
            throw new DataException(folder + ": cannot be used: " + maps
                    + (maps == 1 ? " label map ends" : " label maps end") + " a run; mend or leave out what is listed");
        }
        long annotations = report.count(Finding.Kind.ANNOTATION);
        if (annotations > 0) {
            throw new DataException(folder + ": cannot be used: " + annotations
                    + (annotations == 1 ? " annotation ends" : " annotations end")
                    + " a run; mend or leave out what is listed");
        }
        if (!report.usable(share())) {
            throw new DataException(folder + ": cannot be used: " + report.unreadable() + " of " + report.images()
                    + " images are unreadable, "
                    + (report.unreadable() == report.images() ? "all" : "more than " + LoaderOptions.percent(share())));
        }
    }

    private double share() {
        return tolerance.unreadable(LoaderOptions.MOST_UNREADABLE);
    }

    private DataSpec data(String place) {
        DataSpec there = tolerance.apply(DataSpec.DEFAULT);
        return list.isPresent()
                ? there.withPath(place)
                        .withParts(
                                new DataSpec.Part(
                                        Optional.empty(),
                                        Optional.of(DataSpec.located(list.get())
                                                .toAbsolutePath()
                                                .toString())),
                                DataSpec.Part.OF_KIND)
                : there.at(place);
    }

    /// The images in a folder that are to be evaluated on: its test part if it has one, else all of it.
    private ImageSource heldOut(String place) {
        DataSpec there = tolerance.apply(DataSpec.DEFAULT).at(place);
        return there.ifPresent(Split.TEST).orElseGet(() -> there.images(Split.TRAIN));
    }

    private void print(PrintWriter out, CheckReport report, Kind kind, List<LeftOut> besideTest) {
        for (Finding.Kind what : Finding.Kind.values()) {
            List<Finding> found =
                    report.findings().stream().filter(f -> f.kind() == what).toList();
            found.stream().limit(SHOWN).forEach(f -> out.println("  " + what + ": " + f.text()));
            if (found.size() > SHOWN) {
                out.println(
                        "  " + what + ": and " + (found.size() - SHOWN) + " more (--findings FILE writes them all)");
            }
        }
        out.println();
        for (Finding.Kind what : Finding.Kind.values()) {
            boolean known = switch (what) {
                case LEAK -> report.heldOut() > 0;
                case LABELS -> !report.labels().isEmpty();
                case ANNOTATION, BOX, MASK, OBJECTLESS -> report.objects().objects() + report.count(what) > 0;
                default -> true;
            };
            if (known) {
                out.printf(Locale.ROOT, "%-28s %8d%n", what, report.count(what));
            }
        }
        if (kind == Kind.FOLDER && list.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %8d%n",
                    "files that are no images",
                    ImageFolder.otherFiles(DataSpec.folder(folder)));
        }
        report.leftOut().forEach(l -> out.println("left out: " + Messages.printable(l.toString())));
        besideTest.forEach(l -> out.println("left out of the test part: " + Messages.printable(l.toString())));
        CheckReport.Sizes sizes = report.sizes();
        out.printf(
                Locale.ROOT,
                "%-28s %8s%n",
                "sides in pixels",
                sizes.shortest() + " … " + sizes.longest() + ", median of the shorter " + sizes.medianShorter());
        if (report.objects().objects() > 0) {
            out.printf(Locale.ROOT, "%-28s %8d%n", "objects", report.objects().objects());
            out.printf(
                    Locale.ROOT,
                    "%-28s %8d%n",
                    "crowds among them",
                    report.objects().crowds());
        }
        printClasses(out, report.classes());
        report.labels()
                .forEach(c -> out.printf(
                        Locale.ROOT,
                        "  %-26s %12d pixels %7.3f %%%n",
                        Messages.printable(c.name()),
                        c.pixels(),
                        100 * c.share()));
        int[] counts = report.classes().stream()
                .mapToInt(CheckReport.ClassCount::images)
                .sorted()
                .toArray();
        ResultLine line = new ResultLine()
                .with("dir", folder)
                .with("images", report.images())
                .with("unreadable", report.unreadable())
                .with("truncated", report.count(Finding.Kind.TRUNCATED))
                .with("cmyk", report.count(Finding.Kind.CMYK))
                .with("mislabelled", report.count(Finding.Kind.MISLABELLED))
                .with("duplicates", report.count(Finding.Kind.DUPLICATE) + report.count(Finding.Kind.CONTRADICTION))
                .with("contradictions", report.count(Finding.Kind.CONTRADICTION))
                .with("leaks", report.heldOut() > 0 ? report.count(Finding.Kind.LEAK) : "unknown")
                .with("classes", counts.length)
                .with("smallestClass", counts.length == 0 ? 0 : counts[0])
                .with("largestClass", counts.length == 0 ? 0 : counts[counts.length - 1])
                .with("shortestSide", sizes.shortest())
                .with("medianShorterSide", sizes.medianShorter())
                .with("longestSide", sizes.longest())
                .with("usable", report.usable(share()) ? "yes" : "no");
        long clipped = report.count(Finding.Kind.CLIPPED);
        int leftOut = report.leftOut().stream().mapToInt(LeftOut::count).sum();
        if (!report.labels().isEmpty()) {
            line.with("unusableMaps", report.count(Finding.Kind.LABELS));
        }
        if (report.objects().objects() > 0) {
            line.with("objects", report.objects().objects())
                    .with("boxesOutside", report.count(Finding.Kind.BOX))
                    .with("emptyMasks", report.count(Finding.Kind.MASK))
                    .with("withoutObjects", report.count(Finding.Kind.OBJECTLESS));
        }
        if (clipped > 0) {
            line.with("clipped", clipped);
        }
        if (leftOut > 0) {
            line.with("leftOut", leftOut);
        }
        out.println(line);
    }

    private static void printClasses(PrintWriter out, List<CheckReport.ClassCount> classes) {
        if (classes.isEmpty()) {
            out.println("no classes");
            return;
        }
        int[] counts = classes.stream()
                .mapToInt(CheckReport.ClassCount::images)
                .sorted()
                .toArray();
        out.printf(Locale.ROOT, "%-28s %8d%n", "classes", counts.length);
        out.printf(
                Locale.ROOT,
                "%-28s %8s%n",
                "images a class",
                counts[0] + " … " + counts[counts.length - 1] + ", median " + counts[counts.length / 2]);
        if (classes.size() <= CLASSES_SHOWN) {
            classes.forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", Messages.printable(c.name()), c.images()));
        } else {
            CheckReport.ClassCount[] sorted = classes.stream()
                    .sorted(java.util.Comparator.comparingInt(CheckReport.ClassCount::images))
                    .toArray(CheckReport.ClassCount[]::new);
            Arrays.stream(sorted)
                    .limit(3)
                    .forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", Messages.printable(c.name()), c.images()));
            out.println("  …");
            Arrays.stream(sorted, sorted.length - 3, sorted.length)
                    .forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", Messages.printable(c.name()), c.images()));
        }
    }

    private static void write(Path file, List<Finding> findings) {
        try {
            Files.write(
                    file, findings.stream().map(f -> f.kind() + ": " + f.text()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + DataException.because(e) + ")", e);
        }
    }
}
