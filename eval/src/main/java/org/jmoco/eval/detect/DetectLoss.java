package org.jmoco.eval.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jmoco.nn.Mode;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// What training makes small, by name; all in nats, or in units of the deltas, and shape `[]`.
///
/// | name | what |
/// |---|---|
/// | loss | the sum of the others |
/// | rpnClassLoss | binary cross-entropy of the anchors drawn |
/// | rpnBoxLoss | absolute differences of the deltas of positive anchors |
/// | classLoss | cross-entropy of the regions drawn, the mean |
/// | boxLoss | absolute differences of the deltas of positive regions, in their class's columns, over all regions |
/// | maskLoss | binary cross-entropy of the masks of positive regions, in their class's map, the mean over pixels |
///
/// What the first two are divided by is the flavour's, see [Flavour#anchorsCounted].
final class DetectLoss {
    static final String LOSS = "loss";
    static final String RPN_CLASS = "rpnClassLoss";
    static final String RPN_BOX = "rpnBoxLoss";
    static final String CLASS = "classLoss";
    static final String BOX = "boxLoss";
    static final String MASK = "maskLoss";

    private DetectLoss() {}

    /// The names of a network's losses, the sum first.
    static List<String> names(DetectConfig config) {
        return config.model().masks()
                ? List.of(LOSS, RPN_CLASS, RPN_BOX, CLASS, BOX, MASK)
                : List.of(LOSS, RPN_CLASS, RPN_BOX, CLASS, BOX);
    }

    /// All losses on a part of a batch, the sum first.
    ///
    /// @param maps of the images   @param proposals what was said of them
    /// @param boxes what was said of the regions
    static SequencedMap<String, Tensor> of(
            Detector net,
            List<Tensor> maps,
            List<RpnHead.Scores> proposals,
            BoxHead.Scores boxes,
            LearnInputs.Traced in,
            Mode mode) {
        SequencedMap<String, Tensor> losses = new LinkedHashMap<>();
        Tensor logits = rows(proposals.stream().map(RpnHead.Scores::logits).toList(), 1)
                .gatherRows(in.anchors())
                .reshape(-1);
        Tensor deltas =
                rows(proposals.stream().map(RpnHead.Scores::deltas).toList(), 4).gatherRows(in.anchors());
        losses.put(RPN_CLASS, sum(logits.sigmoidCrossEntropy(in.anchorObjects()), in.anchorWeights()));
        losses.put(RPN_BOX, sum(distance(deltas, in.anchorDeltas()), in.anchorDeltaWeights()));
        losses.put(CLASS, sum(boxes.logits().softmaxCrossEntropy(in.boxClasses()), in.boxWeights()));
        Tensor ofClass = boxes.deltas().reshape(-1, 4).gatherRows(in.boxColumns());
        losses.put(BOX, sum(distance(ofClass, in.boxDeltas()), in.boxDeltaWeights()));
        in.masks().ifPresent(m -> {
            Tensor all = net.masks(maps, m.boxes(), mode);
            Tensor mask = ofClass(all, m.classes());
            losses.put(MASK, sum(mask.sigmoidCrossEntropy(m.masks().cast(DType.F32)), m.weights()));
        });
        losses.putFirst(LOSS, losses.values().stream().reduce(Tensor::add).orElseThrow());
        return losses;
    }

    /// Scores of all levels, one after the other: `[anchors of all levels and images, columns]`.
    private static Tensor rows(List<Tensor> levels, int columns) {
        Tensor[] rows = levels.stream().map(t -> t.reshape(-1, columns)).toArray(Tensor[]::new);
        return rows.length == 1 ? rows[0] : Tensor.concat(0, rows);
    }

    /// Of each region the map of its class, `[r, h, w, classes]` → `[r, h, w]`.
    static Tensor ofClass(Tensor all, Tensor classes) {
        Shape one = all.shape().with(3, 1);
        Tensor channels = classes.reshape(-1, 1, 1, 1).broadcastTo(one);
        return all.gatherAlong(3, channels).reshape(one.dim(0), one.dim(1), one.dim(2));
    }

    /// `|a − b|`.
    private static Tensor distance(Tensor a, Tensor b) {
        Tensor difference = a.subtract(b);
        return difference.relu().add(difference.negate().relu());
    }

    private static Tensor sum(Tensor losses, Tensor weights) {
        return losses.multiply(weights).sum();
    }
}
