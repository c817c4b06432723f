package org.jmoco.moco.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.Philox;

/// Small runs for tests: a thin ResNet-18 on small views of noise.
final class Small {
    static final int SIDE = 8;
    static final float RATE = 0.05f;
    static final Pixels PIXELS = Pixels.bytes(SIDE, SIDE, Normalize.CIFAR);

    private Small() {}

    /// A configuration: batch 16, width 4, 8 features, 64 keys in the queue.
    ///
    /// @param ranks  and of them `atOnce` together
    /// @param splits of a rank's batch norm
    static MocoConfig config(MocoConfig.Model.Head head, int ranks, int atOnce, int splits, boolean symmetric) {
        return config(16, head, ranks, atOnce, splits, symmetric, Precision.FLOAT32);
    }

    private static MocoConfig config(
            int batch,
            MocoConfig.Model.Head head,
            int ranks,
            int atOnce,
            int splits,
            boolean symmetric,
            Precision precision) {
        MocoConfig d = MocoConfig.defaults();
        return new MocoConfig(
                "small",
                5,
                d.data(),
                d.views(),
                new MocoConfig.Model(Arch.RESNET18, Stem.CIFAR, 4, head, 8),
                new MocoConfig.Contrast(0.2f, 64, 0.9, symmetric),
                batch,
                ranks,
                atOnce,
                d.memory(),
                precision,
                new MocoConfig.Bn(splits),
                new MocoConfig.Optimizer(RATE, 0.9f, 1e-4f, false),
                d.schedule(),
                d.knn(),
                d.checkpoint());
    }

    static MocoConfig config(int ranks, int atOnce) {
        return config(MocoConfig.Model.Head.MLP, ranks, atOnce, 1, false);
    }

    static MocoConfig config(int ranks, int atOnce, Precision precision) {
        return config(16, MocoConfig.Model.Head.MLP, ranks, atOnce, 1, false, precision);
    }

    /// Of more channels.
    static MocoConfig ofWidth(int width, Precision precision) {
        MocoConfig c = config(2, 2, precision);
        MocoConfig.Model m = c.model();
        return new MocoConfig(
                c.name(),
                c.seed(),
                c.data(),
                c.views(),
                new MocoConfig.Model(m.arch(), m.stem(), width, m.head(), m.dim()),
                c.contrast(),
                c.batch(),
                c.ranks(),
                c.ranksAtOnce(),
                c.memory(),
                c.precision(),
                c.bn(),
                c.optimizer(),
                c.schedule(),
                c.knn(),
                c.checkpoint());
    }

    /// As one process of several sees it: its own samples only.
    static MocoConfig oneOf(int ranks) {
        return config(16 / ranks, MocoConfig.Model.Head.MLP, 1, 1, 1, false, Precision.FLOAT32);
    }

    /// One view of each image of a batch.
    static byte[] views(int batch, long step, int which) {
        Philox draws = new Philox(17, (int) step, which, 0);
        byte[] pixels = new byte[batch * SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) draws.nextInt();
        }
        return pixels;
    }

    static Outcome step(Moco moco, Step step, long number) {
        int batch = moco.config().batch();
        return step.run(views(batch, number, 0), views(batch, number, 1), moco.permutation(number), RATE);
    }

    /// Runs steps `from` to `to − 1`.
    static List<Outcome> steps(Moco moco, Step step, int from, int to) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            outcomes.add(step(moco, step, i));
        }
        return outcomes;
    }

    /// The names of arrays whose bits differ.
    static List<String> differences(SequencedMap<String, ArrayData> a, Map<String, ArrayData> b) {
        List<String> names = new ArrayList<>(a.keySet().stream()
                .filter(name -> !a.get(name).equals(b.get(name)))
                .toList());
        b.keySet().stream().filter(name -> !a.containsKey(name)).forEach(names::add);
        return names;
    }
}
