package org.jmoco.nn;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The residual networks of He et al. 2016, "Deep residual learning for image recognition", table 1, and one smaller
/// than those: with one block a stage, for runs of minutes.
public enum Arch {
    RESNET10(10, 1, 1, 1, 1, 1),
    RESNET18(18, 1, 2, 2, 2, 2),
    RESNET34(34, 1, 3, 4, 6, 3),
    RESNET50(50, 4, 3, 4, 6, 3),
    RESNET101(101, 4, 3, 4, 23, 3),
    RESNET152(152, 4, 3, 8, 36, 3);

    private final int depth;
    private final int expansion;
    private final List<Integer> blocks;

    Arch(int depth, int expansion, Integer... blocks) {
        this.depth = depth;
        this.expansion = expansion;
        this.blocks = List.of(blocks);
    }

    /// The network of some layers.
    public static Optional<Arch> ofDepth(int depth) {
        return Stream.of(values()).filter(a -> a.depth == depth).findFirst();
    }

    /// Layers with weights: 10, 18, 34, 50, 101 or 152.
    public int depth() {
        return depth;
    }

    /// Blocks in each of the four stages.
    public List<Integer> blocks() {
        return blocks;
    }

    /// Whether a block has three convolutions (1×1, 3×3, 1×1) rather than two 3×3.
    public boolean isBottleneck() {
        return expansion > 1;
    }

    /// Channels that leave a block for each one inside it: 1, or 4 of bottlenecks.
    public int expansion() {
        return expansion;
    }

    /// `ResNet-50`.
    @Override
    public String toString() {
        return "ResNet-" + depth;
    }
}
