package org.jmoco.eval.boxes;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Greedy non-maximum suppression: by falling score, a box stays unless it overlaps one that stayed by more than a
/// threshold. The same boxes as torchvision's `nms`; equal scores go by number, the lower first.
public final class Nms {
    private Nms() {}

    /// The boxes that stay, by falling score.
    ///
    /// @param threshold intersection over union above which (not at which) a box is suppressed
    /// @param most      after so many it ends
    /// @throws IllegalArgumentException if a score is NaN or there is not one for each box
    public static int[] keep(Boxes boxes, float[] scores, double threshold, int most) {
        requireSame(boxes, scores.length, "scores");
        return greedy(boxes, ScoreOrder.descending(scores), atMost(threshold), most);
    }

    /// The same within each class: boxes of different classes do not suppress each other.
    ///
    /// @param classes of the boxes; any numbers
    public static int[] keepByClass(Boxes boxes, float[] scores, int[] classes, double threshold, int most) {
        requireSame(boxes, scores.length, "scores");
        requireSame(boxes, classes.length, "classes");
        int[] order = ScoreOrder.descending(scores);
        int[] sorted = IntStream.of(classes).distinct().sorted().toArray();
        boolean[] stays = new boolean[boxes.size()];
        for (int one : sorted) {
            int[] own = Arrays.stream(order).filter(i -> classes[i] == one).toArray();
            for (int i : greedy(boxes, own, atMost(threshold), most)) {
                stays[i] = true;
            }
        }
        return Arrays.stream(order).filter(i -> stays[i]).limit(most).toArray();
    }

    private static int[] greedy(Boxes boxes, int[] order, float threshold, int most) {
        BoxColumns kept = new BoxColumns(Math.min(order.length, 1_024));
        int[] numbers = new int[Math.min(order.length, most)];
        for (int i : order) {
            if (kept.size == numbers.length) {
                break;
            }
            if (!OverlapKernel.BEST.anyAbove(threshold, boxes, i, kept)) {
                numbers[kept.size] = i;
                kept.add(boxes, i);
            }
        }
        return Arrays.copyOf(numbers, kept.size);
    }

    /// The largest float at or below: a float is above the one exactly if it is above the other.
    private static float atMost(double threshold) {
        float near = (float) threshold;
        return near > threshold ? Math.nextDown(near) : near;
    }

    private static void requireSame(Boxes boxes, int count, String what) {
        if (boxes.size() != count) {
            throw new IllegalArgumentException("nms: " + boxes.size() + " boxes, but " + count + " " + what);
        }
    }
}
