package org.jmoco.nn.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
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
public record ResNetSpec(ResNet.Config config, List<Integer> head) {
    private static final String COUNTER = "num_batches_tracked";
    private static final int SHOWN = 6;
    private static final int WIDEST_HEAD = 1 << 24;

    public ResNetSpec {
        head = List.copyOf(head);
    }

    /// The same network with another head; none if no size is given.
    public ResNetSpec withHead(Integer... sizes) {
        return new ResNetSpec(config, List.of(sizes));
    }

    /// The network, its values not yet set.
    public ResNet net() {
        return new ResNet(config, features -> Heads.of(features, head));
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
        ArrayData deep = encoder.get("conv1.0.weight");
        ArrayData conv1 = deep == null ? encoder.get("conv1.weight") : encoder.get("conv1.6.weight");
        if (conv1 == null || conv1.rank() != 4) {
            return null;
        }
        Stem stem = deep != null ? Stem.DEEP : conv1.dim(2) == 3 ? Stem.CIFAR : Stem.IMAGENET;
        List<Integer> blocks = new ArrayList<>();
        for (int stage = 1; stage <= 4; stage++) {
            int n = 0;
            while (encoder.containsKey("layer" + stage + "." + n + ".conv1.weight")) {
                n++;
            }
            blocks.add(n);
        }
        boolean bottleneck = encoder.containsKey("layer1.0.conv3.weight");
        Optional<Arch> arch = Arrays.stream(Arch.values())
                .filter(a -> a.blocks().equals(blocks) && a.isBottleneck() == bottleneck)
                .findFirst();
        try {
            ResNet.Config config = ResNet.Config.of(arch.orElseThrow())
                    .width(Math.toIntExact(conv1.dim(0)))
                    .stem(stem);
            return new ResNetSpec(config, guessHead(encoder));
        } catch (NoSuchElementException | IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    private static List<Integer> guessHead(Map<String, ArrayData> encoder) {
        List<Integer> head = new ArrayList<>();
        for (String name : List.of("fc.weight", "fc.0.weight", "fc.2.weight")) {
            ArrayData weight = encoder.get(name);
            if (weight != null && weight.rank() == 2 && weight.dim(0) <= WIDEST_HEAD && head.size() < 2) {
                head.add((int) weight.dim(0));
            }
        }
        return head;
    }

    /// How arrays differ from a network's state dict, each as a list of keys.
    ///
    /// @param wrongShape with the shapes: `fc.weight is [10, 512], not [128, 512]`
    public record Difference(List<String> missing, List<String> unexpected, List<String> wrongShape) {
        public boolean isEmpty() {
            return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty();
        }

        @Override
        public String toString() {
            List<String> parts =
                    new ArrayList<>(wrongShape.stream().limit(SHOWN).toList());
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

    /// Compares names and shapes; `num_batches_tracked` may be missing (old torchvision files lack
    /// it).
    public Difference compare(Map<String, ArrayData> encoder) {
        Map<String, long[]> wanted = shapes();
        List<String> missing = wanted.keySet().stream()
                .filter(k -> !encoder.containsKey(k) && !k.endsWith("." + COUNTER))
                .toList();
        List<String> unexpected =
                encoder.keySet().stream().filter(k -> !wanted.containsKey(k)).toList();
        List<String> wrongShape = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            ArrayData array = encoder.get(name);
            if (array != null && !Arrays.equals(array.shape(), shape)) {
                wrongShape.add(name + " is " + Arrays.toString(array.shape()) + ", not " + Arrays.toString(shape));
            }
        });
        return new Difference(missing, unexpected, wrongShape);
    }

    /// The arrays, if they are this network's.
    ///
    /// @throws FormatException naming the network found and what is missing, unexpected or of
    ///   another shape
    public Map<String, ArrayData> require(String file, Map<String, ArrayData> encoder) {
        Difference difference = compare(encoder);
        if (!difference.isEmpty()) {
            ResNetSpec found = guess(encoder);
            String seen = found == null ? "this is no ResNet that is known" : "this is a " + found;
            throw new FormatException(file, seen + ", the config wants a " + this + "; " + difference);
        }
        return encoder;
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
                        : "head " + head.stream().map(String::valueOf).collect(Collectors.joining("-")));
        return config.arch() + " (" + String.join(", ", notes) + ")";
    }
}
