package org.jmoco.eval.boxes;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jmoco.tensor.random.Philox;

/// Draws the boxes that a step learns from: positive ones up to a share, filled up with negative ones, uniformly and
/// without replacement. What is drawn depends on seed, step, image and purpose alone, whatever the threads and after
/// a resume.
public final class Sampler {
    private Sampler() {}

    /// What is drawn for; each has random numbers of its own.
    public enum Purpose {
        /// Anchors of the region proposal network.
        ANCHORS(0x414E4348),
        /// Proposals of the heads.
        PROPOSALS(0x50524F50);

        private final int word;

        Purpose(int word) {
            this.word = word;
        }
    }

    /// The numbers of the boxes drawn, in the order of drawing.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Sample(int[] positives, int[] negatives) {}

    /// The random numbers of one image in one step.
    public static Philox stream(long seed, int step, int image, Purpose purpose) {
        return new Philox(seed, image, step, purpose.word);
    }

    /// Draws `count` boxes, or as many as there are.
    ///
    /// @param labels        as [Matcher] gives them
    /// @param mostPositives of them positive at most
    public static Sample draw(byte[] labels, int count, int mostPositives, Philox draws) {
        int[] positives = prefix(numbers(labels, Matcher.POSITIVE), mostPositives, draws);
        int[] negatives = prefix(numbers(labels, Matcher.NEGATIVE), count - positives.length, draws);
        return new Sample(positives, negatives);
    }

    private static int[] numbers(byte[] labels, byte label) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }

    /// The first `k` of a random order (Fisher and Yates), or all.
    private static int[] prefix(int[] items, int k, Philox draws) {
        int n = Math.min(k, items.length);
        for (int i = 0; i < n; i++) {
            int j = i + draws.below(items.length - i);
            int drawn = items[j];
            items[j] = items[i];
            items[i] = drawn;
        }
        return Arrays.copyOf(items, n);
    }
}
