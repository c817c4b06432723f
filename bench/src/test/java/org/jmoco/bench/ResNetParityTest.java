package org.jmoco.bench;

import static org.jmoco.bench.ResNetParity.GRADIENT;
import static org.jmoco.bench.ResNetParity.SAME_SIDES;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jmoco.bench.ResNetParity.Batch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.Weights;
import org.jmoco.nn.weights.torch.TorchWriter;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ResNets of full width: logits, every gradient, the running statistics of batch norm, and logits with those.
/// Weights pass through a `.pth` file and a safetensors file and our readers.
///
/// A value within rounding of 0 in front of a ReLU comes out on the other side of it once in a while, in LibTorch
/// as here, and moves the gradients below by a thousand times their error. So the gradients that are held to the
/// tolerance are measured from float64 on the sides that each took, see [Sides]; how many values lay on another
/// one, and how far that is, is shown beside them.
class ResNetParityTest {
    private static final int BATCH = 4;
    private static final int SIZE = 64;
    private static final int DRAWS = 5;

    private static final Map<Integer, List<Batch>> MEASURED = new TreeMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void threads() {
        Torch.threads(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 34, 50})
    void oneStep(int depth) {
        ResNet net = ResNetParity.network(depth, Stem.IMAGENET, 7);
        Path file = folder.resolve("weights." + (depth == 34 ? "safetensors" : "pth"));
        write(file, StateDict.of(net));
        Map<String, ArrayData> state = Weights.read(file).encoder();
        ResNet read = ResNetParity.network(depth, Stem.IMAGENET, 8);
        List<Batch> batches = new ArrayList<>();
        try (Device device = Device.jvm(1)) {
            ResNetParity parity = new ResNetParity(read, BATCH, SIZE, device);
            for (int seed = 1; seed <= DRAWS; seed++) {
                batches.add(parity.measure(state, seed));
            }
        }
        MEASURED.put(depth, batches);
        Map<String, Distances> distances = medians(batches);
        for (String whole : List.of("logits", GRADIENT + SAME_SIDES, ResNetParity.EVALUATED)) {
            Distances d = distances.get(whole);
            assertTrue(d.ratio(Distances.ROUNDING) <= Distances.ALLOWED, whole + " of ResNet-" + depth + ": " + d);
        }
        for (Batch b : batches) {
            Distances d = b.distances().get(GRADIENT + SAME_SIDES);
            assertTrue(
                    d.ratio(Distances.ROUNDING) <= Distances.ALLOWED,
                    "the gradients of one batch in ResNet-" + depth + ": " + d);
        }
        assertTrue(typical(distances) <= Distances.ALLOWED, "the typical gradient of ResNet-" + depth);
        distances.forEach((name, d) -> assertTrue(
                !ResNetParity.isStatistic(name) || d.ratio(Distances.ROUNDING) <= Distances.ALLOWED, name + ": " + d));
        long ours = batches.stream().mapToLong(Batch::ourFlips).sum();
        long peers = batches.stream().mapToLong(Batch::peerFlips).sum();
        assertTrue(ours <= Math.max(DRAWS, Distances.ALLOWED * peers), ours + " flips, LibTorch " + peers);
    }

    private static Map<String, Distances> medians(List<Batch> batches) {
        Map<String, Distances> medians = new LinkedHashMap<>();
        for (String name : batches.getFirst().distances().keySet()) {
            medians.put(
                    name,
                    Distances.medians(
                            batches.stream().map(b -> b.distances().get(name)).toList()));
        }
        return medians;
    }

    /// The median over the parameters.
    private static double typical(Map<String, Distances> distances) {
        double[] ratios = distances.entrySet().stream()
                .filter(e -> e.getKey().endsWith(SAME_SIDES) && !e.getKey().startsWith(GRADIENT))
                .mapToDouble(e -> e.getValue().ratio(Distances.ROUNDING))
                .sorted()
                .toArray();
        return ratios[ratios.length / 2];
    }

