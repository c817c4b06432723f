package org.jmoco.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jmoco.tensor.Tensor;

/// The residual networks of He et al. 2016 under torchvision's names ("Deep residual learning for image
/// recognition", table 1; stride in the 3×3 convolution of a bottleneck).
///
/// ```java
/// ResNet backbone = new ResNet(ResNet.Config.of(50));                                            // [n, h, w, 3] → [n,
/// 2048]
/// ResNet encoder  = new ResNet(ResNet.Config.of(50), features -> Heads.mlp(features, 128));      // MoCo v2's, [n,
/// 128]
/// ResNet cifar    = new ResNet(ResNet.Config.of(18).stem(Stem.CIFAR), f -> Heads.linear(f, 128));
/// ```
/// Residual branches do not begin at zero (`zero_init_residual` is false in torchvision's words).
public final class ResNet extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final List<Module> layer1;
    private final List<Module> layer2;
    private final List<Module> layer3;
    private final List<Module> layer4;
    private final Module fc;
    private final Config config;

    /// The first layers.
    public enum Stem {
        /// 7×7 convolution of stride 2, batch norm, ReLU, 3×3 max pooling of stride 2: for images of about 224×224.
        IMAGENET,
        /// 3×3 convolution of stride 1, batch norm, ReLU, no pooling, the convolution with PyTorch's default
        /// start: MoCo's CIFAR-10 demo, images of about 32×32.
        CIFAR
    }

    /// Which network.
    ///
    /// @param depth 18, 34 or 50
    /// @param width channels of the first stage; the original has 64, thin ones have fewer
    public record Config(int depth, Stem stem, int width) {
        public Config {
            if (depth != 18 && depth != 34 && depth != 50) {
                throw new IllegalArgumentException("resnet: the depth must be 18, 34 or 50, got " + depth);
            }
            if (width < 1) {
                throw new IllegalArgumentException("resnet: the width must be at least 1 channel, got " + width);
            }
        }

        /// The original, for ImageNet.
        public static Config of(int depth) {
            return new Config(depth, Stem.IMAGENET, 64);
        }

        public Config stem(Stem other) {
            return new Config(depth, other, width);
        }

        public Config width(int other) {
            return new Config(depth, stem, other);
        }

        /// Length of the pooled feature vector: 2048 for the original ResNet-50, 512 for 18 and 34.
        public int features() {
            return 8 * width * expansion();
        }

        private int expansion() {
            return depth == 50 ? Bottleneck.EXPANSION : 1;
        }

        private int[] blocks() {
            return depth == 18 ? new int[] {2, 2, 2, 2} : new int[] {3, 4, 6, 3};
        }
    }

    /// What an encoder computes on the way, for evaluation on each of its stages.
    ///
    /// @param feature1 the stem after batch norm and ReLU, before pooling; `[n, 112, 112, 64]` for images of 224
    /// @param feature2 output of `layer1`
    /// @param feature3 output of `layer2`
    /// @param feature4 output of `layer3`
    /// @param feature5 output of `layer4`; `[n, 7, 7, 2048]`
    /// @param avgpool  mean of `feature5` over the image, `[n, 2048]`
    public record Taps(
            Tensor feature1, Tensor feature2, Tensor feature3, Tensor feature4, Tensor feature5, Tensor avgpool) {}

    /// A backbone: ends with the pooled features.
    public ResNet(Config config) {
        this(config, features -> new Identity());
    }

    /// A backbone with a head.
    ///
    /// @param head makes the module `fc` from the number of features
    public ResNet(Config config, IntFunction<Module> head) {
        this.config = config;
        int width = config.width();
        conv1 = switch (config.stem()) {
            case IMAGENET -> new Conv2d(3, width, 7, 2, 3);
            case CIFAR -> new Conv2d(3, width, 3, 1, 1, Conv2d.Start.UNIFORM);
        };
        bn1 = new BatchNorm2d(width);
        int[] blocks = config.blocks();
        int expansion = config.expansion();
        layer1 = stage(width, width, blocks[0], 1);
        layer2 = stage(width * expansion, 2 * width, blocks[1], 2);
        layer3 = stage(2 * width * expansion, 4 * width, blocks[2], 2);
        layer4 = stage(4 * width * expansion, 8 * width, blocks[3], 2);
        fc = head.apply(config.features());
    }

    private List<Module> stage(int in, int width, int blocks, int stride) {
        int expansion = config.expansion();
        List<Module> stage = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int from = i == 0 ? in : width * expansion;
            int step = i == 0 ? stride : 1;
            stage.add(expansion == 1 ? new BasicBlock(from, width, step) : new Bottleneck(from, width, step));
        }
        return List.copyOf(stage);
    }

    /// The 1×1 convolution and batch norm of a shortcut between tensors of different shapes; null where they are alike.
    static Sequential downsample(int in, int out, int stride) {
        return stride == 1 && in == out
                ? null
                : new Sequential(new Conv2d(in, out, 1, stride, 0), new BatchNorm2d(out));
    }

    public Config config() {
        return config;
    }

    /// The head, the module `fc`.
    public Module head() {
        return fc;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return fc.forward(stages(x, mode).avgpool(), mode);
    }

    /// The stages' outputs, without the head.
    ///
    /// @param x normalised images, `[n, h, w, 3]`
    public Taps taps(Tensor x, Mode mode) {
        return scoped(() -> stages(x, mode));
    }

    private Taps stages(Tensor x, Mode mode) {
        Tensor feature1 = bn1.forward(conv1.forward(x, mode), mode).relu();
        Tensor pooled = config.stem() == Stem.IMAGENET ? feature1.maxPool2d(3, 2, 1) : feature1;
        Tensor feature2 = through(layer1, pooled, mode);
        Tensor feature3 = through(layer2, feature2, mode);
        Tensor feature4 = through(layer3, feature3, mode);
        Tensor feature5 = through(layer4, feature4, mode);
        return new Taps(feature1, feature2, feature3, feature4, feature5, feature5.globalAvgPool());
    }

    private static Tensor through(List<Module> stage, Tensor x, Mode mode) {
        Tensor y = x;
        for (Module block : stage) {
            y = block.forward(y, mode);
        }
        return y;
    }
}
