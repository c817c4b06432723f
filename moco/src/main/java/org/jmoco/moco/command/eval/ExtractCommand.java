package org.jmoco.moco.command.eval;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.command.ProcessesOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.pretrain.SameRun;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco extract`: features of a data set in a file.
@Command(
        name = "extract",
        description = "Computes features of all images of a data set and writes them to a file, with labels and "
                + "names. Interrupted, the same command goes on where it stood.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "F.npy holds the features, F.labels.npy the classes, F.classes.txt their names, F.ids.txt the images', a "
                    + "line a row. A .safetensors file holds all of it: one array a tap, labels, indices, and ids and "
                    + "classes as UTF-8 text.",
            "Of VOC, labels are [n, 20] of 1, 0, -1; images without classes have none.",
            "",
            "Example: jmoco extract --weights mocov2.pth --tap feature5 --data data/VOCdevkit --split train "
                    + "--out train.npy"
        })
public final class ExtractCommand implements Runnable, OverProcesses {
    private static final String NPY = ".npy";
    private static final String SAFETENSORS = ".safetensors";

    @Mixin
    private EncoderOptions encoder;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "A list of images below DIR: lines 'path label' or 'path', SimCLR's subset lists, or "
                    + "iNaturalist's JSON.")
    private Optional<String> list = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "train or test. Default: ${DEFAULT-VALUE}.",
            defaultValue = "train")
    private String split;

    @Option(
            names = "--tap",
            paramLabel = "TAP",
            split = ",",
            defaultValue = "avgpool",
            description = "feature1 … feature5, avgpool or head; several, with commas, into .safetensors. "
                    + "Default: ${DEFAULT-VALUE}.")
    private List<String> tapNames;

    @Option(
            names = "--pool",
            paramLabel = "FORM",
            defaultValue = "specified",
            description = "How feature1 … feature5 are pooled: specified (fixed windows for images of 224 pixels) "
                    + "or adaptive (any size). Default: ${DEFAULT-VALUE}.")
    private String pool;

    @Option(
            names = "--views",
            paramLabel = "PRESET",
            description = "How images are prepared: linear-val (centre crop), svm (squashed), cifar-test (as they "
                    + "are), … Default: svm for VOC, cifar-test for a network with the CIFAR stem, "
                    + "else linear-val.")
    private Optional<String> views = Optional.empty();

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Side of the prepared images. Default: 224, or what cifar-test finds.")
    private Optional<Integer> size = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images computed together; the features do not depend on it. Default: ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int batch;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write: .npy or .safetensors.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the weights of --untrained. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ProcessesOptions together;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        run(together.join());
    }

    private void run(Processes processes) {
        List<Tap> taps = taps();
        Split part = part();
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch must be at least 1, got " + batch);
        }
        Device opened = device.open().device();
        Encoder network = encoder.read(Encoder.Wanted.ANY, seed);
        DataSpec from = part == Split.TRAIN ? data.spec(list, Optional.empty()) : data.spec(Optional.empty(), list);
        ImageSource images = from.open(part);
        Pipeline pipeline = pipeline(network, images);
        FeatureExtractor extractor = new FeatureExtractor(
                Device.current(), network, taps, from.loading(LoaderOptions.evaluation(batch)), processes);
        Path partial = out.resolveSibling(out.getFileName() + ".partial");
        Progress progress = ProcessesOptions.progress(processes);
        ProcessesOptions.introduce(processes, progress);
        Terminal.remark(progress, images);
        progress.print(network.source() + ": " + network.network() + "; " + images.size() + " images");
        Map<String, String> about = about(network, from, images, taps, part, pipeline);
        Map<String, String> facts = new LinkedHashMap<>(about);
        facts.keySet().removeAll(List.of("data", "first", "last"));
        facts.put("images", images.size() + " " + RunIdentity.digest(from.ids(images).stream()));
        facts.put("batch", Integer.toString(batch));
        SameRun.require(processes, facts, opened);
        if (processes.number() != 0) {
            FeatureFolder.share(extractor, images, pipeline);
            processes.leave();
            return;
        }
        long start = System.nanoTime();
        int[] computed = {0};
        FeatureFolder.Listener told = Terminal.extraction(progress, "features");
        FeatureFolder features = FeatureFolder.fill(partial, about, extractor, images, pipeline, (done, now, total) -> {
            computed[0] = now;
            told.images(done, now, total);
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        processes.leave();
        int[] rows = features.indices();
        long dim = features.rows(taps.getFirst()).dim(1);
        write(features, taps, images, from.ids(images), rows);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(new ResultLine("extract")
                .with("tap", String.join(",", taps.stream().map(Tap::toString).toList()))
                .with("images", rows.length)
                .with("dim", dim)
                .with("unreadable", features.unreadable())
                .with("images_per_second", String.format(Locale.ROOT, "%.1f", computed[0] / Math.max(seconds, 1e-9)))
                .seconds("seconds", seconds)
                .with("out", out));
        stdout.flush();
    }

    private List<Tap> taps() {
        Tap.Pooling pooling = switch (pool) {
            case "specified" -> Tap.Pooling.SPECIFIED;
            case "adaptive" -> Tap.Pooling.ADAPTIVE;
            default ->
                throw new ParameterException(spec.commandLine(), "--pool must be specified or adaptive, got " + pool);
        };
        String name = out.getFileName().toString();
        if (!name.endsWith(NPY) && !name.endsWith(SAFETENSORS)) {
            throw new ParameterException(spec.commandLine(), "--out must end with .npy or .safetensors, got " + out);
        }
        if (name.endsWith(NPY) && tapNames.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "an .npy file holds one tap, got " + String.join(",", tapNames) + "; write .safetensors");
        }
        try {
            return tapNames.stream().distinct().map(n -> Tap.of(n, pooling)).toList();
        } catch (DataException e) {
            throw new ParameterException(spec.commandLine(), "--tap: " + e.getMessage(), e);
        }
    }

    private Split part() {
        return switch (split) {
            case "train" -> Split.TRAIN;
            case "test", "val" -> Split.TEST;
            default -> throw new ParameterException(spec.commandLine(), "--split must be train or test, got " + split);
        };
    }

    private Pipeline pipeline(Encoder network, ImageSource images) {
        String usual = images.targets() == Target.Kind.CLASSES
                ? Preset.SVM.key()
                : network.net().config().stem() == Stem.CIFAR ? Preset.CIFAR_TEST.key() : Preset.LINEAR_VAL.key();
        Preset preset = Preset.of(views.orElse(usual));
        return size.map(preset::pipeline).orElseGet(preset::pipeline);
    }

    /// What decides the features: an interrupted extraction goes on only if all of it is the same.
    private Map<String, String> about(
            Encoder network, DataSpec from, ImageSource images, List<Tap> taps, Split part, Pipeline pipeline) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("network", network.network());
        about.put("weights", network.fingerprint());
        about.put("taps", taps.toString());
        about.put("views", PipelineMaps.map(pipeline).toString());
        about.put("data", from.path().orElse("sample") + " " + part + ", " + images.size() + " images");
        about.put("first", images.name(0));
        about.put("last", images.name(images.size() - 1));
        return about;
    }

    /// The features last: their file is there only when all is.
    private void write(FeatureFolder features, List<Tap> taps, ImageSource images, List<String> ids, int[] rows) {
        Optional<ArrayData> labels = labels(images, rows);
        byte[] names = text(Arrays.stream(rows).mapToObj(ids::get));
        byte[] classes = text(images.classes().stream());
        if (out.toString().endsWith(SAFETENSORS)) {
            Map<String, ArrayData> arrays = new LinkedHashMap<>();
            taps.forEach(tap -> arrays.put(tap.stage().key(), features.rows(tap)));
            arrays.put("indices", ArrayData.ofInts(rows));
            arrays.put("ids", ArrayData.ofBytes(names));
            labels.ifPresent(l -> arrays.put(FeatureFiles.LABELS, l));
            if (classes.length > 0) {
                arrays.put(FeatureFiles.CLASSES, ArrayData.ofBytes(classes));
            }
            SafeTensors.write(out, arrays, Map.of());
        } else {
            String stem = out.toString().substring(0, out.toString().length() - NPY.length());
            write(Path.of(stem + ".ids.txt"), names);
            if (classes.length > 0) {
                write(Path.of(stem + FeatureFiles.CLASSES_SUFFIX), classes);
            }
            labels.ifPresent(l -> Npy.write(Path.of(stem + ".labels.npy"), l));
            try {
                Files.move(
                        features.file(taps.getFirst()),
                        out,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(out + " cannot be written: " + DataException.because(e), e);
            }
        }
        features.delete();
    }

    private static void write(Path file, byte[] text) {
        AtomicFile.write(file, channel -> AtomicFile.append(channel, MemorySegment.ofArray(text)));
    }

    /// A line each.
    private static byte[] text(Stream<String> lines) {
        return lines.map(line -> line.replaceAll("\\p{Cntrl}", "?") + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    /// `[n]` class numbers, `[n, classes]` of 1, 0, −1, or nothing where classes are not known.
    private static Optional<ArrayData> labels(ImageSource images, int[] rows) {
        return switch (images.targets()) {
            case CLASS ->
                Optional.of(
                        ArrayData.ofInts(Arrays.stream(rows).map(images::label).toArray()));
            case CLASSES -> {
                int classes = images.classes().size();
                byte[] cells = new byte[rows.length * classes];
                for (int i = 0; i < rows.length; i++) {
                    byte[] row = ((Target.Classes) images.target(rows[i])).values();
                    System.arraycopy(row, 0, cells, i * classes, classes);
                }
                yield Optional.of(
                        ArrayData.of(ElementType.I8, new long[] {rows.length, classes}, MemorySegment.ofArray(cells)));
            }
            case NONE, OBJECTS, LABEL_MAP -> Optional.empty();
        };
    }
}
