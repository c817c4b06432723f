package org.jmoco.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jmoco.tensor.Tensor;

/// The residual networks of He et al. 2016 under torchvision's names ("Deep residual learning for image
/// recognition", table 1; stride in the 3×3 convolution of a bottleneck).
///
/// ```java
/// ResNet.Config resnet50 = ResNet.Config.of(Arch.RESNET50);
/// ResNet backbone = new ResNet(resnet50);                                          // [n, h, w, 3] → [n, 2048]
/// ResNet encoder  = new ResNet(resnet50, features -> Heads.mlp(features, 128));    // MoCo v2's, [n, 128]
/// ResNet fcn      = new ResNet(resnet50.outputStride(8).norm(Norm.SYNCHRONISED));  // maps, see taps
/// ResNet trunk    = new ResNet(resnet50.stages(3));                                // of a C4 detector
/// Sequential res5 = resnet50.stage(4);                                             // and what it does with regions
/// ```
/// Residual branches do not begin at zero (`zero_init_residual` is false in torchvision's words).
public final class ResNet extends Layer {
    private final Layer conv1;
    private final Layer bn1;
    private final Sequential layer1;
    private final Sequential layer2;
    private final Sequential layer3;
    private final Sequential layer4;
    private final Layer fc;
    private final Config config;

    /// How a stage changes the extent of its map, and how far its 3×3 convolutions reach.
    ///
    /// @param stride of the first block
    /// @param first  dilation of the first block
    /// @param others dilation of the other blocks
    public record Stage(int stride, int first, int others) {
        /// No dilation.
        static Stage plain(int stride) {
            return new Stage(stride, 1, 1);
        }
    }

    /// Which network.
    ///
    /// @param arch   depth
    /// @param stem   the layers before the first stage
    /// @param width  channels of the first stage; the original has 64, thin ones have fewer, at most 1024
    /// @param norm   what stands behind each convolution
    /// @param stages `layer1` to at most `layer4`
    public record Config(Arch arch, Stem stem, int width, Norm norm, List<Stage> stages) {
        private static final int WIDEST = 1024;
        private static final List<Stage> PLAIN =
                Stream.of(1, 2, 2, 2).map(Stage::plain).toList();

        public Config {
            stages = List.copyOf(stages);
            if (width < 1 || width > WIDEST) {
                throw new IllegalArgumentException(
                        "resnet: the width must be 1 to " + WIDEST + " channels, got " + width);
            }
            if (stem == Stem.DEEP && width % 2 != 0) {
                throw new IllegalArgumentException("resnet: with the deep stem the width must be even, got " + width);
            }
            if (stages.isEmpty() || stages.size() > PLAIN.size()) {
                throw new IllegalArgumentException("resnet: there must be 1 to 4 stages, got " + stages.size());
            }
        }

        /// The original, for ImageNet.
        public static Config of(Arch arch) {
            return new Config(arch, Stem.IMAGENET, 64, Norm.BATCH, PLAIN);
        }

        public Config stem(Stem other) {
            return new Config(arch, other, width, norm, stages);
        }

        public Config width(int other) {
            return new Config(arch, stem, other, norm, stages);
        }

        public Config norm(Norm other) {
            return new Config(arch, stem, width, other, stages);
        }

        /// The first `count` stages: C4 detectors share three, and keep the fourth for regions.
        public Config stages(int count) {
            if (count < 1 || count > stages.size()) {
                throw new IllegalArgumentException(
                        "resnet: there are 1 to " + stages.size() + " stages to take, got " + count);
            }
            return new Config(arch, stem, width, norm, stages.subList(0, count));
        }

        /// Other strides and dilations. detectron2's dilated C5, for one, spreads its whole last stage:
        /// `(1, 1, 1), (2, 1, 1), (2, 1, 1), (1, 2, 2)`.
        public Config stages(List<Stage> others) {
            return new Config(arch, stem, width, norm, others);
        }

        /// The network whose maps stand at most `stride` pixels apart: where a stage would go further, it keeps
        /// the extent and all that follows is spread by as much instead. The first block of such a stage still
        /// sees what the stage before it made, and has that one's dilation ("contracted" in MMSegmentation's
        /// words; torchvision's `replace_stride_with_dilation` does the same). With 8 after the ImageNet stem
        /// the blocks of `layer3` have dilations 1, 2, 2, 2, 2, 2 and those of `layer4` 2, 4, 4: R50-D8.
        ///
        /// @param stride the stem's times 1, 2, 4 or 8
        public Config outputStride(int stride) {
            if (stride < stem.stride() || stride > 8 * stem.stride() || Integer.bitCount(stride) != 1) {
                throw new IllegalArgumentException("resnet: the output stride behind the " + stem + " is "
                        + stem.stride() + ", " + 2 * stem.stride() + ", " + 4 * stem.stride() + " or "
                        + 8 * stem.stride() + ", got " + stride);
            }
            List<Stage> adapted = new ArrayList<>();
            int reached = stem.stride();
            int dilation = 1;
            for (int i = 0; i < stages.size(); i++) {
                int step = PLAIN.get(i).stride();
                if (reached * step <= stride) {
                    reached *= step;
                    adapted.add(Stage.plain(step));
                } else {
                    adapted.add(new Stage(1, dilation, step * dilation));
                    dilation *= step;
                }
            }
            return stages(adapted);
        }

