package org.jmoco.eval.linear;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.data.loader.Sampler;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.io.ArrayData;

/// Features that were computed once. Rows lie in the order channel, row, column, as they were extracted.
public final class StoredFeatures implements FeatureInput {
    private final List<ArrayData> rows;
    private final List<Shape> shapes;
    private final int[] labels;
    private final int[] indices;
    private final Sampler sampler;
    private final int epochs;

    private StoredFeatures(
            List<ArrayData> rows, List<Shape> shapes, int[] labels, int[] indices, Sampler sampler, int epochs) {
        this.rows = List.copyOf(rows);
        this.shapes = List.copyOf(shapes);
        this.labels = labels.clone();
        this.indices = indices.clone();
        this.sampler = sampler;
        this.epochs = epochs;
    }

    /// Features to train on: each epoch has its own random order, a function of the seed and the epoch, and its
    /// last batch is kept.
    ///
    /// @param rows   of each tap, `[n, d]`
    /// @param shapes of one image's features at each tap, `[side, side, c]` or `[d]`
    /// @param labels `[n]`   @param indices `[n]`, of the images in their source
    public static StoredFeatures training(
            List<ArrayData> rows, List<Shape> shapes, int[] labels, int[] indices, Recipe recipe, long seed) {
        return new StoredFeatures(
                rows,
                shapes,
                labels,
                indices,
                new Sampler(labels.length, recipe.batch(), true, false, seed, recipe.ranks()),
                recipe.epochs());
    }

    /// Features to classify, in their order; the arguments as in [#training].
    public static StoredFeatures testing(
            List<ArrayData> rows, List<Shape> shapes, int[] labels, int[] indices, int batch) {
        return new StoredFeatures(rows, shapes, labels, indices, new Sampler(labels.length, batch, false, false, 0), 1);
    }

    @Override
    public List<Shape> shapes() {
        return shapes;
    }

    @Override
    public List<Tensor> trace(Trace program, int n) {
        List<Tensor> features = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Shape map = shapes.get(i);
            Tensor flat = program.input(name(i), Shape.of(n, Math.toIntExact(map.size())));
            features.add(
                    map.rank() == 1
                            ? flat
                            : flat.reshape(n, map.dim(2), map.dim(0), map.dim(1))
                                    .permute(0, 2, 3, 1));
        }
        return features;
    }

    private static String name(int tap) {
        return "features" + tap;
    }

    @Override
    public int batchesPerEpoch() {
        return sampler.batchesPerEpoch();
    }

    @Override
    public Batches from(Position first) {
        return new Batches() {
            private int epoch = first.epoch();
            private int[] order = sampler.order(epoch);
            private int from = first.batch() * sampler.batchSize();

            @Override
            public boolean hasNext() {
                return from < order.length || epoch + 1 < epochs;
            }

            @Override
            public Feed next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("all " + epochs + " epochs are over");
                }
                if (from == order.length) {
                    order = sampler.order(++epoch);
                    from = 0;
                }
                int to = Math.min(from + sampler.batchSize(), order.length);
                Rows batch = new Rows(Arrays.copyOfRange(order, from, to));
                from = to;
                return batch;
            }
        };
    }

    private final class Rows implements Feed {
        private final int[] picked;

        Rows(int[] picked) {
            this.picked = picked;
        }

        @Override
        public int[] labels() {
            return Arrays.stream(picked).map(i -> labels[i]).toArray();
        }

        @Override
        public int[] indices() {
            return Arrays.stream(picked).map(i -> indices[i]).toArray();
        }

        @Override
        public void to(Compiled program) {
            for (int t = 0; t < rows.size(); t++) {
                MemorySegment from = rows.get(t).payload();
                MemorySegment into = program.input(name(t));
                long rowBytes = shapes.get(t).size() * Float.BYTES;
                for (int i = 0; i < picked.length; i++) {
                    MemorySegment.copy(from, picked[i] * rowBytes, into, i * rowBytes, rowBytes);
                }
            }
        }
    }
}
