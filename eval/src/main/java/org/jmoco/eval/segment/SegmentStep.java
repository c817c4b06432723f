package org.jmoco.eval.segment;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;

/// A training step, compiled for a device: one program if the whole batch is computed at once, else one for each
/// part of it and one that takes the step.
public final class SegmentStep implements AutoCloseable {
    private final Batch batch;
    private final Compiled first;
    private final Compiled next;
    private final Compiled finish;

    /// What a step is taken on.
    ///
    /// @param images a step
    /// @param atOnce of them share batch norm's statistics and are computed at once; divides `images`
    /// @param height of every image, in pixels
    /// @param width  of every image, in pixels
    public record Batch(int images, int atOnce, int height, int width) {
        public Batch {
            if (images < 1 || atOnce < 1 || images % atOnce != 0) {
                throw new IllegalArgumentException("batch must be a multiple of images-at-once, which share batch"
                        + " norm's statistics: got " + images + " and " + atOnce);
            }
        }

        /// How many programs see a part of it.
        public int parts() {
            return images / atOnce;
        }
    }

    /// What one step gave, in nats: means over the parts.
    public record Losses(float total, float decode, float auxiliary) {}

    /// @param normalize what the encoder wants of bytes   @param weight of the auxiliary loss
    public SegmentStep(Segmenter net, Normalize normalize, Sgd sgd, Batch batch, double weight, Device device) {
        this.batch = batch;
        SegmentPrograms programs = new SegmentPrograms(net, normalize);
        int h = batch.height;
        int w = batch.width;
        if (batch.parts() == 1) {
            first = device.compile(programs.whole(batch.images, h, w, sgd, weight));
            next = null;
            finish = null;
        } else {
            GradientSum sum = new GradientSum(sgd);
            first = device.compile(programs.part(true, batch.atOnce, h, w, sgd, sum, weight));
            next = device.compile(programs.part(false, batch.atOnce, h, w, sgd, sum, weight));
            finish = device.compile(programs.finish(batch.parts(), sum));
        }
    }

    /// The programs it consists of, for reports of memory.
    public List<Compiled> programs() {
        return finish == null ? List.of(first) : List.of(first, next, finish);
    }

    /// Takes a step.
    ///
    /// @param images  bytes, `[n, h, w, 3]`
    /// @param extents `[n, 2]`: height and width of each image without its padding
    /// @param labels  bytes, `[n, h, w]`: classes, or 255
    public Losses run(byte[] images, int[] extents, byte[] labels, float learningRate) {
        double[] sums = new double[3];
        int n = batch.atOnce;
        for (int part = 0; part < batch.parts(); part++) {
            Compiled program = part == 0 ? first : next;
            feed(program, SegmentPrograms.IMAGES, images, part, Shape.of(n, batch.height, batch.width, 3));
            feed(program, SegmentPrograms.LABELS, labels, part, Shape.of(n, batch.height, batch.width));
            program.feed(SegmentPrograms.EXTENTS, Arrays.copyOfRange(extents, 2 * n * part, 2 * n * (part + 1)));
            if (finish == null) {
                program.feed(SegmentPrograms.LEARNING_RATE, learningRate);
            }
            program.run();
            sums[0] += program.scalar(SegmentPrograms.LOSS);
            sums[1] += program.scalar(SegmentPrograms.DECODE_LOSS);
            sums[2] += program.scalar(SegmentPrograms.AUXILIARY_LOSS);
        }
        if (finish != null) {
            finish.feed(SegmentPrograms.LEARNING_RATE, learningRate).run();
        }
        int parts = batch.parts();
        return new Losses((float) (sums[0] / parts), (float) (sums[1] / parts), (float) (sums[2] / parts));
    }

    private static void feed(Compiled program, String input, byte[] all, int part, Shape shape) {
        long bytes = shape.size();
        program.feed(input, MemorySegment.ofArray(all).asSlice(part * bytes, bytes));
    }

    @Override
    public void close() {
        programs().forEach(Compiled::close);
    }
}
