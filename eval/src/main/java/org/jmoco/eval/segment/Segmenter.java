package org.jmoco.eval.segment;

import java.util.List;
import java.util.Map;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.RandomState;

/// A network that labels every pixel: an encoder whose last stages are spread instead of shrunk, a head on its
/// last map, and in training a second head on the map before (MMSegmentation's `EncoderDecoder`, whose checkpoint
/// keys the fields are: `backbone`, `decode_head`, `auxiliary_head`).
///
/// ```java
/// ResNet.Config encoder = ResNet.Config.of(Arch.RESNET50);
/// Segmenter fcn = new Segmenter(encoder, new Segmenter.Options(8, 21, false, 0.1), seed);   // FCN R50-D8
/// fcn.begin(StateDict.of(pretrained));
/// Segmenter.Logits logits = fcn.logits(images, Mode.TRAIN);                // [n, h/8, w/8, 21], twice
/// ```
public final class Segmenter extends Module {
    private final ResNet backbone;
    private final FcnHead decodeHead;
    private final FcnHead auxiliaryHead;
    private final Options options;
    private final RandomState draws;

    /// What a segmenter is besides its encoder.
    ///
    /// @param outputStride pixels between neighbours of the maps, see [ResNet.Config#outputStride]
    /// @param classes      at least 2
    /// @param corners      whether the corners of maps and images coincide when maps are enlarged: PyTorch's
    ///     `align_corners`
    /// @param dropout      probability that a head drops a channel of an image in training, in `[0, 1)`
    public record Options(int outputStride, int classes, boolean corners, double dropout) {
        public Options {
            if (classes < 2) {
                throw new IllegalArgumentException("segmentation: there must be at least 2 classes, got " + classes);
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException(
                        "segmentation: the dropout must be a probability below 1, got " + dropout);
            }
        }
    }

    /// Scores of both heads, each `[n, h/stride, w/stride, classes]`, not yet enlarged.
    public record Logits(Tensor decode, Tensor auxiliary) {}

    /// A network at its start.
    ///
    /// @param encoder depth, stem, width and norm; its strides follow from the options
    /// @param seed    of the weights, and of what is dropped
    public Segmenter(ResNet.Config encoder, Options options, long seed) {
        this(encoder, options, new RandomState("draws", seed));
        initialize(seed);
    }

    private Segmenter(ResNet.Config encoder, Options options, RandomState draws) {
        this.draws = draws;
        this.options = options;
        ResNet.Config spread = encoder.outputStride(options.outputStride);
        backbone = new ResNet(spread);
        int last = spread.channels(4);
        int before = spread.channels(3);
        decodeHead = new FcnHead(
                last, options.classes, FcnHead.Options.decoding(last, options.dropout), spread.norm(), draws);
        auxiliaryHead = new FcnHead(
                before, options.classes, FcnHead.Options.auxiliary(before, options.dropout), spread.norm(), draws);
    }

    /// The same to be planned, not trained: its variables have no values, and so take no memory.
    static Segmenter outline(ResNet.Config encoder, Options options) {
        return new Segmenter(encoder, options, new RandomState("draws", 0));
    }

    public Options options() {
        return options;
    }

    /// The encoder.
    public ResNet backbone() {
        return backbone;
    }

    /// What is dropped in training. A step of training [advances][RandomState#advance] it; a checkpoint holds it.
    public RandomState draws() {
        return draws;
    }

    /// Takes over an encoder.
    ///
    /// @param encoder its arrays as [StateDict] gives them, without a head: exactly the backbone's
    /// @throws IllegalArgumentException naming what is missing, unknown or of another shape; then nothing has
    ///     changed
    public void begin(Map<String, ArrayData> encoder) {
        StateDict.load(backbone, encoder);
    }

    /// Scores of both heads.
    ///
    /// @param images normalised, `[n, h, w, 3]`
    public Logits logits(Tensor images, Mode mode) {
        return scoped(() -> {
            List<Tensor> maps = backbone.taps(images, mode).stages();
            return new Logits(decodeHead.forward(maps.get(3), mode), auxiliaryHead.forward(maps.get(2), mode));
        });
    }

    /// Scores of every pixel as a trained network gives them: those of the deciding head, enlarged to the images.
    ///
    /// @param images normalised, `[n, h, w, 3]`
    /// @return `[n, h, w, classes]`
    public Tensor scores(Tensor images) {
        return scoped(() -> {
            Tensor map = backbone.taps(images, Mode.EVALUATE).stages().getLast();
            Tensor logits = decodeHead.forward(map, Mode.EVALUATE);
            return enlarge(logits, images.shape().dim(1), images.shape().dim(2));
        });
    }

    /// Scores at another size, by the network's rule for corners.
    public Tensor enlarge(Tensor logits, int height, int width) {
        return logits.resizeBilinear(height, width, options.corners);
    }
}
