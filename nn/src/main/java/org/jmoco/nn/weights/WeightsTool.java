package org.jmoco.nn.weights;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jmoco.nn.weights.onnx.ResNetOnnx;
import org.jmoco.nn.weights.torch.TorchWriter;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Messages;
import org.jmoco.tensor.io.SafeTensors;

/// What `jmoco weights inspect|convert|extract|diff` does. Results go to `out`; user errors are
/// thrown as unchecked exceptions with one clear line.
public final class WeightsTool {
    private static final Set<String> EXTENSIONS = Set.of("safetensors", "pth", "pt", "pkl", "onnx");

    private final PrintStream out;
    private final Optional<String> prefix;
    private final WholeNetwork.Kind whole;

    public WeightsTool(PrintStream out) {
        this(out, Optional.empty(), checkpoint -> Optional.empty());
    }

    /// @param prefix of the names to read in every file, in place of all
    /// @param whole  networks that are told apart from an encoder
    public WeightsTool(PrintStream out, Optional<String> prefix, WholeNetwork.Kind whole) {
        this.out = out;
        this.prefix = prefix;
        this.whole = whole;
    }

    /// Which arrays of a file to convert.
    public enum Part {
        /// Everything that is not dropped by the layout.
        ALL,
        /// The query encoder of a MoCo, or the only encoder, with its head.
        ENCODER,
        /// The key encoder of a MoCo, with its head.
        KEY_ENCODER,
        /// [#ENCODER] without its head.
        BACKBONE;

        /// The arrays under our names; of a network, all of its own and nothing else.
        ///
        /// @throws FormatException if the network is not whole
        Map<String, ArrayData> of(Weights weights) {
            return switch (this) {
                case ALL -> weights.arrays();
                case ENCODER -> weights.network();
                case KEY_ENCODER -> weights.network("encoder_k");
                case BACKBONE -> weights.backbone();
            };
        }
    }

    /// Prints what a file holds: format, layout, network, missing and unexpected keys, and each
    /// array with its type, shape and range.
    public void inspect(Path file) {
        Checkpoint checkpoint = read(file);
        out.println("file      " + checkpoint.file() + " (" + checkpoint.format() + ")");
        checkpoint.facts().forEach((name, value) -> out.println("  " + Messages.printable(name + " = " + value)));
        Optional<WholeNetwork> more = whole.in(checkpoint);
        EncoderSearch.Result search = EncoderSearch.in(checkpoint);
        if (more.isPresent()) {
            out.println("layout    " + more.get().layout());
            out.println("network   " + Messages.printable(more.get().network()));
        } else if (search.found() == null) {
            out.println("layout    unknown: " + Messages.printable(search.problem()));
        } else {
            printNetwork(Weights.of(checkpoint));
        }
        checkpoint.skipped().forEach((name, why) -> out.println("skipped   " + Messages.printable(name + ": " + why)));
        if (!checkpoint.beside().isEmpty()) {
            out.println("beside    " + checkpoint.beside().size()
                    + " arrays outside the state dict, whose names begin with "
                    + Messages.printable(
                            EncoderSearch.beginnings(checkpoint.beside().keySet(), List.of())));
        }
        if (!checkpoint.inertGlobals().isEmpty()) {
            out.println("inert     " + Messages.printable(String.join(", ", checkpoint.inertGlobals())));
        }
        printArrays(checkpoint.arrays());
    }

    private void printNetwork(Weights weights) {
        out.println("layout    " + weights.layout().name() + ", since " + Messages.printable(weights.reason()));
        if (!weights.note().isEmpty()) {
            out.println("taken     " + Messages.printable(weights.note()));
        }
        ResNetSpec spec = ResNetSpec.guess(weights.encoder());
        if (spec == null) {
            out.println("network   no ResNet that is known");
        } else {
            ResNetSpec.Difference difference = weights.compare(spec);
            out.println("network   " + spec
                    + (difference.isEmpty() ? ", complete" : "; " + Messages.printable(difference.toString())));
            printSome("left out ", weights.beside(spec));
        }
        printSome("ignored  ", weights.dropped());
    }

