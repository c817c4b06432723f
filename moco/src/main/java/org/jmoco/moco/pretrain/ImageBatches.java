package org.jmoco.moco.pretrain;

import java.io.File;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.data.loader.Sampler;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.RunIdentity;

/// Two random views of each image, made ahead by loader threads.
final class ImageBatches implements BatchSource {
    private final ImageSource images;
    private final String folder;
    private final Pipeline pipeline;
    private final Pixels pixels;
    private final LoaderOptions options;
    private final int stepsPerEpoch;

    /// @throws org.jmoco.nn.data.DataException if the batch is larger than the data set
    ImageBatches(ImageSource images, MocoConfig config) {
        this.images = images;
        folder = config.data()
                .path()
                .map(p -> DataSpec.located(p) + File.separator)
                .orElse("");
        pipeline = config.pipeline();
        stepsPerEpoch = new Sampler(images.size(), config.batch(), true, true, config.seed()).batchesPerEpoch();
        int[] size = FeatureExtractor.viewSize(images, pipeline);
        pixels = Pixels.bytes(size[0], size[1], pipeline.normalize());
        options = config.data().loading(LoaderOptions.training(config.batch(), Integer.MAX_VALUE, config.seed()));
    }

    @Override
    public Pixels pixels() {
        return pixels;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public String identity() {
        Stream<String> names = IntStream.range(0, images.size())
                .mapToObj(images::name)
                .map(name -> name.startsWith(folder) ? name.substring(folder.length()) : name);
        return images.size() + " images (names " + RunIdentity.digest(names) + ")";
    }

    @Override
    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    @Override
    public Batches from(long step, LongFunction<int[]> permutations) {
        return from(step, permutations, sample -> true);
    }

    @Override
    public Batches from(long step, LongFunction<int[]> permutations, IntPredicate own) {
        Position position = new Position(Math.toIntExact(step / stepsPerEpoch), (int) (step % stepsPerEpoch));
        return new Loaded(
                new Loader(images, List.of(pipeline, pipeline), options, position, (batch, sample) -> own.test(sample)),
                step,
                permutations);
    }

    @Override
    public void requireReadable(Collection<String> unreadable) {
        Loader.requireReadable(unreadable, images, options);
    }

    private static final class Loaded implements Batches {
        private final Loader loader;
        private final LongFunction<int[]> permutations;
        private long step;
        private Batch last;

        Loaded(Loader loader, long step, LongFunction<int[]> permutations) {
            this.loader = loader;
            this.step = step;
            this.permutations = permutations;
        }

        @Override
        public Views next() {
            if (last != null) {
                loader.recycle(last);
            }
            last = loader.next();
            return new Views(
                    MemorySegment.ofArray(last.views().get(0).pixels()),
                    MemorySegment.ofArray(last.views().get(1).pixels()),
                    permutations.apply(step++));
        }

        @Override
        public long waitedMillis() {
            return loader.waitedMillis();
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
}
