package org.jmoco.eval.metrics;

import java.util.List;

/// COCO's matching of the detections of an image and class with its objects (`cocoeval.py`, `evaluateImg`).
///
/// By falling score each detection takes the object of the highest overlap that is free and overlaps enough, of
/// equal overlaps the later one; a crowd is always free. Objects that do not count, crowds and those outside of
/// the range of areas, come after the others and are not looked at once another is found.
final class CocoMatching {
    private final double[] thresholds;

    /// @param area of an object as its annotation has it
    record Truth(double area, boolean crowd) {}

    /// @param thresholds of overlap, at most 31
    CocoMatching(double... thresholds) {
        this.thresholds = thresholds.clone();
    }

    /// @param scores `[n]`, falling   @param overlaps of the detections with the objects
    /// @param low,high the range of areas, both inside
    ImageOutcome match(
            int image, double[] scores, CocoOverlaps overlaps, List<Truth> objects, double low, double high) {
        double[] areas = overlaps.areas();
        int count = objects.size();
        int[] order = new int[count];
        boolean[] passed = new boolean[count];
        boolean[] crowd = new boolean[count];
        int counting = order(objects, low, high, order, passed, crowd);
        int[] truePositive = new int[areas.length];
        int[] ignored = new int[areas.length];
        for (int t = 0; t < thresholds.length; t++) {
            double least = Math.min(thresholds[t], 1 - 1e-10);
            boolean[] taken = new boolean[count];
            for (int d = 0; d < areas.length; d++) {
                int match = best(overlaps.values()[d], order, passed, crowd, taken, least);
                if (match >= 0) {
                    taken[match] = true;
                    truePositive[d] |= passed[match] ? 0 : 1 << t;
                    ignored[d] |= passed[match] ? 1 << t : 0;
                } else if (areas[d] < low || areas[d] > high) {
                    ignored[d] |= 1 << t;
                }
            }
        }
        return new ImageOutcome(image, scores, truePositive, ignored, counting);
    }

    /// Objects that count first; fills in place by place what is known of them.
    ///
    /// @return how many count
    private static int order(
            List<Truth> objects, double low, double high, int[] order, boolean[] passed, boolean[] crowd) {
        int size = 0;
        int counting = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int g = 0; g < order.length; g++) {
                Truth truth = objects.get(g);
                boolean out = truth.crowd || truth.area < low || truth.area > high;
                if (out == (pass == 1)) {
                    passed[size] = out;
                    crowd[size] = truth.crowd;
                    order[size++] = g;
                }
            }
            counting = pass == 0 ? size : counting;
        }
        return counting;
    }

    /// The place of the object that a detection takes, −1 if there is none.
    private static int best(
            double[] overlaps, int[] order, boolean[] passed, boolean[] crowd, boolean[] taken, double least) {
        double highest = least;
        int match = -1;
        for (int k = 0; k < order.length; k++) {
            if (taken[k] && !crowd[k]) {
                continue;
            }
            if (match >= 0 && !passed[match] && passed[k]) {
                break;
            }
            if (overlaps[order[k]] >= highest) {
                highest = overlaps[order[k]];
                match = k;
            }
        }
        return match;
    }
}
