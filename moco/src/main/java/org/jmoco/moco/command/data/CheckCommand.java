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
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.JpegCodecs;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Sources;
import org.jmoco.nn.data.source.Sources.Kind;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.tool.CheckReport;
import org.jmoco.nn.data.tool.DataCheck;
import org.jmoco.nn.data.tool.Finding;
import org.jmoco.nn.train.Progress;
import picocli.CommandLine.Command;
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
            "then images a class and sizes. Exit code 1 if more than 1 %% are unreadable: a run over them would end."
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
            description = "The data set: images with or without class folders, CIFAR-10, IDX or VOC.")
    private Path folder;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "A text file that names the images below DIR, with or without labels.")
    private Optional<Path> list = Optional.empty();

    @Option(
            names = "--against",
            paramLabel = "VAL_DIR",
            description =
                    "The images to evaluate on, searched for images of DIR. Default: the test part, where DIR has one.")
    private Optional<Path> heldOut = Optional.empty();

    @Option(names = "--findings", paramLabel = "FILE", description = "Writes all findings, a line each, to a file.")
    private Optional<Path> findingsFile = Optional.empty();

    @Option(names = "--threads", paramLabel = "N", description = "Threads that decode. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads must be at least 1, got " + threads);
        }
        PrintWriter out = spec.commandLine().getOut();
        Kind kind = list.isPresent() ? Kind.FOLDER : Sources.recognise(folder);
        ImageSource source = Sources.open(kind, Optional.of(folder), list, Split.TRAIN);
        Optional<ImageSource> against = against(kind);
        out.println(folder + ": " + kind + ", " + source.size() + " images"
                + against.map(a -> "; compared with "
                                + heldOut.map(Path::toString).orElse("its test part") + ", " + a.size() + " images")
                        .orElse(""));
        out.println(JpegCodecs.description());
        Progress progress = Progress.forPeople();
        CheckReport report =
                new DataCheck(threads, line -> progress.show(System.nanoTime(), line)).run(source, against);
        progress.clear();
        print(out, report, kind);
        out.flush();
        findingsFile.ifPresent(file -> write(file, report.findings()));
        if (!report.usable()) {
            throw new DataException(folder + ": cannot be used: " + report.unreadable() + " of " + report.images()
                    + " images are unreadable, more than 1 %");
        }
    }

    private Optional<ImageSource> against(Kind kind) {
        if (heldOut.isPresent()) {
            return Optional.of(Sources.heldOut(heldOut.get()));
        }
        return list.isPresent() ? Optional.empty() : Sources.ifPresent(kind, folder, Split.TEST);
    }

    private void print(PrintWriter out, CheckReport report, Kind kind) {
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
            if (what != Finding.Kind.LEAK || report.heldOut() > 0) {
                out.printf(Locale.ROOT, "%-28s %8d%n", what, report.count(what));
            }
        }
        if (kind == Kind.FOLDER && list.isEmpty()) {
            out.printf(Locale.ROOT, "%-28s %8d%n", "files that are no images", ImageFolder.otherFiles(folder));
        }
        CheckReport.Sizes sizes = report.sizes();
        out.printf(
                Locale.ROOT,
                "%-28s %8s%n",
                "sides in pixels",
                sizes.shortest() + " … " + sizes.longest() + ", median of the shorter " + sizes.medianShorter());
        printClasses(out, report.classes());
        int[] counts = report.classes().stream()
                .mapToInt(CheckReport.ClassCount::images)
                .sorted()
                .toArray();
        out.println("result dir=" + folder + " images=" + report.images() + " unreadable=" + report.unreadable()
                + " truncated=" + report.count(Finding.Kind.TRUNCATED)
                + " cmyk=" + report.count(Finding.Kind.CMYK) + " mislabelled=" + report.count(Finding.Kind.MISLABELLED)
                + " duplicates=" + (report.count(Finding.Kind.DUPLICATE) + report.count(Finding.Kind.CONTRADICTION))
                + " contradictions=" + report.count(Finding.Kind.CONTRADICTION) + " leaks="
                + (report.heldOut() > 0 ? report.count(Finding.Kind.LEAK) : "unknown")
                + " classes=" + counts.length + " smallestClass=" + (counts.length == 0 ? 0 : counts[0])
                + " largestClass=" + (counts.length == 0 ? 0 : counts[counts.length - 1])
                + " shortestSide=" + sizes.shortest() + " medianShorterSide=" + sizes.medianShorter() + " longestSide="
                + sizes.longest()
                + " usable=" + (report.usable() ? "yes" : "no"));
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
            classes.forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", c.name(), c.images()));
        } else {
            CheckReport.ClassCount[] sorted = classes.stream()
                    .sorted(java.util.Comparator.comparingInt(CheckReport.ClassCount::images))
                    .toArray(CheckReport.ClassCount[]::new);
            Arrays.stream(sorted).limit(3).forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", c.name(), c.images()));
            out.println("  …");
            Arrays.stream(sorted, sorted.length - 3, sorted.length)
                    .forEach(c -> out.printf(Locale.ROOT, "  %-26s %8d%n", c.name(), c.images()));
        }
    }

    private static void write(Path file, List<Finding> findings) {
        try {
            Files.write(
                    file, findings.stream().map(f -> f.kind() + ": " + f.text()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