    private void printSome(String title, List<String> keys) {
        if (!keys.isEmpty()) {
            out.println(title + " " + keys.size() + " keys, such as " + Messages.printable(keys.getFirst()));
        }
    }

    private void printArrays(Map<String, ArrayData> arrays) {
        Table table = new Table("array", "type", "shape", "min", "max", "mean");
        long count = 0;
        for (Map.Entry<String, ArrayData> e : arrays.entrySet()) {
            ArrayData a = e.getValue();
            count += a.count();
            Range range = Range.of(a);
            table.row(
                    e.getKey(),
                    a.type().name(),
                    Arrays.toString(a.shape()),
                    range.text(range.min),
                    range.text(range.max),
                    range.text(range.mean));
        }
        table.print(out);
        out.printf(Locale.ROOT, "%d arrays, %d elements%n", arrays.size(), count);
    }

    private record Range(double min, double max, double mean, boolean empty) {
        static Range of(ArrayData a) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (long i = 0; i < a.count(); i++) {
                double v = a.doubleAt(i);
                min = Math.min(min, v); // NaN stays NaN, which is what one looks for
                max = Math.max(max, v);
                sum += v;
            }
            return new Range(min, max, sum / a.count(), a.count() == 0);
        }

        String text(double value) {
            return empty ? "-" : String.format(Locale.ROOT, "%.6g", value);
        }
    }

    /// Converts a file; the target's extension decides the format: `.safetensors`, `.pth` or `.pt`
    /// (what `load_state_dict(torch.load(file))` takes), `.pkl` (detectron2), `.onnx`.
    ///
    /// @param layout names for the arrays of a `.safetensors` or `.pth`, or `null` for ours; a
    ///   layout of a whole MoCo needs [Part#ALL]
    public void convert(Path source, Path target, Part part, Layout layout) {
        String extension = extension(target);
        if (!EXTENSIONS.contains(extension)) {
            throw new IllegalArgumentException(
                    target + ": unknown extension; known are .safetensors, .pth, .pt, .pkl and .onnx");
        }
        Weights weights = Weights.read(source, prefix);
        if (part == Part.ALL) {
            weights.requireReadable();
        }
        boolean oneEncoder = extension.equals("pkl") || extension.equals("onnx");
        Map<String, ArrayData> ours = (oneEncoder && part == Part.ALL ? Part.ENCODER : part).of(weights);
        if (layout != null && oneEncoder) {
            throw new IllegalArgumentException(
                    target + ": ." + extension + " files have their own names, not a layout");
        }
        Map<String, ArrayData> named = layout == null ? ours : renamed(ours, layout, weights, part);
        switch (extension) {
            case "safetensors" -> SafeTensors.write(target, named, Map.of("format", "pt"));
            case "pth", "pt" -> writeTorch(target, named, layout);
            case "pkl" -> writeDetectron2(target, ours);
            default -> ResNetOnnx.write(target, ResNetSpec.guess(ours), ours);
        }
        out.println("source    " + source + ", " + weights.layout().name() + ", since "
                + Messages.printable(weights.reason()));
        if (!weights.note().isEmpty()) {
            out.println("taken     " + Messages.printable(weights.note()));
        }
        weights.dropped().forEach(key -> out.println("dropped   " + Messages.printable(key)));
        weights.skipped().forEach((key, why) -> out.println("skipped   " + Messages.printable(key + ": " + why)));
        out.println("wrote     "
                + target
                + ": "
                + ours.size()
                + " of "
                + weights.arrays().size()
                + " arrays");
    }

    /// Writes the backbone alone, without head and optimiser, in torchvision's names (detectron2's
    /// for `.pkl`).
    ///
    /// @throws FormatException if the network is not whole, listing what lacks; then nothing is written
    public void extract(Path source, Path target) {
        convert(source, target, Part.BACKBONE, null);
    }

    private static Map<String, ArrayData> renamed(
            Map<String, ArrayData> ours, Layout layout, Weights weights, Part part) {
        boolean moco = weights.layout().isMoco() && part == Part.ALL;
        if (layout.isMoco() != moco) {
            throw new IllegalArgumentException("layout "
                    + layout.name()
                    + " is for "
                    + (layout.isMoco() ? "a whole MoCo" : "one encoder")
                    + ", "
                    + weights.file()
                    + (moco ? " is a whole MoCo: name a part" : " gives one encoder"));
        }
        Map<String, ArrayData> theirs = new LinkedHashMap<>();
        ours.forEach((name, array) -> theirs.put(layout.fromOurs(name), array));
        return theirs;
    }

    /// The projects with a layout of their own expect the state dict under `state_dict`.
    private static void writeTorch(Path target, Map<String, ArrayData> named, Layout layout) {
        if (layout == null || layout == KeyMaps.TORCHVISION) {
            TorchWriter.write(target, named);
        } else {
            TorchWriter.write(target, Map.of(), named);
        }
    }

    private static void writeDetectron2(Path target, Map<String, ArrayData> encoder) {
        Layout layout = KeyMaps.byName("detectron2");
        Map<String, ArrayData> theirs = new LinkedHashMap<>();
        encoder.forEach((name, array) -> theirs.put(layout.fromOurs(name), array));
        DetectronPickle.write(target, theirs, true);
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /// Prints where two files differ, under our names if both have a known layout.
    ///
    /// @param tolerance largest absolute difference that counts as equal, 0 for the same values
    /// @return whether they hold the same arrays
    public boolean diff(Path first, Path second, double tolerance) {
        Map<String, ArrayData> a = comparable(first);
        Map<String, ArrayData> b = comparable(second);
        Table table = new Table("array", "difference");
        int differing = 0;
        TreeSet<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        for (String name : names) {
            String difference = difference(a.get(name), b.get(name), tolerance);
            if (difference != null) {
                table.row(name, difference);
                differing++;
            }
        }
        if (differing > 0) {
            table.print(out);
        }
        out.printf(Locale.ROOT, "%d of %d arrays differ%n", differing, names.size());
        return differing == 0;
    }

    private Map<String, ArrayData> comparable(Path file) {
        Checkpoint checkpoint = read(file);
        Optional<WholeNetwork> more = whole.in(checkpoint);
        if (more.isPresent()) {
            return more.get().arrays();
        }
        boolean known = EncoderSearch.in(checkpoint).found() != null;
        return known ? Weights.of(checkpoint).arrays() : checkpoint.arrays();
    }

    private Checkpoint read(Path file) {
        Checkpoint all = Checkpoint.read(file);
        return prefix.map(all::under).orElse(all);
    }

    private static String difference(ArrayData a, ArrayData b, double tolerance) {
        if (a == null || b == null) {
            return a == null ? "only in the second file" : "only in the first file";
        }
        if (!Arrays.equals(a.shape(), b.shape())) {
            return "shape " + Arrays.toString(a.shape()) + " and " + Arrays.toString(b.shape());
        }
        double largest = 0;
        for (long i = 0; i < a.count(); i++) {
            double x = a.doubleAt(i);
            double y = b.doubleAt(i);
            boolean same = x == y || Double.isNaN(x) && Double.isNaN(y);
            largest = same
                    ? largest
                    : Double.isNaN(x - y) ? Double.POSITIVE_INFINITY : Math.max(largest, Math.abs(x - y));
        }
        return largest <= tolerance ? null : String.format(Locale.ROOT, "at most %.6g", largest);
    }

    /// The parts that a command line can name.
    public static List<String> partNames() {
        return Arrays.stream(Part.values())
                .map(p -> p.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }
}
