package org.jmoco.eval.segment;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;

/// A training step, compiled for a device: one program if the whole batch is computed at once, else one for each
/// part of it and one that takes the step. Where the images lie on several ranks, gradients are added rank by
/// rank, and several processes may share the ranks out; it is collective then.
public final class SegmentStep implements AutoCloseable {
    private static final List<String> LOSSES =
            List.of(SegmentPrograms.LOSS, SegmentPrograms.DECODE_LOSS, SegmentPrograms.AUXILIARY_LOSS);

    private final Batch batch;
    private final Processes processes;
    private final SegmentRanks ranks; // null for one rank
    private final Compiled first;
    private final Compiled next;
    private final Compiled finish;

    /// What a step is taken on.
    ///
    /// @param images a step
    /// @param atOnce of them share batch norm's statistics and are computed at once; divides `images`
    /// @param height of every image, in pixels
    /// @param width  of every image, in pixels
    /// @param ranks  that the images at once lie on; divides `atOnce`
    public record Batch(int images, int atOnce, int height, int width, int ranks) {
        public Batch {
            if (images < 1 || atOnce < 1 || images % atOnce != 0) {
                throw new IllegalArgumentException("batch must be a multiple of images-at-once, which share batch"
                        + " norm's statistics: got " + images + " and " + atOnce);
            }
            if (ranks < 1 || atOnce % ranks != 0) {
                throw new IllegalArgumentException("images-at-once must be a multiple of the ranks that they lie on:"
                        + " got " + atOnce + " and " + ranks);
            }
        }

        /// On one rank.
        public Batch(int images, int atOnce, int height, int width) {
            this(images, atOnce, height, width, 1);
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
        this(net, normalize, sgd, batch, weight, device, new Alone("this machine"));
    }

    /// @param processes that share the ranks out
    SegmentStep(
            Segmenter net,
            Normalize normalize,
            Sgd sgd,
            Batch batch,
            double weight,
            Device device,
            Processes processes) {
        this.batch = batch;
        this.processes = processes;
        ranks = batch.ranks == 1 ? null : new SegmentRanks(batch.ranks, processes, sgd, LOSSES.size());
        SegmentPrograms programs = new SegmentPrograms(net, normalize);
        int h = batch.height;
        int w = batch.width;
        if (ranks != null) {
            int n = batch.atOnce / processes.count();
            RankSums sums = ranks.sums();
            first = device.compile(
                    programs.ranks(n, h, w, sgd, sums, ranks.ranks().mode(true), weight));
            next = batch.parts() == 1
                    ? null
                    : device.compile(
                            programs.ranks(n, h, w, sgd, sums, ranks.ranks().mode(false), weight));
            finish = device.compile(programs.finish(batch.parts() * batch.ranks, sums.whole()));
        } else if (batch.parts() == 1) {
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
        return finish == null ? List.of(first) : next == null ? List.of(first, finish) : List.of(first, next, finish);
    }

    /// Whether this process computes an image of the batch.
    boolean owns(int image) {
        int n = batch.atOnce / processes.count();
        return image % batch.atOnce / n == processes.number();
    }

    /// How long the last step stood still for other processes, in milliseconds.
    double takeWaitedMillis() {
        return ranks == null ? 0 : ranks.takeWaitedMillis();
    }

    /// Takes a step.
    ///
    /// @param images  bytes, `[n, h, w, 3]`; of several processes each looks at its own alone
    /// @param extents `[n, 2]`: height and width of each image without its padding
    /// @param labels  bytes, `[n, h, w]`: classes, or 255
    public Losses run(byte[] images, int[] extents, byte[] labels, float learningRate) {
        double[] sums = new double[LOSSES.size()];
        int n = batch.atOnce / processes.count();
        for (int part = 0; part < batch.parts(); part++) {
            Compiled program = part == 0 ? first : next;
            int from = part * batch.atOnce + processes.number() * n;
            feed(program, SegmentPrograms.IMAGES, images, from, Shape.of(n, batch.height, batch.width, 3));
            feed(program, SegmentPrograms.LABELS, labels, from, Shape.of(n, batch.height, batch.width));
            program.feed(SegmentPrograms.EXTENTS, Arrays.copyOfRange(extents, 2 * from, 2 * (from + n)));
            if (finish == null) {
                program.feed(SegmentPrograms.LEARNING_RATE, learningRate);
            }
            program.run();
            List<float[]> losses = LOSSES.stream().map(program::floats).toList();
            if (ranks != null) {
                ranks.add();
                losses = ranks.ofAll(losses);
            }
            for (int i = 0; i < sums.length; i++) {
                for (float loss : losses.get(i)) {
                    sums[i] += loss;
                }
            }
        }
        if (ranks != null) {
            ranks.share();
        }
        if (finish != null) {
            finish.feed(SegmentPrograms.LEARNING_RATE, learningRate).run();
        }
        int terms = batch.parts() * batch.ranks;
        return new Losses((float) (sums[0] / terms), (float) (sums[1] / terms), (float) (sums[2] / terms));
    }

    private static void feed(Compiled program, String input, byte[] all, int from, Shape shape) {
        long image = shape.size() / shape.dim(0);
        program.feed(input, MemorySegment.ofArray(all).asSlice(from * image, shape.size()));
    }

    @Override
    public void close() {
        programs().forEach(Compiled::close);
    }
}
