package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.weights.Weights;
import org.jmoco.nn.weights.torch.TorchWriter;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ResNets of full width: logits, every gradient, the running statistics of batch norm, and logits with those. Weights pass through a `.pth` file and a safetensors file and our readers.
///
/// A value within rounding of 0 in front of a ReLU comes out on the other side of it once in a while, in LibTorch as here, and moves the gradients below by a thousand times their error. That is
/// chance and only ever adds: of several batches the least distance of all gradients is compared, and for everything else the medians.
class ResNetParityTest {
    private static final int BATCH = 4;
    private static final int SIZE = 64;
    private static final int DRAWS = 5;

    /// Allowed to a running statistic in any case. Our moving average keeps 0.9 in float32 and takes what is left to 1, PyTorch takes 0.1: 2.4e-7 of a statistic.
    private static final double STATISTICS = 1e-6;

    private static final Map<Integer, Map<String, Distances>> MEASURED = new TreeMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void threads() {
        Torch.threads(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 34, 50})
    void oneStep(int depth) {
        ResNet net = ResNetParity.network(depth, ResNet.Stem.IMAGENET, 7);
        Path file = folder.resolve("weights." + (depth == 34 ? "safetensors" : "pth"));
        write(file, StateDict.of(net));
        Map<String, ArrayData> state = Weights.read(file).encoder();
        ResNet read = ResNetParity.network(depth, ResNet.Stem.IMAGENET, 8);
        List<Map<String, Distances>> draws = new ArrayList<>();
        for (int seed = 1; seed <= DRAWS; seed++) {
            StateDict.load(read, state);
            draws.add(ResNetParity.measure(read, state, BATCH, SIZE, seed));
        }
        Map<String, Distances> distances = medians(draws);
        MEASURED.put(depth, distances);
        for (String whole : List.of("logits", ResNetParity.GRADIENT, ResNetParity.EVALUATED)) {
            Distances d = distances.get(whole);
            assertTrue(d.ratio(Distances.ROUNDING) <= Distances.ALLOWED, whole + " of ResNet-" + depth + ": " + d);
        }
        assertTrue(typical(distances) <= Distances.ALLOWED, "the typical gradient of ResNet-" + depth);
        distances.forEach((name, d) -> assertTrue(!ResNetParity.isStatistic(name) || d.ratio(STATISTICS) <= Distances.ALLOWED, name + ": " + d));
    }

    private static Map<String, Distances> medians(List<Map<String, Distances>> draws) {
        Map<String, Distances> medians = new LinkedHashMap<>();
        for (String name : draws.getFirst().keySet()) {
            medians.put(name, Distances.medians(draws.stream().map(d -> d.get(name)).toList()));
        }
        List<Distances> whole = draws.stream().map(d -> d.get(ResNetParity.GRADIENT)).toList();
        medians.put(ResNetParity.GRADIENT, new Distances(whole.stream().mapToDouble(Distances::ours).min().orElseThrow(), whole.stream().mapToDouble(Distances::peer).min().orElseThrow()));
        return medians;
    }

    /// The median over the parameters.
    private static double typical(Map<String, Distances> distances) {
        double[] ratios = distances.entrySet().stream().filter(e -> ResNetParity.isGradient(e.getKey())).mapToDouble(e -> e.getValue().ratio(Distances.ROUNDING)).sorted().toArray();
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

                Batches of %d images of %d×%d pixels, full width, weights read by our own reader, %d batches. A value within rounding of 0 in front of a ReLU comes out on the other side of it once in
                a while, in LibTorch as here, and moves the gradients below it by a thousand times their error. That is chance and only adds: of all gradients together the least distance of the
                batches is compared, of the gradient of a typical parameter and of everything else the medians. Running statistics may be %s off in any case (our moving average keeps 0.9 in
                float32, PyTorch takes 0.1, which is 2.4e-7 of a statistic).

                | network | | ours | LibTorch float32 | ratio | of a typical parameter |
                |---|---|--:|--:|--:|--:|
                """.formatted(BATCH, SIZE, SIZE, DRAWS, ParityPage.cell(STATISTICS)));
        MEASURED.forEach((depth, distances) -> {
            distances.forEach((name, d) -> all.append("ResNet-" + depth + "\t" + name + "\t" + d.ours() + "\t" + d.peer() + "\t" + d.ratio(Distances.ROUNDING) + "\n"));
            row(table, depth, "logits in training", distances.get("logits"), "");
            row(table, depth, "all gradients", distances.get(ResNetParity.GRADIENT), ParityPage.times(typical(distances)));
            row(table, depth, "running statistics, the farthest", distances.entrySet().stream().filter(e -> ResNetParity.isStatistic(e.getKey())).map(Entry::getValue).max(Comparator.comparingDouble(Distances::ours)).orElseThrow(), "");
            row(table, depth, "logits in evaluation", distances.get(ResNetParity.EVALUATED), "");
        });
        ParityPage.details("resnet.tsv", all.toString());
        ParityPage.section(2, table.toString());
    }

    private static void row(StringBuilder table, int depth, String what, Distances d, String typical) {
        table.append("| ResNet-%d | %s | %s | %s | %s | %s |%n".formatted(depth, what, ParityPage.cell(d.ours()), ParityPage.cell(d.peer()), ParityPage.times(d.ratio(Distances.ROUNDING)), typical));
    }
}
