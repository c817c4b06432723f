package org.jmoco.eval.extract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// Features of single images for many threads at once, as a server needs them.
///
/// ```java
/// try (FeatureService service = new FeatureService(Device.current(), encoder, pipeline, 16)) {
///     float[] features = service.features(image);      // from any thread
/// }
/// ```
/// Each calling thread resizes its own image; a [MicroBatcher] brings together what has come in the meantime, and
/// the encoder runs on up to `most` images at once. A device runs one program at a time on all its cores, so
/// several threads there would gain nothing. An image's features do not depend on what else is in its batch: they
/// are those of a [FeatureExtractor], bit for bit.
public final class FeatureService implements AutoCloseable {
    private final Pipeline pipeline;
    private final int side;
    private final Map<Integer, Compiled> programs = new LinkedHashMap<>(); // by number of images: powers of two
    private final MicroBatcher<byte[], float[]> batcher;

    /// Compiles the encoder for 1, 2, 4, … up to `most` images.
    ///
    /// @param pipeline how an image is prepared; its last step fixes the size of views
    /// @param most     images at once, a power of two
    public FeatureService(Device device, Encoder encoder, Pipeline pipeline, int most) {
        if (Integer.bitCount(most) != 1) {
            throw new IllegalArgumentException("images at once: a power of two, got " + most);
        }
        this.pipeline = pipeline;
        side = pipeline.squareSide()
                .orElseThrow(() -> new IllegalArgumentException("the pipeline must end with a square of fixed size"));
        for (int images = 1; images <= most; images *= 2) {
            programs.put(images, device.compile(program(encoder, images)));
        }
        batcher = new MicroBatcher<>("features", most, this::run);
    }

    private Program program(Encoder encoder, int count) {
        return Program.trace("features of " + count, p -> {
            Tensor images = p.input("images", Shape.of(count, side, side, 3), DType.U8);
            Tensor x = FeatureExtractor.normalized(images, pipeline.normalize(), null);
            p.output("features", encoder.net().taps(x, Mode.EVALUATE).avgpool());
        });
    }

    /// The pooled features of an image.
    public float[] features(RgbImage image) {
        return batcher.ask(pipeline.apply(image, Streams.view(0, 0, 0, 0)).rgb());
    }

    /// Runs the smallest program that takes them all; what lies in the places left over is not looked at.
    private List<float[]> run(List<byte[]> views) {
        int places = 1;
        while (places < views.size()) {
            places *= 2;
        }
        Compiled program = programs.get(places);
        MemorySegment images = program.input("images");
        for (int i = 0; i < views.size(); i++) {
            byte[] view = views.get(i);
            MemorySegment.copy(view, 0, images, ValueLayout.JAVA_BYTE, (long) i * view.length, view.length);
        }
        float[] rows = program.run().floats("features");
        int width = rows.length / places;
        List<float[]> features = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            features.add(Arrays.copyOfRange(rows, i * width, (i + 1) * width));
        }
        return features;
    }

    @Override
    public void close() {
        batcher.close();
        programs.values().forEach(Compiled::close);
    }
}
