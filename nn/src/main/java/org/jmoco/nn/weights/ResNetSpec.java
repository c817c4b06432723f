package org.jmoco.nn.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Heads;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Which ResNet a state dict is of. Names and shapes of its arrays are those of the [module][ResNet].
///
/// @param config the network
/// @param head output sizes of the linear layers after pooling: none, `fc` alone, or `fc.0`, ReLU,
///   `fc.2`
/// @param headNorm whether batch norm stands between two of them: `fc.0`, `fc.1`, ReLU, `fc.3`
public record ResNetSpec(ResNet.Config config, List<Integer> head, boolean headNorm) {
    private static final String COUNTER = "num_batches_tracked";
    private static final int SHOWN = 6;
    private static final String HEAD = "fc.";
    private static final Pattern DEEP_STEM = Pattern.compile("conv1\\.\\d\\.(weight|bias)");
    private static final Pattern IN_BLOCK = Pattern.compile("layer([1-4])\\.(\\d{1,3})\\.(.+)");
    /// Elements of one array that the engine can hold.
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    public ResNetSpec {
        head = List.copyOf(head);
        if (headNorm && head.size() != 2) {
            throw new IllegalArgumentException("batch norm stands between two linear layers, got sizes " + head);
        }
    }

    /// A head without batch norm.
    public ResNetSpec(ResNet.Config config, List<Integer> head) {
        this(config, head, false);
    }

    /// The same network with another head; none if no size is given.
    public ResNetSpec withHead(Integer... sizes) {
        return new ResNetSpec(config, List.of(sizes));
    }

    /// The network, its values not yet set.
    public ResNet net() {
        return new ResNet(config, features -> headNorm ? Heads.normalized(features, head) : Heads.of(features, head));
    }

