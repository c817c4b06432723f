package org.jmoco.nn.weights;

import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jmoco.nn.weights.onnx.ResNetOnnx;
import org.jmoco.nn.weights.torch.TorchWriter;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.Messages;
import org.jmoco.tensor.io.SafeTensors;

/// What `jmoco weights inspect|convert|extract|diff` does. Results go to `out`; user errors are
/// thrown as unchecked exceptions with one clear line.
public final class WeightsTool {
    private final PrintStream out;

    public WeightsTool(PrintStream out) {
        this.out = out;
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

        Map<String, ArrayData> of(Weights weights) {
            return switch (this) {
                case ALL -> weights.arrays();
                case ENCODER -> weights.encoder();
                case KEY_ENCODER -> weights.encoder("encoder_k");
                case BACKBONE -> weights.backbone();
            };
        }
    }

    /// Prints what a file holds: format, layout, network, missing and unexpected keys, and each
    /// array with its type, shape and range.
    public void inspect(Path file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        out.println("file      " + checkpoint.file() + " (" + checkpoint.format() + ")");
        checkpoint.facts().forEach((name, value) -> out.println("  " + Messages.printable(name + " = " + value)));
        Layout layout = KeyMaps.detect(checkpoint.arrays().keySet());
        if (layout == null) {
            out.println("layout    unknown");
        } else {
            Weights weights = Weights.of(checkpoint);
            out.println("layout    " + layout.name() + ", since " + weights.reason());
            printNetwork(weights);
            if (!weights.dropped().isEmpty()) {
                out.println("ignored   "
                        + weights.dropped().size()
                        + " keys, such as "
                        + weights.dropped().getFirst());
            }
        }
        checkpoint.skipped().forEach(s -> out.println("skipped   " + Messages.printable(s)));
        if (!checkpoint.inertGlobals().isEmpty()) {
            out.println("inert     " + Messages.printable(String.join(", ", checkpoint.inertGlobals())));
        }
        printArrays(checkpoint.arrays());
    }

    private void printNetwork(Weights weights) {
        ResNetSpec spec = ResNetSpec.guess(weights.encoder());
        if (spec == null) {
            out.println("network   no ResNet that is known");
        } else {
            ResNetSpec.Difference difference = spec.compare(weights.encoder());
            out.println("network   " + spec + (difference.isEmpty() ? ", complete" : "; " + difference));
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
        Weights weights = Weights.read(source);
        String extension = extension(target);
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
            case "onnx" -> ResNetOnnx.write(target, specOf(weights, ours), ours);
            default ->
                throw new IllegalArgumentException(
                        target + ": unknown extension; known are .safetensors, .pth, .pt, .pkl and .onnx");
        }
        out.println("source    " + source + ", " + weights.layout().name() + ", since " + weights.reason());
        weights.dropped().forEach(key -> out.println("dropped   " + Messages.printable(key)));
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
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("__author__", "jmoco");
        facts.put("matching_heuristics", true);
        byte[] pickle = NumpyPickle.write(theirs, facts);
        AtomicFile.write(target, channel -> AtomicFile.append(channel, MemorySegment.ofArray(pickle)));
    }

    private static ResNetSpec specOf(Weights weights, Map<String, ArrayData> encoder) {
        ResNetSpec spec = ResNetSpec.guess(encoder);
        if (spec == null) {
            throw new IllegalArgumentException(weights.file() + ": no ResNet that is known; only those go to ONNX");
        }
        spec.require(weights.file(), encoder);
        return spec;
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

    private static Map<String, ArrayData> comparable(Path file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        boolean known = KeyMaps.detect(checkpoint.arrays().keySet()) != null;
        return known ? Weights.of(checkpoint).arrays() : checkpoint.arrays();
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