    private static void write(Path file, Map<String, ArrayData> state) {
        if (file.toString().endsWith(".pth")) {
            TorchWriter.write(file, state);
        } else {
            SafeTensors.write(file, state, Map.of());
        }
    }

    @AfterAll
    static void write() {
        StringBuilder all = new StringBuilder("network\tvalue\tours\tLibTorch\tratio\n");
        StringBuilder table = new StringBuilder("""
            ## ResNets

            Batches of %d images of %d×%d pixels, full width, weights read by our own reader; medians of the distances of %d batches.

            | network | | ours | LibTorch float32 | ratio | of a typical parameter |
            |---|---|--:|--:|--:|--:|
            """.formatted(BATCH, SIZE, SIZE, DRAWS));
        StringBuilder batches = new StringBuilder("""

            A value within rounding of 0 in front of a ReLU comes out on the other side of it once in a while, in LibTorch as here: it *flips*. The results hardly differ, the gradients below do, by
            a thousand roundings, for they are those of the neighbouring linear piece. So what is held to the tolerance is the distance of gradients from LibTorch's float64 on the *same sides*: its
            ReLUs let through what those of the float32 pass let through, ours or LibTorch's, and nothing but rounding is left. Flips may be three times as many as LibTorch's, or one a batch.
            All gradients together, batch by batch:

            | network | flips, ours | LibTorch | from float64, ours | LibTorch | on the same sides, ours | LibTorch | ratio |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """);
        MEASURED.forEach((depth, measured) -> {
            Map<String, Distances> distances = medians(measured);
            distances.forEach((name, d) -> all.append("ResNet-" + depth + "\t" + name + "\t" + d.ours() + "\t"
                    + d.peer() + "\t" + d.ratio(Distances.ROUNDING) + "\n"));
            row(table, depth, "logits in training", distances.get("logits"), "");
            row(
                    table,
                    depth,
                    "all gradients, on the same sides",
                    distances.get(GRADIENT + SAME_SIDES),
                    ParityPage.times(typical(distances)));
            row(
                    table,
                    depth,
                    "running statistics, the farthest",
                    farthest(distances, Comparator.comparingDouble(Distances::ours)),
                    "");
            row(
                    table,
                    depth,
                    "running statistics, the largest ratio",
                    farthest(distances, Comparator.comparingDouble(d -> d.ratio(Distances.ROUNDING))),
                    "");
            row(table, depth, "logits in evaluation", distances.get(ResNetParity.EVALUATED), "");
            for (Batch b : measured) {
                Distances raw = b.distances().get(GRADIENT);
                Distances same = b.distances().get(GRADIENT + SAME_SIDES);
                batches.append("| ResNet-%d | %d | %d | %s | %s | %s | %s | %s |%n"
                        .formatted(
                                depth,
                                b.ourFlips(),
                                b.peerFlips(),
                                ParityPage.cell(raw.ours()),
                                ParityPage.cell(raw.peer()),
                                ParityPage.cell(same.ours()),
                                ParityPage.cell(same.peer()),
                                ParityPage.times(same.ratio(Distances.ROUNDING))));
            }
        });
        ParityPage.details("resnet.tsv", all.toString());
        ParityPage.section(2, table.append(batches).toString());
    }

    private static Distances farthest(Map<String, Distances> distances, Comparator<Distances> order) {
        return distances.entrySet().stream()
                .filter(e -> ResNetParity.isStatistic(e.getKey()))
                .map(Entry::getValue)
                .max(order)
                .orElseThrow();
    }

    private static void row(StringBuilder table, int depth, String what, Distances d, String typical) {
        table.append("| ResNet-%d | %s | %s | %s | %s | %s |%n"
                .formatted(
                        depth,
                        what,
                        ParityPage.cell(d.ours()),
                        ParityPage.cell(d.peer()),
                        ParityPage.times(d.ratio(Distances.ROUNDING)),
                        typical));
    }
}
