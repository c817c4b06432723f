package org.jmoco.eval.linear;

import java.util.List;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// Features computed in the heads' own program from augmented images: the encoder is frozen, its batch norms take
/// their running statistics.
public final class LiveFeatures implements FeatureInput {
    private final Encoder encoder;
    private final List<Tap> taps;
    private final ImageInput images;
    private final List<Shape> shapes;

    /// @param options as of [ImageInput]
    public LiveFeatures(Encoder encoder, List<Tap> taps, ImageSource source, Pipeline pipeline, LoaderOptions options) {
        this.encoder = encoder;
        this.taps = List.copyOf(taps);
        images = new ImageInput(source, pipeline, options);
        shapes = List.copyOf(
                FeatureExtractor.shapes(encoder, taps, source, pipeline).values());
    }

    @Override
    public List<Shape> shapes() {
        return shapes;
    }

    @Override
    public List<Tensor> trace(Trace program, int n) {
        ResNet.Taps stages = encoder.net().taps(images.trace(program, n).getFirst(), Mode.EVALUATE);
        return taps.stream().map(tap -> tap.pooled(stages).stopGradient()).toList();
    }

    @Override
    public int batchesPerEpoch() {
        return images.batchesPerEpoch();
    }

    @Override
    public Batches from(Position first) {
        return images.from(first);
    }
}
