package org.jmoco.nn.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Which ResNet: enough to know the name and shape of every array in its state dict.
///
/// @param depth 18, 34, 50, 101 or 152
/// @param stem the layers before the first stage
/// @param width channels of the first stage's 3×3 convolutions, 64 in the paper
/// @param head output sizes of the linear layers after pooling: none, `fc` alone, or `fc.0`, ReLU,
///   `fc.2`
public record ResNetSpec(int depth, Stem stem, int width, List<Integer> head) {
    private static final Map<Integer, int[]> BLOCKS = Map.of(
            18, new int[] {2, 2, 2, 2},
            34, new int[] {3, 4, 6, 3},
            50, new int[] {3, 4, 6, 3},
            101, new int[] {3, 4, 23, 3},
            152, new int[] {3, 8, 36, 3});
    private static final int SHOWN = 6;

    /// The layers before the first stage.
    public enum Stem {
        /// 7×7 convolution with stride 2, then 3×3 max pooling with stride 2.
        IMAGENET(7),
        /// 3×3 convolution with stride 1, no pooling.
        CIFAR(3);

        private final int kernel;

        Stem(int kernel) {
            this.kernel = kernel;
        }

        public int kernel() {
            return kernel;
        }
    }

    /// @throws IllegalArgumentException if there is no such ResNet
    public ResNetSpec {
        head = List.copyOf(head);
        if (!BLOCKS.containsKey(depth) || width < 1 || head.size() > 2) {
            throw new IllegalArgumentException("no ResNet of depth "
                    + depth
                    + ", width "
                    + width
                    + " and head "
                    + head
                    + "; depths are 18, 34, 50, 101 and 152, heads have at most two layers");
        }
    }

    /// The number of blocks in each of the four stages.
    public int[] blocks() {
        return BLOCKS.get(depth).clone();
    }

    /// Three convolutions a block (1×1, 3×3, 1×1) rather than two 3×3.
    public boolean isBottleneck() {
        return depth >= 50;
    }

    /// Channels of the pooled feature: 512 or 2048 at width 64.
    public int features() {
        return 8 * width * (isBottleneck() ? 4 : 1);
    }

    /// The same network with another head; none if no size is given.
    public ResNetSpec withHead(Integer... sizes) {
        return new ResNetSpec(depth, stem, width, List.of(sizes));
    }

    /// Name and shape of every array of the state dict, in torchvision's order and PyTorch's
    /// element order.
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        putConv(shapes, "conv1", width, 3, stem.kernel);
        putNorm(shapes, "bn1", width);
        int in = width;
        for (int stage = 1; stage <= 4; stage++) {
            int planes = width << stage - 1;
            int out = isBottleneck() ? 4 * planes : planes;
            for (int block = 0; block < blocks()[stage - 1]; block++) {
                putBlock(shapes, "layer" + stage + "." + block + ".", in, planes, out, stage);
                in = out;
            }
        }
        if (head.size() == 1) {
            putLinear(shapes, "fc", head.getFirst(), in);
        } else if (head.size() == 2) {
            putLinear(shapes, "fc.0", head.getFirst(), in);
            putLinear(shapes, "fc.2", head.getLast(), head.getFirst());
        }
        return shapes;
    }

    private void putBlock(Map<String, long[]> shapes, String name, int in, int planes, int out, int stage) {
        int[] kernels = isBottleneck() ? new int[] {1, 3, 1} : new int[] {3, 3};
        int from = in;
        for (int i = 0; i < kernels.length; i++) {
            int to = i == kernels.length - 1 ? out : planes;
            putConv(shapes, name + "conv" + (i + 1), to, from, kernels[i]);
            putNorm(shapes, name + "bn" + (i + 1), to);
            from = to;
        }
        if (name.endsWith(".0.") && (in != out || stage > 1)) {
            putConv(shapes, name + "downsample.0", out, in, 1);
            putNorm(shapes, name + "downsample.1", out);
        }
    }

    private static void putConv(Map<String, long[]> shapes, String name, int out, int in, int kernel) {
        shapes.put(name + ".weight", new long[] {out, in, kernel, kernel});
    }

    private static void putNorm(Map<String, long[]> shapes, String name, int channels) {
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            shapes.put(name + "." + part, new long[] {channels});
        }
        shapes.put(name + ".num_batches_tracked", new long[0]);
    }

    private static void putLinear(Map<String, long[]> shapes, String name, int out, int in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    /// The ResNet whose names and shapes these look like, or `null` if they look like none. Single
    /// arrays may still be missing or wrong: see [#compare].
    public static ResNetSpec guess(Map<String, ArrayData> encoder) {
        ArrayData conv1 = encoder.get("conv1.weight");
        if (conv1 == null || conv1.rank() != 4 || conv1.dim(0) < 1 || conv1.dim(0) > 1 << 16) {
            return null;
        }
        int[] blocks = new int[4];
        for (int stage = 1; stage <= 4; stage++) {
            while (encoder.containsKey("layer" + stage + "." + blocks[stage - 1] + ".conv1.weight")) {
                blocks[stage - 1]++;
            }
        }
        boolean bottleneck = encoder.containsKey("layer1.0.conv3.weight");
        Stem stem = conv1.dim(2) == Stem.CIFAR.kernel ? Stem.CIFAR : Stem.IMAGENET;
        return BLOCKS.keySet().stream()
                .filter(depth -> Arrays.equals(BLOCKS.get(depth), blocks) && depth >= 50 == bottleneck)
                .findFirst()
                .map(depth -> new ResNetSpec(depth, stem, (int) conv1.dim(0), guessHead(encoder)))
                .orElse(null);
    }

    private static List<Integer> guessHead(Map<String, ArrayData> encoder) {
        List<Integer> head = new ArrayList<>();
        for (String name : List.of("fc.weight", "fc.0.weight", "fc.2.weight")) {
            ArrayData weight = encoder.get(name);
            if (weight != null && weight.rank() == 2 && weight.dim(0) <= Integer.MAX_VALUE && head.size() < 2) {
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
                .filter(k -> !encoder.containsKey(k) && !k.endsWith(".num_batches_tracked"))
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
        if (stem == Stem.CIFAR) {
            notes.add("CIFAR stem");
        }
        if (width != 64) {
            notes.add("width " + width);
        }
        notes.add(
                head.isEmpty()
                        ? "no head"
                        : "head " + head.stream().map(String::valueOf).collect(Collectors.joining("-")));
        return "ResNet-" + depth + " (" + String.join(", ", notes) + ")";
    }
}
