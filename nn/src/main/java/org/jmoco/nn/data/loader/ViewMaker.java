package org.jmoco.nn.data.loader;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.PcaLighting;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.jfr.FlightRecorder;
import org.jmoco.tensor.random.Philox;

/// Makes the views of images by their pipelines, and knows how large they are.
final class ViewMaker {
    /// The views of one image, ready to be written to a batch.
    record Made(List<RgbImage> images, List<float[]> lighting) {}

    private final ImageSource source;
    private final List<Pipeline> pipelines;
    private final long seed;
    private final int[] heights;
    private final int[] widths;

    ViewMaker(ImageSource source, List<Pipeline> pipelines, long seed) {
        this.source = source;
        this.pipelines = List.copyOf(pipelines);
        this.seed = seed;
        heights = new int[pipelines.size()];
        widths = new int[pipelines.size()];
        for (int v = 0; v < heights.length; v++) {
            if (pipelines.get(v).squareSide().isPresent()) {
                heights[v] = widths[v] = pipelines.get(v).squareSide().getAsInt();
            } else {
                RgbImage sample = pipelines.get(v).apply(source.firstReadable(), Streams.view(seed, 0, 0, v));
                heights[v] = sample.height();
                widths[v] = sample.width();
            }
        }
    }

    /// Bytes of pixels and floats of lighting of a batch, view by view.
    List<Integer> sizes(int size) {
        List<Integer> sizes = new ArrayList<>();
        for (int v = 0; v < heights.length; v++) {
            sizes.add(pixels(size, v));
            sizes.add(lighting(size, v));
        }
        return sizes;
    }

    private int pixels(int size, int view) {
        return Math.multiplyExact(size, 3 * heights[view] * widths[view]);
    }

    private int lighting(int size, int view) {
        return pipelines.get(view).lighting().isPresent() ? 3 * size : 0;
    }

    /// Empty buffers for a batch.
    List<View> buffers(int size) {
        List<View> views = new ArrayList<>();
        for (int v = 0; v < heights.length; v++) {
            views.add(new View(heights[v], widths[v], new byte[pixels(size, v)], new float[lighting(size, v)]));
        }
        return views;
    }

    /// Loads an image and augments it.
    ///
    /// @param image whose pixels   @param drawsOf whose random streams: the image it stands for
    /// @throws UnreadableImageException if the image cannot be loaded
    /// @throws DataException naming the image, if a transform cannot take it or views differ in size
    Made make(int image, int drawsOf, int epoch) {
        return FlightRecorder.isPresent() ? recorded(image, drawsOf, epoch) : made(image, drawsOf, epoch);
    }

    private Made recorded(int image, int drawsOf, int epoch) {
        ImageEvent event = new ImageEvent();
        event.begin();
        Made made = made(image, drawsOf, epoch);
        event.end();
        if (event.shouldCommit()) {
            event.image = source.name(image);
            event.views = pipelines.size();
            event.commit();
        }
        return made;
    }

    private Made made(int image, int drawsOf, int epoch) {
        RgbImage pixels = source.load(image);
        List<RgbImage> images = new ArrayList<>();
        List<float[]> lighting = new ArrayList<>();
        for (int v = 0; v < pipelines.size(); v++) {
            Philox draws = Streams.view(seed, epoch, drawsOf, v);
            RgbImage view;
            try {
                view = pipelines.get(v).apply(pixels, draws);
            } catch (DataException e) {
                throw new DataException(source.name(image) + ": " + e.getMessage(), e);
            }
            if (view.width() != widths[v] || view.height() != heights[v]) {
                throw new DataException(source.name(image) + ": its view has " + view.width() + "×" + view.height()
                        + " pixels, the batch's " + widths[v] + "×" + heights[v]
                        + ": let the pipeline end with a crop or ResizeExact");
            }
            images.add(view);
            lighting.add(pipelines
                    .get(v)
                    .lighting()
                    .map((PcaLighting l) -> l.offset(draws))
                    .orElse(new float[0]));
        }
        return new Made(images, lighting);
    }

    /// Copies the views of an image to its place in a batch.
    static void write(Made made, PendingBatch batch, int slot) {
        for (int v = 0; v < made.images.size(); v++) {
            View view = batch.view(v);
            int bytes = view.bytesPerImage();
            System.arraycopy(made.images.get(v).rgb(), 0, view.pixels(), slot * bytes, bytes);
            float[] rgb = made.lighting.get(v);
            System.arraycopy(rgb, 0, view.lighting(), slot * rgb.length, rgb.length);
        }
    }
}
