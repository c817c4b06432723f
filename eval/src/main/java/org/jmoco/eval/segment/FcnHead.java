package org.jmoco.eval.segment;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.Conv2d;
import org.jmoco.nn.ConvNormRelu;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Norm;
import org.jmoco.nn.Sequential;
import org.jmoco.nn.Start;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.norm.RankExchange;
import org.jmoco.tensor.random.RandomState;

/// Convolutions that give every position of a map a score for each class: `[n, h, w, in]` → `[n, h, w, classes]`
/// (Long, Shelhamer and Darrell 2015, "Fully convolutional networks for semantic segmentation", as
/// MMSegmentation's `FCNHead` builds it). Fields are its checkpoint keys: `convs.0.conv`, `convs.0.bn`, …,
/// `conv_cat.conv`, `conv_cat.bn`, `conv_seg`.
///
/// In training whole channels of an image are dropped before the last convolution.
public final class FcnHead extends Layer {
    /// How the last convolution begins.
    private static final Start CLASSIFIER = Start.normal(0.01);

    private final Sequential convs;
    private final ConvNormRelu convCat;
    private final Conv2d convSeg;
    private final Options options;
    private final RandomState draws;
    private final int stream;

    /// What a head is besides its input and its classes.
    ///
    /// @param channels of its maps
    /// @param convs    3×3 convolutions, at least 1
    /// @param concat   whether a further one sees the head's input beside their result
    /// @param dropout  probability that a channel is dropped, in `[0, 1)`
    public record Options(int channels, int convs, boolean concat, double dropout) {
        /// The head that decides, on the last stage of a network: a quarter of its channels, 512 for ResNet-50.
        public static Options decoding(int in, double dropout) {
            return new Options(quarter(in), 2, true, dropout);
        }

        /// The head that helps in training, on the stage before: 256 channels for ResNet-50.
        public static Options auxiliary(int in, double dropout) {
            return new Options(quarter(in), 1, false, dropout);
        }

        private static int quarter(int in) {
            return Math.max(1, in / 4);
        }
    }

    /// @param draws what is dropped
    public FcnHead(int in, int classes, Options options, Norm norm, RandomState draws) {
        this.options = options;
        this.draws = draws;
        stream = draws.newStream();
        int channels = options.channels;
        Conv2d.Options window = Conv2d.Options.of(3);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < options.convs; i++) {
            layers.add(new ConvNormRelu(i == 0 ? in : channels, channels, window, norm));
        }
        convs = new Sequential(layers);
        convCat = options.concat ? new ConvNormRelu(in + channels, channels, window, norm) : null;
        convSeg = new Conv2d(channels, classes, Conv2d.Options.of(1).bias(true).start(CLASSIFIER));
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = convs.forward(x, mode);
        if (convCat != null) {
            y = convCat.forward(Tensor.concat(3, x, y), mode);
        }
        if (mode instanceof Mode.Train train && options.dropout > 0) {
            y = train.ranks().isPresent()
                    ? y.multiply(kept(y.shape(), train.ranks().get()))
                    : y.channelDropout((float) options.dropout, draws.read(), stream);
        }
        return convSeg.forward(y, mode);
    }

    /// What is drawn for the images here of those that are drawn for the whole batch, `[n, 1, 1, c]`.
    private Tensor kept(Shape maps, RankExchange ranks) {
        int n = maps.dim(0);
        return Tensor.ones(Shape.of(n * ranks.processes(), 1, 1, maps.dim(3)))
                .dropout((float) options.dropout, draws.read(), stream)
                .slice(0, n * ranks.number(), n);
    }
}
