package org.jmoco.eval.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;

/// What a segmenter says of images of any size, one at a time: an image's classes do not depend on the others.
/// Scores are enlarged twice, to the size at which the image went in and from there to its own.
///
/// Not for use by two threads at once.
public final class SegmentPredictor implements AutoCloseable {
    /// Programs that are kept ready; images of a data set have few sizes as a rule.
    private static final int KEPT = 32;

    private final SegmentPrograms programs;
    private final int classes;
    private final Testing testing;
    private final Device device;
    private final SequencedMap<List<Object>, Compiled> ready = new LinkedHashMap<>(KEPT, 0.75f, true);

    /// How an image is seen.
    ///
    /// @param mode   as a whole, or through windows
    /// @param crop   extent of a window   @param stride between windows
    public record Testing(Mode mode, int crop, int stride) {
        /// How much of an image goes through the network at once.
        public enum Mode {
            WHOLE,
            SLIDE
        }

        /// The whole image at once.
        public static final Testing WHOLE = new Testing(Mode.WHOLE, 1, 1);

        public Testing {
            if (crop < 1 || stride < 1 || stride > crop) {
                throw new IllegalArgumentException(
                        "test.crop must be at least 1 and test.stride 1 to test.crop, got " + crop + " and " + stride);
            }
        }

        /// Windows whose scores are averaged where they overlap.
        public static Testing slide(int crop, int stride) {
            return new Testing(Mode.SLIDE, crop, stride);
        }
    }

    /// @param normalize what the encoder wants of bytes
    public SegmentPredictor(Segmenter net, Normalize normalize, Testing testing, Device device) {
        this.programs = new SegmentPrograms(net, normalize);
        this.classes = net.options().classes();
        this.testing = testing;
        this.device = device;
    }

    /// The class of every pixel, `[toHeight·toWidth]`.
    ///
    /// @param image bytes, `[height, width, 3]`, resized already as the network is to see it
    public int[] classes(byte[] image, int height, int width, int toHeight, int toWidth) {
        return testing.mode == Testing.Mode.WHOLE
                ? whole(image, height, width, toHeight, toWidth)
                : slide(image, height, width, toHeight, toWidth);
    }

    private int[] whole(byte[] image, int height, int width, int toHeight, int toWidth) {
        return program(
                        List.of("whole", height, width, toHeight, toWidth),
                        () -> programs.classes(height, width, toHeight, toWidth))
                .feed(SegmentPrograms.IMAGES, image)
                .run()
                .ints(SegmentPrograms.CLASSES);
    }

    private int[] slide(byte[] image, int height, int width, int toHeight, int toWidth) {
        float[] sums = new float[height * width * classes];
        float[] counts = new float[height * width];
        for (SlideWindows.Window w : SlideWindows.of(height, width, testing.crop, testing.stride)) {
            Compiled program =
                    program(List.of("window", w.height(), w.width()), () -> programs.scores(w.height(), w.width()));
            MemorySegment scores = program.feed(SegmentPrograms.IMAGES, part(image, width, w))
                    .run()
                    .output(SegmentPrograms.SCORES);
            for (int y = 0; y < w.height(); y++) {
                int first = (w.top() + y) * width + w.left();
                for (int i = 0; i < w.width() * classes; i++) {
                    sums[first * classes + i] +=
                            scores.getAtIndex(ValueLayout.JAVA_FLOAT, (long) y * w.width() * classes + i);
                }
                for (int x = 0; x < w.width(); x++) {
                    counts[first + x]++;
                }
            }
        }
        return program(
                        List.of("choose", height, width, toHeight, toWidth),
                        () -> programs.fromScores(height, width, toHeight, toWidth))
                .feed(SegmentPrograms.SCORES, sums)
                .feed(SegmentPrograms.COUNTS, counts)
                .run()
                .ints(SegmentPrograms.CLASSES);
    }

    private static byte[] part(byte[] image, int width, SlideWindows.Window w) {
        byte[] part = new byte[w.height() * w.width() * 3];
        for (int y = 0; y < w.height(); y++) {
            System.arraycopy(image, ((w.top() + y) * width + w.left()) * 3, part, y * w.width() * 3, w.width() * 3);
        }
        return part;
    }

    private Compiled program(List<Object> key, Supplier<Program> trace) {
        Compiled known = ready.get(key);
        if (known == null) {
            while (ready.size() >= KEPT) {
                ready.pollFirstEntry().getValue().close();
            }
            known = device.compile(trace.get());
            ready.put(key, known);
        }
        return known;
    }

    @Override
    public void close() {
        ready.values().forEach(Compiled::close);
        ready.clear();
    }
}