        /// Length of the pooled feature vector, the channels of the last stage: 2048 for the original
        /// ResNet-50, 512 for 18 and 34.
        public int features() {
            return channels(stages.size());
        }

        /// Channels of the map that a stage makes.
        ///
        /// @param stage from 1; 0 for the stem
        public int channels(int stage) {
            return stage == 0 ? width : inner(stage) * arch.expansion();
        }

        /// Channels of the 3×3 convolutions of a stage.
        private int inner(int stage) {
            return width << (stage - 1);
        }

        /// One stage by itself, `[n, h, w, channels(number − 1)]` →
        /// `[n, h/stride, w/stride, channels(number)]`; in a field of the same name it has torchvision's
        /// names.
        ///
        /// @param number from 1: `layer1` … `layer4`
        public Sequential stage(int number) {
            Stage stage = stages.get(number - 1);
            int out = channels(number);
            List<Layer> blocks = new ArrayList<>();
            for (int i = 0; i < arch.blocks().get(number - 1); i++) {
                int in = i == 0 ? channels(number - 1) : out;
                int stride = i == 0 ? stage.stride : 1;
                int dilation = i == 0 ? stage.first : stage.others;
                blocks.add(
                        arch.isBottleneck()
                                ? new Bottleneck(in, inner(number), out, stride, dilation, norm)
                                : new BasicBlock(in, out, stride, dilation, norm));
            }
            return new Sequential(blocks);
        }
    }

    /// What a network computes on the way.
    ///
    /// @param stem    the first layers after batch norm and ReLU, before pooling: C1, `[n, 112, 112, 64]` for
    ///     images of 224
    /// @param stages  outputs of `layer1` to the last: C2 … C5, `[n, 56, 56, 256]` … `[n, 7, 7, 2048]`
    /// @param avgpool mean of the last over the image, `[n, 2048]`
    public record Taps(Tensor stem, List<Tensor> stages, Tensor avgpool) {}

    /// A backbone: ends with the pooled features.
    public ResNet(Config config) {
        this(config, features -> new Identity());
    }

    /// A backbone with a head.
    ///
    /// @param head makes the layer `fc` from the number of features
    public ResNet(Config config, IntFunction<? extends Layer> head) {
        this.config = config;
        conv1 = config.stem.convolution(config.width, config.norm);
        bn1 = config.norm.of(config.width);
        List<Sequential> stages = new ArrayList<>(Collections.nCopies(4, null));
        for (int i = 0; i < config.stages.size(); i++) {
            stages.set(i, config.stage(i + 1));
        }
        layer1 = stages.get(0);
        layer2 = stages.get(1);
        layer3 = stages.get(2);
        layer4 = stages.get(3);
        fc = head.apply(config.features());
    }

    /// The 1×1 convolution and norm of a shortcut between tensors of different shapes; null where they are alike.
    static Sequential downsample(int in, int out, int stride, Norm norm) {
        return stride == 1 && in == out
                ? null
                : new Sequential(new Conv2d(in, out, Conv2d.Options.of(1).stride(stride)), norm.of(out));
    }

    public Config config() {
        return config;
    }

    /// The head, the layer `fc`.
    public Layer head() {
        return fc;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return fc.forward(through(x, mode).avgpool(), mode);
    }

    /// The stages' outputs, without the head.
    ///
    /// @param x normalised images, `[n, h, w, 3]`
    public Taps taps(Tensor x, Mode mode) {
        return scoped(() -> through(x, mode));
    }

    private Taps through(Tensor x, Mode mode) {
        Tensor stem = bn1.forward(conv1.forward(x, mode), mode).relu();
        List<Tensor> maps = new ArrayList<>();
        Tensor map = config.stem.isPooled() ? stem.maxPool2d(3, 2, 1) : stem;
        for (Sequential stage : stages()) {
            map = stage.forward(map, mode);
            maps.add(map);
        }
        return new Taps(stem, List.copyOf(maps), map.globalAvgPool());
    }

    private List<Sequential> stages() {
        return Stream.of(layer1, layer2, layer3, layer4)
                .filter(Objects::nonNull)
                .toList();
    }
}
