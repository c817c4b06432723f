package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.tensor.Compiled;

/// What the region proposal network said of a part of a batch, by level.
///
/// @param anchors of each level   @param logits,deltas of each level, image by image
record RpnOutput(List<Boxes> anchors, List<float[]> logits, List<float[]> deltas) {
    /// Reads it from the program that has run.
    ///
    /// @param height,width of the images with padding
    static RpnOutput of(Compiled propose, Detector net, int height, int width) {
        AnchorLevels levels = net.anchors();
        List<Boxes> anchors = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        List<float[]> deltas = new ArrayList<>();
        for (int level = 0; level < levels.levels().size(); level++) {
            anchors.add(levels.over(level, height, width));
            logits.add(propose.floats(DetectPrograms.LOGITS + level));
            deltas.add(propose.floats(DetectPrograms.DELTAS + level));
        }
        return new RpnOutput(anchors, logits, deltas);
    }

    /// What it said of one image.
    List<Proposals.Level> levels(int image) {
        List<Proposals.Level> levels = new ArrayList<>();
        for (int level = 0; level < anchors.size(); level++) {
            int count = anchors.get(level).size();
            levels.add(new Proposals.Level(
                    anchors.get(level),
                    Arrays.copyOfRange(logits.get(level), image * count, (image + 1) * count),
                    Arrays.copyOfRange(deltas.get(level), 4 * image * count, 4 * (image + 1) * count)));
        }
        return levels;
    }

    boolean finiteLogits() {
        return logits.stream().allMatch(RpnOutput::isFinite);
    }

    boolean finiteDeltas() {
        return deltas.stream().allMatch(RpnOutput::isFinite);
    }

    private static boolean isFinite(float... values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