    /// Name and shape of every array of the state dict, in torchvision's order and PyTorch's
    /// element order; with the counters that PyTorch keeps beside running statistics.
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        StateDict.shapes(net()).forEach((name, shape) -> {
            shapes.put(name, shape);
            if (name.endsWith(".running_var")) {
                shapes.put(name.substring(0, name.lastIndexOf('.') + 1) + COUNTER, new long[0]);
            }
        });
        return shapes;
    }

    /// The ResNet whose names and shapes these look like, or `null` if they look like none. Single
    /// arrays may still be missing or wrong: see [#compare].
    public static ResNetSpec guess(Map<String, ArrayData> encoder) {
        boolean deep = encoder.keySet().stream().anyMatch(DEEP_STEM.asMatchPredicate());
        ArrayData conv1 = encoder.get(deep ? "conv1.6.weight" : "conv1.weight");
        ArrayData widest = conv1 == null ? encoder.get("bn1.weight") : conv1;
        if (widest == null || widest.rank() == 0 || conv1 != null && conv1.rank() != 4) {
            return null;
        }
        Stem stem = deep ? Stem.DEEP : conv1 != null && conv1.dim(2) == 3 ? Stem.CIFAR : Stem.IMAGENET;
        List<Integer> blocks = new ArrayList<>(List.of(0, 0, 0, 0));
        boolean bottleneck = false;
        for (String name : encoder.keySet()) {
            Matcher m = IN_BLOCK.matcher(name);
            if (m.matches()) {
                int stage = Integer.parseInt(m.group(1)) - 1;
                blocks.set(stage, Math.max(blocks.get(stage), Integer.parseInt(m.group(2)) + 1));
                bottleneck |= m.group(3).startsWith("conv3.");
            }
        }
        boolean threeConvolutions = bottleneck;
        Optional<Arch> arch = Arrays.stream(Arch.values())
                .filter(a -> a.blocks().equals(blocks) && a.isBottleneck() == threeConvolutions)
                .findFirst();
        try {
            ResNet.Config config = ResNet.Config.of(arch.orElseThrow())
                    .width(Math.toIntExact(widest.dim(0)))
                    .stem(stem);
            List<Integer> head = guessHead(encoder, config.features());
            return new ResNetSpec(config, head, head.size() == 2 && encoder.containsKey("fc.3.weight"));
        } catch (NoSuchElementException | IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    /// The head, if it is one that we have, whole and in shape; else none.
    private static List<Integer> guessHead(Map<String, ArrayData> encoder, int features) {
        Set<String> names = new TreeSet<>();
        encoder.keySet().stream().filter(name -> name.startsWith(HEAD)).forEach(names::add);
        List<String> layers = names.equals(ofLinear("fc"))
                ? List.of("fc")
                : names.equals(ofLinear("fc.0", "fc.2"))
                        ? List.of("fc.0", "fc.2")
                        : isNormalized(encoder, names) ? List.of("fc.0", "fc.3") : List.of();
        List<Integer> head = new ArrayList<>();
        long in = features;
        for (String layer : layers) {
            ArrayData weight = encoder.get(layer + ".weight");
            ArrayData bias = encoder.get(layer + ".bias");
            boolean fits = weight.rank() == 2
                    && weight.dim(1) == in
                    && weight.dim(0) >= 1
                    && weight.count() <= LARGEST_ARRAY
                    && Arrays.equals(bias.shape(), new long[] {weight.dim(0)});
            if (!fits) {
                return List.of();
            }
            in = weight.dim(0);
            head.add((int) in);
        }
        return head;
    }

    private static Set<String> ofLinear(String... layers) {
        Set<String> names = new TreeSet<>();
        for (String layer : layers) {
            names.add(layer + ".weight");
            names.add(layer + ".bias");
        }
        return names;
    }

    /// Whether these are the arrays of two linear layers with batch norm between them, and it is as wide as the first.
    private static boolean isNormalized(Map<String, ArrayData> encoder, Set<String> names) {
        Set<String> norm = ofLinear("fc.1");
        norm.addAll(Set.of("fc.1.running_mean", "fc.1.running_var"));
        Set<String> wanted = ofLinear("fc.0", "fc.3");
        wanted.addAll(norm);
        Set<String> found = new TreeSet<>(names);
        found.remove("fc.1." + COUNTER);
        return found.equals(wanted)
                && norm.stream()
                        .allMatch(name -> Arrays.equals(
                                encoder.get(name).shape(),
                                encoder.get("fc.0.bias").shape()));
    }

    /// The network's own among arrays that may have others beside them: those in one of its layers. What a
    /// layer has that it should not have stays with it, since it may be another network.
    public Map<String, ArrayData> own(Map<String, ArrayData> encoder) {
        Set<String> layers = new HashSet<>();
        shapes().keySet().forEach(name -> layers.add(firstOf(name)));
        Map<String, ArrayData> own = new LinkedHashMap<>();
        encoder.forEach((name, array) -> {
            if (layers.contains(firstOf(name))) {
                own.put(name, array);
            }
        });
        return own;
    }

    private static String firstOf(String name) {
        return name.contains(".") ? name.substring(0, name.indexOf('.')) : "";
    }

    /// How arrays differ from a network's state dict, each as a list of keys.
    ///
    /// @param wrongShape with the shapes: `fc.weight is [10, 512], not [128, 512]`
    /// @param wrongType with the type: `fc.weight is I8, weights are floating-point numbers`
    public record Difference(
            List<String> missing, List<String> unexpected, List<String> wrongShape, List<String> wrongType) {
        public boolean isEmpty() {
            return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty() && wrongType.isEmpty();
        }

        @Override
        public String toString() {
            List<String> parts =
                    new ArrayList<>(wrongShape.stream().limit(SHOWN).toList());
            wrongType.stream().limit(SHOWN).forEach(parts::add);
            listTo(parts, missing, "missing");
            listTo(parts, unexpected, "unexpected");
            return String.join("; ", parts);
        }

        private static void listTo(List<String> parts, List<String> keys, String what) {
            if (!keys.isEmpty()) {
                String more = keys.size() > SHOWN ? " and " + (keys.size() - SHOWN) + " more" : "";
                parts.add(what + ": " + keys.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more);
            }
        }
    }

    /// Compares names, shapes and types of the network's [own][#own] arrays; `num_batches_tracked` may be missing
    /// (old torchvision files lack it), and holds integers.
    public Difference compare(Map<String, ArrayData> encoder) {
        return compare(encoder, Map.of());
    }

    /// @param unread names that the file has and that could not be read, with the reason
    Difference compare(Map<String, ArrayData> encoder, Map<String, String> unread) {
        Map<String, long[]> wanted = shapes();
        List<String> missing = wanted.keySet().stream()
                .filter(k -> !encoder.containsKey(k) && !isCounter(k))
                .map(k -> unread.containsKey(k) ? k + " (" + unread.get(k) + ")" : k)
                .toList();
        List<String> unexpected = own(encoder).keySet().stream()
                .filter(k -> !wanted.containsKey(k))
                .toList();
        List<String> wrongShape = new ArrayList<>();
        List<String> wrongType = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            ArrayData array = encoder.get(name);
            if (array != null && !Arrays.equals(array.shape(), shape)) {
                wrongShape.add(name + " is " + Arrays.toString(array.shape()) + ", not " + Arrays.toString(shape));
            } else if (array != null && !array.type().isFloating() && !isCounter(name)) {
                wrongType.add(name + " is " + array.type() + ", weights are floating-point numbers");
            }
        });
        return new Difference(missing, unexpected, wrongShape, wrongType);
    }

    private static boolean isCounter(String name) {
        return name.endsWith("." + COUNTER);
    }

    /// The network's own arrays, if they are all there.
    ///
    /// @throws FormatException naming the network found and what is missing, unexpected, of another shape or no
    ///   floating-point numbers
    public Map<String, ArrayData> require(String file, Map<String, ArrayData> encoder) {
        return require(file, encoder, Map.of());
    }

    /// As [#require(String, Map)].
    ///
    /// @param unread names that the file has and that could not be read, with the reason
    public Map<String, ArrayData> require(String file, Map<String, ArrayData> encoder, Map<String, String> unread) {
        Difference difference = compare(encoder, unread);
        if (!difference.isEmpty()) {
            ResNetSpec found = guess(encoder);
            String seen = found == null ? "this is no ResNet that is known" : "this is a " + found;
            // The same words twice would explain nothing.
            String wants = found != null && found.toString().equals(toString())
                    ? ", but not all of its arrays are as they must be; "
                    : ", the config wants a " + this + "; ";
            throw new FormatException(file, seen + wants + difference);
        }
        return own(encoder);
    }

    /// For example `ResNet-50 (head 2048-128)` or `ResNet-18 (CIFAR stem, width 16, no head)`.
    @Override
    public String toString() {
        List<String> notes = new ArrayList<>();
        if (config.stem() != Stem.IMAGENET) {
            notes.add(config.stem().toString());
        }
        if (config.width() != 64) {
            notes.add("width " + config.width());
        }
        notes.add(
                head.isEmpty()
                        ? "no head"
                        : "head " + head.stream().map(String::valueOf).collect(Collectors.joining("-"))
                                + (headNorm ? " with batch norm" : ""));
        return config.arch() + " (" + String.join(", ", notes) + ")";
    }
}
