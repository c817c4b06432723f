package org.jmoco.eval.boxes;

import java.util.Arrays;

/// Decides which annotated object each box (anchor or proposal) is to find, by intersection over union.
///
/// A box whose largest overlap is at least `high` is positive, below `low` negative, between them it is ignored;
/// of equal overlaps the first object counts. In addition the boxes that overlap an object best are its own, as
/// `best` says.
///
/// @param low  below it a box is background
/// @param high from it on a box is an object
/// @param best what becomes of the boxes (all that tie) with an object's largest overlap
public record Matcher(float low, float high, Best best) {
    /// Label of a box that is background.
    public static final byte NEGATIVE = 0;

    /// Label of a box that is to find an object.
    public static final byte POSITIVE = 1;

    /// Label of a box that is neither.
    public static final byte IGNORED = -1;

    private static final int CHUNK = 4_096;

    /// What becomes of an object's best boxes.
    public enum Best {
        /// Nothing special.
        NOTHING,
        /// They are positive, and keep the object they overlap most: detectron2.
        POSITIVE,
        /// The object takes them over if it overlaps them by `low` or more, later objects from earlier ones:
        /// mmdet, whose recipes have `min_pos_iou` equal to `neg_iou_thr`.
        TAKEN
    }

    public Matcher {
        if (!(low >= 0 && low <= high && high <= 1)) {
            throw new IllegalArgumentException("matcher: expected 0 ≤ low ≤ high ≤ 1, got " + low + " and " + high);
        }
    }

    /// The outcome.
    ///
    /// @param object of each box, −1 if there are none; means something for positive boxes alone
    /// @param label  of each box
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Matches(int[] object, byte[] label) {}

    /// Matches boxes with objects.
    public Matches match(Boxes objects, Boxes boxes) {
        int n = boxes.size();
        int[] object = new int[n];
        byte[] label = new byte[n];
        if (objects.size() == 0) {
            Arrays.fill(object, -1);
            return new Matches(object, label);
        }
        BoxColumns columns = BoxColumns.of(boxes);
        float[] largest = new float[objects.size()];
        float[] overlap = new float[CHUNK];
        float[] best = new float[CHUNK];
        for (int from = 0; from < n; from += CHUNK) {
            int to = Math.min(n, from + CHUNK);
            Arrays.fill(best, -1);
            for (int o = 0; o < objects.size(); o++) {
                OverlapKernel.BEST.iou(objects, o, columns, from, to, overlap);
                float most = largest[o];
                for (int k = 0; k < to - from; k++) {
                    most = Math.max(most, overlap[k]);
                    if (overlap[k] > best[k]) {
                        best[k] = overlap[k];
                        object[from + k] = o;
                    }
                }
                largest[o] = most;
            }
            for (int k = 0; k < to - from; k++) {
                label[from + k] = best[k] >= high ? POSITIVE : best[k] < low ? NEGATIVE : IGNORED;
            }
        }
        if (best() != Best.NOTHING) {
            giveBest(objects, columns, largest, object, label);
        }
        return new Matches(object, label);
    }

    private void giveBest(Boxes objects, BoxColumns boxes, float[] largest, int[] object, byte[] label) {
        float[] overlap = new float[CHUNK];
        for (int o = 0; o < objects.size(); o++) {
            if (largest[o] == 0 || best == Best.TAKEN && largest[o] < low) {
                continue;
            }
            for (int from = 0; from < boxes.size; from += CHUNK) {
                int to = Math.min(boxes.size, from + CHUNK);
                OverlapKernel.BEST.iou(objects, o, boxes, from, to, overlap);
                for (int k = 0; k < to - from; k++) {
                    if (overlap[k] == largest[o]) {
                        label[from + k] = POSITIVE;
                        object[from + k] = best == Best.TAKEN ? o : object[from + k];
                    }
                }
            }
        }
    }
}
