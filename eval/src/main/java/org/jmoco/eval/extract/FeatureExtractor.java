package org.jmoco.eval.extract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.nn.data.loader.View;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// Features of whole data sets: images go through an encoder in evaluation mode, batch by batch, and come out as
/// rows of floats.
///
/// ```java
/// FeatureExtractor extractor = new FeatureExtractor(encoder, List.of(Tap.AVGPOOL), LoaderOptions.evaluation(256));
/// FeatureTable bank = extractor.table(BundledSample.train(), Preset.CIFAR_TEST.pipeline());
/// ```
/// A row depends on weights, image and pipeline alone, not on the batch it was computed in. Memory is a few
/// batches, besides what the caller keeps. Programs are compiled once for each batch size and size of view, so an
/// extractor is kept and used again; the encoder's weights are read anew in every run. Threads may share an extractor,
/// which takes one batch at a time, and extractors may share an [Encoder].
public final class FeatureExtractor {
    private final Device device;
    private final Encoder encoder;
    private final List<Tap> taps;
    private final LoaderOptions options;
    private final SharedFeatures sharing;
    private final Map<Form, Program> programs = new HashMap<>();

    /// What a program is compiled for.
    private record Form(int batch, int height, int width, Normalize normalize, boolean lighting) {}

    /// An extractor on the current device, [Device#current].
    public FeatureExtractor(Encoder encoder, List<Tap> taps, LoaderOptions options) {
        this(Device.current(), encoder, taps, options);
    }

    /// An extractor of several taps at once.
    ///
    /// @param options batch size, threads and deadline count; the data set is gone through once, in order, and
    ///     unreadable images are left out
    /// @throws DataException if the head is asked for and there is none
    public FeatureExtractor(Device device, Encoder encoder, List<Tap> taps, LoaderOptions options) {
        this(device, encoder, taps, options, new Alone("this machine"));
    }

    /// An extractor whose images several processes share out: all of them go through the same data set
    /// together, and each gets all features.
    ///
    /// @throws DataException if the head is asked for and there is none
    public FeatureExtractor(
            Device device, Encoder encoder, List<Tap> taps, LoaderOptions options, Processes processes) {
        if (taps.contains(Tap.HEAD) && !encoder.hasHead()) {
            throw new DataException(
                    "tap head: the network has no head (" + encoder.source() + "); its features are at avgpool");
        }
        this.device = device;
        this.encoder = encoder;
        this.sharing = new SharedFeatures(processes, taps);
        this.taps = List.copyOf(taps);
        this.options = new LoaderOptions(
                        options.batchSize(),
                        1,
                        false,
                        false,
                        options.seed(),
                        LoaderOptions.OnUnreadable.DROP,
                        options.threads(),
                        options.prefetch(),
                        options.deadline())
                .withMostUnreadable(options.mostUnreadable());
    }

    public List<Tap> taps() {
        return taps;
    }

    /// Goes through a data set.
    ///
    /// @return messages about images that could not be read and are left out
    /// @throws DataException as [Loader#next] does, and if features are not finite, naming the image
    public List<String> stream(ImageSource source, Pipeline pipeline, Consumer<FeatureBatch> sink) {
        return stream(source, pipeline, 0, sink);
    }

    /// Goes through a data set from the batch on that has a given image in it.
    ///
    /// @param from index of the image; of several processes that of the first counts
    public List<String> stream(ImageSource source, Pipeline pipeline, int from, Consumer<FeatureBatch> sink) {
        int begin = sharing.ofFirst(from);
        if (begin >= source.size()) {
            return List.of();
        }
        Position first = new Position(0, begin / options.batchSize());
        try (Loader loader = new Loader(
                source, List.of(pipeline), options, first, (batch, image) -> sharing.isOwn(batch - first.batch()))) {
            while (loader.hasNext()) {
                FeatureBatch own = SharedFeatures.NONE;
                for (int turn = 0; turn < sharing.count() && loader.hasNext(); turn++) {
                    Batch batch = loader.next();
                    if (sharing.isOwn(turn) && batch.size() > 0) {
                        own = new FeatureBatch(run(batch, pipeline, source), batch.labels(), batch.indices());
                    }
                    loader.recycle(batch);
                }
                for (FeatureBatch features : sharing.ofAll(own)) {
                    if (features.size() > 0) {
                        sink.accept(features);
                    }
                }
            }
            List<String> unreadable = sharing.ofAll(loader.unreadable());
            Loader.requireReadable(unreadable, source, options);
            return unreadable;
        }
    }

    /// The first image of the batch that has a given image in it.
    int firstOfBatch(int image) {
        return image - image % options.batchSize();
    }

    /// What each tap gives, as the other one.
    public Map<Tap, Shape> shapes(ImageSource source, Pipeline pipeline) {
        return shapes(encoder, taps, source, pipeline);
    }

    /// What each tap of an encoder gives for one image before it is flattened: `[side, side, c]`, or `[d]`.
    ///
    /// @throws DataException if the size of views follows from the images and none of the first can be read
    /// @throws org.jmoco.tensor.ShapeException if a tap's window is larger than its map
    public static Map<Tap, Shape> shapes(Encoder encoder, List<Tap> taps, ImageSource source, Pipeline pipeline) {
        int[] size = viewSize(source, pipeline);
        Map<Tap, Shape> shapes = new LinkedHashMap<>();
        Program.trace("shapes", p -> {
            ResNet.Taps stages = encoder.net().taps(p.input("images", Shape.of(1, size[0], size[1], 3)), Mode.EVALUATE);
            for (Tap tap : taps) {
                int[] dims = pooled(encoder, tap, stages).shape().dims();
                shapes.put(tap, Shape.of(Arrays.copyOfRange(dims, 1, dims.length)));
            }
        });
        return shapes;
    }

