package org.jmoco.eval.segment;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jmoco.eval.metrics.MeanIou;
import org.jmoco.nn.data.source.Target.LabelMap;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.StoppedException;

/// Pixels that several processes count together: test images go round among them, and after some rounds each tells
/// the others what it has counted. An image's counts depend on the image alone.
final class SharedCounts {
    /// Images of a process between two meetings: their sizes differ, and nobody is to wait for the largest each
    /// time.
    private static final int ROUNDS = 8;

    private final Processes processes;
    private final int classes;
    private final BooleanSupplier stop;
    private final List<MeanIou.Counts> ofImages = new ArrayList<>();
    private final long[][] counts;

    /// @param stop whether someone wants this process to stop
    SharedCounts(Processes processes, int classes, BooleanSupplier stop) {
        this.processes = processes;
        this.classes = classes;
        this.stop = stop;
        counts = new long[classes][classes];
    }

    /// Of every image that was counted, in their order.
    List<MeanIou.Counts> ofImages() {
        return List.copyOf(ofImages);
    }

    /// `[classes][classes]` over all of them, a row a true class.
    long[][] counts() {
        return counts;
    }

    /// Counts the images `0 … n−1`. Collective.
    ///
    /// @throws StoppedException on all processes if someone wants one of them to stop
    void count(int n, Counter counter) {
        int together = processes.count() == 1 ? 1 : ROUNDS * processes.count();
        for (int first = 0; first < n; first += together) {
            List<MeanIou.Counts> own = new ArrayList<>();
            long[][] pixels = new long[classes][classes];
            int end = Math.min(n, first + together);
            for (int i = first + processes.number(); i < end; i += processes.count()) {
                own.add(counter.count(i, pixels));
            }
            meet(end - first, own, pixels);
        }
    }

    /// Counts one image.
    @FunctionalInterface
    interface Counter {
        /// @param pixels `[classes][classes]`, to which its pixels are added
        MeanIou.Counts count(int image, long[][] pixels);
    }

    /// Adds an image's pixels.
    MeanIou.Counts add(byte[] found, byte[] truth, long[][] pixels) {
        for (int at = 0; at < truth.length; at++) {
            int label = truth[at] & 0xFF;
            if (label != LabelMap.IGNORED) {
                pixels[label][found[at] & 0xFF]++;
            }
        }
        return MeanIou.Counts.of(found, truth, classes);
    }

    private void meet(int images, List<MeanIou.Counts> own, long[][] pixels) {
        processes.phase("test images");
        List<LongBuffer> all = processes.gather(bytes(own, pixels)).stream()
                .map(bytes -> ByteBuffer.wrap(bytes).asLongBuffer())
                .toList();
        if (all.stream().mapToLong(LongBuffer::get).sum() > 0) {
            throw new StoppedException("stopped; the training is kept, the test begins anew");
        }
        for (LongBuffer of : all) {
            for (long[] row : counts) {
                for (int c = 0; c < classes; c++) {
                    row[c] += of.get();
                }
            }
        }
        for (int i = 0; i < images; i++) {
            LongBuffer of = all.get(i % all.size());
            ofImages.add(new MeanIou.Counts(next(of), next(of), next(of)));
        }
    }

    /// The wish to stop, the pixels of all own images, then each image's.
    private byte[] bytes(List<MeanIou.Counts> own, long[][] pixels) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (1 + classes * (classes + 3 * own.size())));
        LongBuffer longs = bytes.asLongBuffer().put(stop.getAsBoolean() ? 1 : 0);
        for (long[] row : pixels) {
            longs.put(row);
        }
        own.forEach(c -> longs.put(c.hit()).put(c.predicted()).put(c.labelled()));
        return bytes.array();
    }

    private long[] next(LongBuffer from) {
        long[] values = new long[classes];
        from.get(values);
        return values;
    }
}
