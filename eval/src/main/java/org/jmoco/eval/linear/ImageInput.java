package org.jmoco.eval.linear;

import java.util.List;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.data.loader.Sampler;
import org.jmoco.nn.data.loader.View;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// Augmented images, normalised by the program that takes them: one "feature", `[n, h, w, 3]`.
public final class ImageInput implements FeatureInput {
    private final ImageSource source;
    private final Pipeline pipeline;
    private final LoaderOptions options;
    private final int height;
    private final int width;

    /// @param options of as many epochs as are asked for
    public ImageInput(ImageSource source, Pipeline pipeline, LoaderOptions options) {
        this.source = source;
        this.pipeline = pipeline;
        this.options = options;
        int[] size = FeatureExtractor.viewSize(source, pipeline);
        height = size[0];
        width = size[1];
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.of(height, width, 3));
    }

    @Override
    public List<Tensor> trace(Trace program, int n) {
        Tensor images = program.input("images", Shape.of(n, height, width, 3), DType.U8);
        return List.of(FeatureExtractor.normalized(
                images,
                pipeline.normalize(),
                pipeline.lighting().isPresent() ? program.input("lighting", Shape.of(n, 3)) : null));
    }

    @Override
    public int batchesPerEpoch() {
        return new Sampler(
                        source.size(),
                        options.batchSize(),
                        options.shuffle(),
                        options.dropLast(),
                        options.seed(),
                        options.ranks())
                .batchesPerEpoch();
    }

    @Override
    public Batches from(Position first) {
        return new LoadedBatches(new Loader(source, List.of(pipeline), options, first));
    }

    private static final class LoadedBatches implements Batches {
        private final Loader loader;
        private Batch last;

        LoadedBatches(Loader loader) {
            this.loader = loader;
        }

        @Override
        public boolean hasNext() {
            return loader.hasNext();
        }

        @Override
        public Feed next() {
            if (last != null) {
                loader.recycle(last);
            }
            last = loader.next();
            return new Images(last);
        }

        @Override
        public List<String> unreadable() {
            return loader.unreadable();
        }

        @Override
        public void close() {
            loader.close();
        }
    }

    private record Images(Batch batch) implements Feed {
        @Override
        public int[] labels() {
            return batch.labels();
        }

        @Override
        public int[] indices() {
            return batch.indices();
        }

        @Override
        public void to(Compiled program) {
            View view = batch.views().getFirst();
            program.feed("images", view.pixels());
            if (view.lighting().length > 0) {
                program.feed("lighting", view.lighting());
            }
        }
    }
}
