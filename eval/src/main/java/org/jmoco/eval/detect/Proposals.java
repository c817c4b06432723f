package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Nms;
import org.jmoco.eval.boxes.ScoreOrder;

/// The regions of one image that are worth a closer look: of each level the best anchors by score, moved by their
/// deltas, clipped to the image without its padding, those without extent dropped, those suppressed that overlap a
/// better one of their level; then the best of all levels.
///
/// @param boxes  by falling score
/// @param scores what they are ranked by, [Flavour#rank] and [Flavour#rankOverLevels]
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Proposals(Boxes boxes, float[] scores) {

    /// What the region proposal network says of the anchors of one level.
    ///
    /// @param anchors of the level   @param logits one an anchor   @param deltas four an anchor
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Level(Boxes anchors, float[] logits, float[] deltas) {}

    /// Chooses them.
    ///
    /// @param rules    how many, and when one suppresses another
    /// @param proposed of these, training's or testing's numbers
    /// @param height,width of the image without padding
    /// @throws IllegalArgumentException if a logit is NaN
    public static Proposals of(
            List<Level> levels,
            Flavour flavour,
            DetectConfig.Rpn rules,
            DetectConfig.Proposed proposed,
            float height,
            float width) {
        Boxes boxes = Boxes.NONE;
        List<float[]> scores = new ArrayList<>();
        for (Level level : levels) {
            Proposals one = best(level, flavour, rules.nms(), proposed, height, width);
            boxes = boxes.concat(one.boxes);
            scores.add(one.scores);
        }
        float[] all = new float[boxes.size()];
        int at = 0;
        for (float[] some : scores) {
            for (float score : some) {
                all[at++] = flavour.rankOverLevels(score);
            }
        }
        return new Proposals(boxes, all).select(ScoreOrder.top(all, proposed.after()));
    }

    private static Proposals best(
            Level level, Flavour flavour, double nms, DetectConfig.Proposed proposed, float height, float width) {
        float[] ranks = new float[level.logits.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = flavour.rank(level.logits[i]);
        }
        int[] top = ScoreOrder.top(ranks, proposed.before());
        float[] deltas = new float[4 * top.length];
        float[] scores = new float[top.length];
        for (int i = 0; i < top.length; i++) {
            System.arraycopy(level.deltas, 4 * top[i], deltas, 4 * i, 4);
            scores[i] = ranks[top[i]];
        }
        BoxCoder coder = flavour.anchorCoder();
        Boxes moved = coder.decode(level.anchors.select(top), deltas, 0, 4).clipped(width, height);
        float smallest = flavour.smallestProposal();
        Proposals whole =
                new Proposals(moved, scores).select(smallest > 0 ? moved.atLeast(smallest) : moved.nonEmpty());
        return whole.select(Nms.keep(whole.boxes, whole.scores, nms, proposed.after()));
    }

    private Proposals select(int... which) {
        float[] chosen = new float[which.length];
        for (int i = 0; i < which.length; i++) {
            chosen[i] = scores[which[i]];
        }
        return new Proposals(boxes.select(which), chosen);
    }
}