    /// Height and width in pixels of the views of a data set: what the pipeline fixes, or what it makes of the
    /// first image that can be read.
    public static int[] viewSize(ImageSource source, Pipeline pipeline) {
        if (pipeline.squareSide().isPresent()) {
            return new int[] {
                pipeline.squareSide().getAsInt(), pipeline.squareSide().getAsInt()
            };
        }
        RgbImage view = pipeline.apply(source.firstReadable(), Streams.view(0, 0, 0, 0));
        return new int[] {view.height(), view.width()};
    }

    /// All features of one tap in memory.
    ///
    /// @throws DataException as [#stream] does, and if no image can be read
    public FeatureTable table(ImageSource source, Pipeline pipeline) {
        if (taps.size() != 1) {
            throw new IllegalStateException("one table needs one tap, the extractor has " + taps);
        }
        return tables(source, pipeline).get(taps.getFirst());
    }

    /// All features in memory, a table a tap.
    ///
    /// @throws DataException as [#stream] does, and if no image can be read
    public Map<Tap, FeatureTable> tables(ImageSource source, Pipeline pipeline) {
        Map<Tap, MemorySegment> values = new LinkedHashMap<>();
        List<int[]> labels = new ArrayList<>();
        List<int[]> indices = new ArrayList<>();
        int[] rows = {0};
        stream(source, pipeline, batch -> {
            batch.rows().forEach((tap, part) -> {
                long rowBytes = part.byteSize() / batch.size();
                MemorySegment all = values.computeIfAbsent(tap, t -> ArrayData.allocate(rowBytes * source.size()));
                MemorySegment.copy(part, 0, all, rowBytes * rows[0], part.byteSize());
            });
            rows[0] += batch.size();
            labels.add(batch.labels());
            indices.add(batch.indices());
        });
        if (rows[0] == 0) {
            throw new DataException("no image of the data set can be read");
        }
        Map<Tap, FeatureTable> tables = new LinkedHashMap<>();
        values.forEach((tap, all) -> {
            long rowBytes = all.byteSize() / source.size();
            ArrayData array = ArrayData.of(
                    ElementType.F32, new long[] {rows[0], rowBytes / Float.BYTES}, all.asSlice(0, rows[0] * rowBytes));
            tables.put(tap, new FeatureTable(tap, array, joined(labels), joined(indices)));
        });
        return tables;
    }

    private static int[] joined(List<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private synchronized Map<Tap, MemorySegment> run(Batch batch, Pipeline pipeline, ImageSource source) {
        View view = batch.views().getFirst();
        boolean lighting = view.lighting().length > 0;
        Form form = new Form(batch.size(), view.height(), view.width(), pipeline.normalize(), lighting);
        Compiled compiled =
                device.compile(programs.computeIfAbsent(form, this::program)).feed("images", view.pixels());
        if (lighting) {
            compiled.feed("lighting", view.lighting());
        }
        compiled.run();
        Map<Tap, MemorySegment> rows = new LinkedHashMap<>();
        for (Tap tap : taps) {
            MemorySegment values = MemorySegment.ofArray(compiled.floats(tap.toString()));
            requireFinite(values, batch, tap, source);
            rows.put(tap, values);
        }
        return rows;
    }

    private Program program(Form form) {
        return Program.trace("extract", p -> {
            Tensor x = normalized(
                    p.input("images", Shape.of(form.batch(), form.height(), form.width(), 3), DType.U8),
                    form.normalize(),
                    form.lighting() ? p.input("lighting", Shape.of(form.batch(), 3)) : null);
            ResNet.Taps stages = encoder.net().taps(x, Mode.EVALUATE);
            for (Tap tap : taps) {
                p.output(tap.toString(), Tap.rows(pooled(encoder, tap, stages)));
            }
        });
    }

    private static Tensor pooled(Encoder encoder, Tap tap, ResNet.Taps stages) {
        return tap.stage() == Tap.Stage.HEAD
                ? encoder.net().head().forward(stages.avgpool(), Mode.EVALUATE)
                : tap.pooled(stages);
    }

    /// Images of bytes as a pipeline has them normalised.
    ///
    /// @param lighting colours to add, `[n, 3]`, or null
    public static Tensor normalized(Tensor images, Normalize normalize, Tensor lighting) {
        float[] mean = floats(normalize.mean());
        float[] std = floats(normalize.std());
        return lighting == null ? images.normalizeImage(mean, std) : images.normalizeImage(mean, std, lighting);
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = values.get(i).floatValue());
        return floats;
    }

    /// A network that has diverged gives NaN for every image; whatever is computed from it would look like a result.
    private static void requireFinite(MemorySegment values, Batch batch, Tap tap, ImageSource source) {
        long count = values.byteSize() / Float.BYTES;
        long rowSize = count / batch.size();
        for (long i = 0; i < count; i++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!Float.isFinite(value)) {
                String name = source.name(batch.indices()[(int) (i / rowSize)]);
                throw new DataException(name + ": feature " + i % rowSize + " of tap " + tap + " is " + value
                        + ": the weights are damaged or their training diverged");
            }
        }
    }
}
