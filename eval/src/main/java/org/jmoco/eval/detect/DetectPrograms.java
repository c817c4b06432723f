package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.ResizeShortest;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// The programs of a detector: those of a step of training, and what a trained network says of an image.
///
/// A program that learns pauses when the scores of all anchors are there, outputs `logits0`, `deltas0`, `logits1`, …
/// by level: the host chooses regions and feeds them. A batch that is trained on at once is one part; in several
/// parts the first one's statistics of batch norm are kept, as those of data-parallel training follow its rank 0,
/// and [#finish] takes the step.
///
/// | input | shape | meaning |
/// |---|---|---|
/// | images | `[n, h, w, 3]` U8 | red, green, blue; anything where they are padded |
/// | extents | `[n, 2]` I32 | height and width without the padding, which becomes 0 after normalising |
///
/// and those of [LearnInputs].
final class DetectPrograms {
    static final String IMAGES = "images";
    static final String EXTENTS = "extents";
    static final String LEARNING_RATE = "learningRate";
    static final String LOGITS = "logits";
    static final String DELTAS = "deltas";
    static final String REGION_LOGITS = "regionLogits";

    /// What a batch statistic is taken of, and not kept.
    private static final Mode PASSING = new Mode.Train(BatchGroups.WHOLE, false);

    private final Detector net;
    private final Normalize normalize;

    /// @param normalize what the encoder wants of bytes
    DetectPrograms(Detector net, Normalize normalize) {
        this.net = net;
        this.normalize = normalize;
    }

    /// What the host looks at in the pause of a program.
    Set<String> scores() {
        return IntStream.range(0, net.anchors().levels().size())
                .boxed()
                .flatMap(level -> Stream.of(LOGITS + level, DELTAS + level))
                .collect(Collectors.toSet());
    }

    private static void output(Trace p, List<RpnHead.Scores> scores) {
        for (int level = 0; level < scores.size(); level++) {
            p.output(LOGITS + level, scores.get(level).logits());
            p.output(DELTAS + level, scores.get(level).deltas());
        }
    }

    /// Learns from a whole batch at once.
    Program whole(int n, int height, int width, Sgd sgd) {
        return Program.trace(
                "detect-step", p -> sgd.minimize(learn(p, n, height, width, Mode.TRAIN), p.scalar(LEARNING_RATE)));
    }

    /// Learns from the first of several parts.
    Program first(int n, int height, int width, Sgd sgd, GradientSum sum) {
        return Program.trace(
                "detect-first-part",
                p -> sum.set(Gradients.of(learn(p, n, height, width, Mode.TRAIN), sgd.parameters())));
    }

    /// Learns from a further part.
    Program next(int n, int height, int width, Sgd sgd, GradientSum sum) {
        return Program.trace(
                "detect-next-part", p -> sum.add(Gradients.of(learn(p, n, height, width, PASSING), sgd.parameters())));
    }

    /// Learns nothing; batch norm's running statistics move.
    Program forward(int n, int height, int width) {
        return Program.trace("detect-forward", p -> learn(p, n, height, width, Mode.TRAIN));
    }

    /// Takes the optimiser's step along the mean of the parts' gradients.
    Program finish(int parts, GradientSum sum) {
        return Program.trace("detect-finish", p -> sum.update(parts, p.scalar(LEARNING_RATE)));
    }

    private Tensor learn(Trace p, int n, int height, int width, Mode mode) {
        List<Tensor> maps = net.maps(images(p, n, height, width), mode);
        List<RpnHead.Scores> scores = net.proposals(maps, mode);
        output(p, scores);
        LearnInputs.Traced in = new LearnInputs(net, n).trace(p);
        BoxHead.Scores boxes = net.boxes(maps, in.boxes(), mode);
        p.output(REGION_LOGITS, boxes.logits());
        SequencedMap<String, Tensor> losses = DetectLoss.of(net, maps, scores, boxes, in, mode);
        losses.forEach(p::output);
        return losses.get(DetectLoss.LOSS);
    }

    /// The programs of one image of a certain size, when a trained network is used, and the maps that lie between
    /// them.
    ///
    /// @param propose scores of all anchors, outputs as those of a program that learns; fills the maps
    /// @param boxes   from `boxes`, as many as are proposed, to `logits` and `deltas` of regions
    /// @param masks   from `maskBoxes`, as many as are reported, and `maskClasses` to `masks`, `[m, 2s, 2s]` of
    ///     log-odds; null where masks are not found
    record Testing(Program propose, Program boxes, Program masks) {}

    /// The programs of an image. By torchvision's rules it comes normalised and padded, `[1, h, w, 3]` F32, without
    /// extents.
    Testing testing(int height, int width) {
        List<Variable> maps = new ArrayList<>();
        Program propose = Program.trace("detect-propose", p -> {
            Tensor image = net.config().flavour().resize() == ResizeShortest.Rule.FLOATS
                    ? p.input(IMAGES, Shape.of(1, height, width, 3), DType.F32)
                    : images(p, 1, height, width);
            List<Tensor> seen = net.maps(image, Mode.EVALUATE);
            for (Tensor map : seen) {
                Variable kept = Variable.zeros("map" + maps.size(), map.shape());
                kept.assign(map);
                maps.add(kept);
            }
            output(p, net.proposals(seen, Mode.EVALUATE));
        });
        Program boxes = Program.trace("detect-boxes", p -> {
            Detector.Regions regions = LearnInputs.regions(
                    p, LearnInputs.BOXES, "box", net.config().rpn().testing().after());
            BoxHead.Scores scores = net.boxes(read(maps), regions, Mode.EVALUATE);
            p.output(LOGITS, scores.logits());
            p.output(DELTAS, scores.deltas());
        });
        return new Testing(propose, boxes, net.config().model().masks() ? masks(maps) : null);
    }

    private Program masks(List<Variable> maps) {
        return Program.trace("detect-masks", p -> {
            int most = net.config().test().most();
            Detector.Regions regions = LearnInputs.regions(p, LearnInputs.MASK_BOXES, "mask", most);
            Tensor all = net.masks(read(maps), regions, Mode.EVALUATE);
            Tensor classes = p.input(LearnInputs.MASK_CLASSES, Shape.of(most), DType.I32);
            p.output(LearnInputs.MASKS, DetectLoss.ofClass(all, classes));
        });
    }

    private static List<Tensor> read(List<Variable> maps) {
        return maps.stream().map(Variable::read).toList();
    }

    private Tensor images(Trace p, int n, int height, int width) {
        Tensor images = p.input(IMAGES, Shape.of(n, height, width, 3), DType.U8);
        return images.normalizeImage(floats(normalize.mean()), floats(normalize.std()))
                .zeroOutside(p.input(EXTENTS, Shape.of(n, 2), DType.I32));
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
