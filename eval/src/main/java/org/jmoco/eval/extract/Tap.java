package org.jmoco.eval.extract;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Where in an encoder features are taken, and how a stage's map is pooled before it is flattened in the order
/// channel, row, column.
///
/// @param stage   after the stem, after one of the four stages, after the global pooling, or after the head
/// @param pooling of the maps of `feature1` … `feature5`; the other two are vectors already
public record Tap(Stage stage, Pooling pooling) {
    /// The pooled features that downstream tasks use, `[n, 2048]` for ResNet-50.
    public static final Tap AVGPOOL = of(Stage.AVGPOOL);

    /// The contrastive features, as the head gives them (not normalised).
    public static final Tap HEAD = of(Stage.HEAD);

    /// The places.
    public enum Stage {
        /// The stem after batch norm and ReLU, before max pooling; 112×112 for images of 224.
        FEATURE1(10, 10, 4, 12),
        /// Output of `layer1`, 56×56.
        FEATURE2(16, 8, 0, 6),
        /// Output of `layer2`, 28×28.
        FEATURE3(13, 5, 0, 4),
        /// Output of `layer3`, 14×14.
        FEATURE4(8, 3, 0, 3),
        /// Output of `layer4`, 7×7.
        FEATURE5(6, 1, 0, 2),
        /// The mean of `feature5` over the image.
        AVGPOOL(0, 0, 0, 0),
        /// The encoder's head.
        HEAD(0, 0, 0, 0);

        private final int kernel;
        private final int stride;
        private final int padding;
        private final int side;

        Stage(int kernel, int stride, int padding, int side) {
            this.kernel = kernel;
            this.stride = stride;
            this.padding = padding;
            this.side = side;
        }

        /// Whether the stage gives a map rather than a vector.
        public boolean isMap() {
            return kernel > 0;
        }

        /// The name in commands and files: `feature1` … `feature5`, `avgpool`, `head`.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How a map is pooled (Goyal et al., "Scaling and benchmarking self-supervised visual representation
    /// learning", 2019, to about 9,000 values; the numbers are those of mmselfsup).
    public enum Pooling {
        /// Windows of a fixed size, made for images of 224 pixels; zero padding counts in the mean. Kernel,
        /// stride, padding: 10/10/4, 16/8/0, 13/5/0, 8/3/0, 6/1/0.
        SPECIFIED,
        /// A grid of 12, 6, 4, 3, 2 windows a side that cover the map, whatever the size of the image.
        ADAPTIVE
    }

    /// A tap with the pooling of the published benchmarks.
    public static Tap of(Stage stage) {
        return new Tap(stage, Pooling.SPECIFIED);
    }

    /// `feature1` … `feature5`.
    public static List<Tap> maps(Pooling pooling) {
        return Arrays.stream(Stage.values())
                .filter(Stage::isMap)
                .map(s -> new Tap(s, pooling))
                .toList();
    }

    /// A tap by its name.
    ///
    /// @param key `feature1` … `feature5`, `avgpool` or `head`
    /// @throws DataException listing the names, if it is none of them
    public static Tap of(String key, Pooling pooling) {
        return Arrays.stream(Stage.values())
                .filter(s -> s.key().equals(key))
                .map(s -> new Tap(s, pooling))
                .findFirst()
                .orElseThrow(() -> new DataException("unknown tap '" + key + "'; known: "
                        + Arrays.stream(Stage.values()).map(Stage::key).collect(Collectors.joining(", "))));
    }

    /// The pooled map, `[n, side, side, c]` before it is flattened; the vector itself for `avgpool`.
    ///
    /// @throws ShapeException if the window is larger than the map
    public Tensor pooled(ResNet.Taps taps) {
        Tensor map = switch (stage) {
            case FEATURE1 -> taps.stem();
            case FEATURE2 -> taps.stages().get(0);
            case FEATURE3 -> taps.stages().get(1);
            case FEATURE4 -> taps.stages().get(2);
            case FEATURE5 -> taps.stages().get(3);
            case AVGPOOL -> taps.avgpool();
            case HEAD -> throw new IllegalArgumentException("tap head: the head has no map");
        };
        if (!stage.isMap()) {
            return map;
        }
        if (pooling == Pooling.ADAPTIVE) {
            return map.adaptiveAvgPool2d(stage.side, stage.side);
        }
        int smallest = Math.min(map.shape().dim(1), map.shape().dim(2));
        if (smallest + 2 * stage.padding < stage.kernel) {
            throw new ShapeException("tap " + this + ": the map is "
                    + map.shape().dim(1) + "×" + map.shape().dim(2) + ", smaller than the window of " + stage.kernel
                    + "×" + stage.kernel + " made for images of 224 pixels; take adaptive pooling or larger images");
        }
        return map.avgPool2d(stage.kernel, stage.stride, stage.padding);
    }

    /// Features in rows, `[n, d]`: a map flattened in the order channel, row, column, as PyTorch's `flatten` does.
    static Tensor rows(Tensor pooled) {
        Shape s = pooled.shape();
        return s.rank() == 2 ? pooled : pooled.permute(0, 3, 1, 2).reshape(s.dim(0), -1);
    }

    /// `feature5`, `feature5 adaptive`, `avgpool`.
    @Override
    public String toString() {
        return stage.isMap() && pooling == Pooling.ADAPTIVE ? stage.key() + " adaptive" : stage.key();
    }
}
