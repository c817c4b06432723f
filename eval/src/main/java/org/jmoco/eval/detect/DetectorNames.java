package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.nn.weights.KeyMaps;
import org.jmoco.nn.weights.Layout;
import org.jmoco.nn.weights.Layout.Rename;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Strided;

/// Under which names, and in which order, a library keeps the arrays of a detector. Ours are mmdet's names, but
///
/// - what is fully connected to the cells of a region has them by height, width, channel; theirs by channel,
/// height,
///   width;
/// - anchors of a position stand as the configuration's flavour has them; mmdet and torchvision have them ratio by
///   ratio, detectron2 size by size;
/// - background is the last class; torchvision's first.
public enum DetectorNames {
    MMDET("rpn_head.rpn_conv.weight", Anchors.Order.RATIO_BY_RATIO) {
        @Override
        Layout layout(DetectConfig.Detector detector, int finest) {
            return new Layout(name(), "mmdet detector", "", List.of(), List.of());
        }
    },
    DETECTRON2("proposal_generator.rpn_head.conv.weight", Anchors.Order.SIZE_BY_SIZE) {
        @Override
        Layout layout(DetectConfig.Detector detector, int finest) {
            List<Rename> renames = new ArrayList<>();
            boolean c4 = detector == DetectConfig.Detector.C4;
            if (c4) {
                renames.add(new Rename("roi_heads.res5.norm.", "roi_head.shared_head.norm."));
                addStages(renames, "roi_heads.", "roi_head.shared_head.");
            }
            for (int i = 0; i < STAGES; i++) {
                int stage = finest + 1 + i;
                addConv(renames, "backbone.fpn_lateral" + stage + ".", "neck.lateral_convs." + i + ".");
                addConv(renames, "backbone.fpn_output" + stage + ".", "neck.fpn_convs." + i + ".");
                String number = i + 1 + ".";
                addConv(renames, "roi_heads.box_head.conv" + number, "roi_head.bbox_head.shared_convs." + i + ".");
                renames.add(new Rename("roi_heads.box_head.fc" + number, "roi_head.bbox_head.shared_fcs." + i + "."));
                addConv(renames, "roi_heads.mask_head.mask_fcn" + number, "roi_head.mask_head.convs." + i + ".");
            }
            addStages(renames, c4 ? "backbone." : "backbone.bottom_up.", "backbone.");
            renames.addAll(List.of(
                    new Rename("proposal_generator.rpn_head.conv.", "rpn_head.rpn_conv."),
                    new Rename("proposal_generator.rpn_head.objectness_logits.", "rpn_head.rpn_cls."),
                    new Rename("proposal_generator.rpn_head.anchor_deltas.", "rpn_head.rpn_reg."),
                    new Rename("roi_heads.box_predictor.cls_score.", "roi_head.bbox_head.fc_cls."),
                    new Rename("roi_heads.box_predictor.bbox_pred.", "roi_head.bbox_head.fc_reg."),
                    new Rename("roi_heads.mask_head.deconv.", "roi_head.mask_head.upsample."),
                    new Rename("roi_heads.mask_head.predictor.", "roi_head.mask_head.conv_logits.")));
            return new Layout(
                    name(),
                    "detectron2 detector",
                    "",
                    renames,
                    List.of("pixel_mean", "pixel_std", "proposal_generator.anchor_generator."));
        }
    },
    TORCHVISION("rpn.head.cls_logits.weight", Anchors.Order.RATIO_BY_RATIO) {
        @Override
        Layout layout(DetectConfig.Detector detector, int finest) {
            List<Rename> renames = new ArrayList<>();
            for (int i = 0; i < STAGES; i++) {
                renames.add(new Rename("backbone.fpn.inner_blocks." + i + ".0.", "neck.lateral_convs." + i + ".conv."));
                renames.add(new Rename("backbone.fpn.layer_blocks." + i + ".0.", "neck.fpn_convs." + i + ".conv."));
                renames.add(new Rename("roi_heads.mask_head." + i + ".0.", "roi_head.mask_head.convs." + i + ".conv."));
                // Before version 0.13.
                renames.add(new Rename("backbone.fpn.inner_blocks." + i + ".", "neck.lateral_convs." + i + ".conv."));
                renames.add(new Rename("backbone.fpn.layer_blocks." + i + ".", "neck.fpn_convs." + i + ".conv."));
                renames.add(new Rename(
                        "roi_heads.mask_head.mask_fcn" + (i + 1) + ".", "roi_head.mask_head.convs." + i + ".conv."));
            }
            renames.addAll(List.of(
                    new Rename("backbone.body.", "backbone."),
                    new Rename("rpn.head.conv.0.0.", "rpn_head.rpn_conv."),
                    new Rename("rpn.head.conv.", "rpn_head.rpn_conv."),
                    new Rename("rpn.head.cls_logits.", "rpn_head.rpn_cls."),
                    new Rename("rpn.head.bbox_pred.", "rpn_head.rpn_reg."),
                    new Rename("roi_heads.box_head.fc6.", "roi_head.bbox_head.shared_fcs.0."),
                    new Rename("roi_heads.box_head.fc7.", "roi_head.bbox_head.shared_fcs.1."),
                    new Rename("roi_heads.box_predictor.cls_score.", "roi_head.bbox_head.fc_cls."),
                    new Rename("roi_heads.box_predictor.bbox_pred.", "roi_head.bbox_head.fc_reg."),
                    new Rename("roi_heads.mask_predictor.conv5_mask.", "roi_head.mask_head.upsample."),
                    new Rename("roi_heads.mask_predictor.mask_fcn_logits.", "roi_head.mask_head.conv_logits.")));
            return new Layout(name(), "torchvision detector", "", renames, List.of());
        }
    };

    private static final int STAGES = 4;
    private static final String COUNTER = "num_batches_tracked";
    private static final String CLASSES = "roi_head.bbox_head.fc_cls.";
    private static final String DELTAS = "roi_head.bbox_head.fc_reg.";
    private static final String MASKS = "roi_head.mask_head.conv_logits.";
    private static final String CELLS = "roi_head.bbox_head.shared_fcs.0.weight";
    private static final String ANCHOR_LOGITS = "rpn_head.rpn_cls.";
    private static final String ANCHOR_DELTAS = "rpn_head.rpn_reg.";

    private final String mark;
    private final Anchors.Order anchors;

    DetectorNames(String mark, Anchors.Order anchors) {
        this.mark = mark;
        this.anchors = anchors;
    }

    abstract Layout layout(DetectConfig.Detector detector, int finest);

    /// As the command line has it: mmdet, detectron2 or torchvision.
    ///
    /// @throws IllegalArgumentException naming the known ones
    public static DetectorNames byName(String name) {
        return Stream.of(values())
                .filter(n -> n.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "detectors are written under the names of mmdet, detectron2 or torchvision, got " + name));
    }

    /// Its name on the command line.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Refuses a network that a library does not have.
    ///
    /// @throws IllegalArgumentException if torchvision's names are wanted of another detector than its own
    void require(DetectConfig.Model model) {
        boolean own = model.detector() == DetectConfig.Detector.FPN
                && model.head() == DetectConfig.Head.TWO_FC
                && model.norm() == DetectConfig.Norms.NONE;
        if (this == TORCHVISION && !own) {
            throw new IllegalArgumentException("torchvision has no names for this detector: its own are on a feature"
                    + " pyramid without batch norm, with a box head of two fully connected layers");
        }
    }

    /// Whose names these are.
    public static Optional<DetectorNames> of(Collection<String> names) {
        return Stream.of(values()).filter(n -> names.contains(n.mark)).findFirst();
    }

    /// Arrays as [StateDict][org.jmoco.nn.StateDict] wants them.
    ///
    /// @throws IllegalArgumentException if an array cannot be put into our order
    public Map<String, ArrayData> toOurs(Map<String, ArrayData> theirs, DetectConfig config) {
        Layout layout = layout(config.model().detector(), config.model().finest());
        Map<String, ArrayData> ours = new LinkedHashMap<>();
        theirs.forEach((key, array) -> {
            if (!layout.drops(key) && !key.endsWith(COUNTER)) {
                String name = layout.toOurs(key);
                ours.put(name, reordered(name, array, config, true));
            }
        });
        return ours;
    }

    /// Arrays of a network of ours as the library has them.
    public Map<String, ArrayData> fromOurs(Map<String, ArrayData> ours, DetectConfig config) {
        Layout layout = layout(config.model().detector(), config.model().finest());
        Map<String, ArrayData> theirs = new LinkedHashMap<>();
        ours.forEach((name, array) -> theirs.put(layout.fromOurs(name), reordered(name, array, config, false)));
        return theirs;
    }

    private ArrayData reordered(String name, ArrayData array, DetectConfig config, boolean in) {
        if (name.equals(CELLS)) {
            requireRank(name, array, 2);
            return cells(name, array, config, in);
        }
        if (name.startsWith(ANCHOR_LOGITS) || name.startsWith(ANCHOR_DELTAS)) {
            requireRank(name, array, 1);
        }
        if (name.startsWith(ANCHOR_LOGITS)) {
            return rows(array, anchorRows(config, in), 1);
        }
        if (name.startsWith(ANCHOR_DELTAS)) {
            return rows(array, anchorRows(config, in), 4);
        }
        if (this == TORCHVISION && Stream.of(CLASSES, DELTAS, MASKS).anyMatch(name::startsWith)) {
            requireRank(name, array, 1);
            int width = name.startsWith(DELTAS) ? 4 : 1;
            int rows = Math.toIntExact(array.dim(0)) / width;
            if (name.startsWith(CLASSES)) {
                return rows(array, turned(rows, in), 1);
            }
            if (name.startsWith(DELTAS) || name.startsWith(MASKS)) {
                // Background has rows there, which are not used.
                int[] which = IntStream.range(0, in ? rows - 1 : rows + 1)
                        .map(i -> in ? i + 1 : i - 1)
                        .toArray();
                return rows(array, which, width);
            }
        }
        return array;
    }

    /// Background from the front to the end, or back.
    private static int[] turned(int rows, boolean in) {
        return IntStream.range(0, rows)
                .map(i -> (i + (in ? 1 : rows - 1)) % rows)
                .toArray();
    }

    private static void requireRank(String name, ArrayData array, int least) {
        if (array.rank() < least || array.count() == 0) {
            throw new IllegalArgumentException(name + " is " + array + ", which no detector has there");
        }
    }

    private static ArrayData cells(String name, ArrayData array, DetectConfig config, boolean in) {
        long side = config.regions().size();
        if (array.dim(1) % (side * side) != 0) {
            throw new IllegalArgumentException(name + " is " + array + ": not as many columns as some channels of "
                    + side + "×" + side + " cells");
        }
        long out = array.dim(0);
        long channels = array.dim(1) / (side * side);
        return in
                ? Strided.permute(array.reshape(out, channels, side, side), 0, 2, 3, 1)
                        .reshape(out, array.dim(1))
                : Strided.permute(array.reshape(out, side, side, channels), 0, 3, 1, 2)
                        .reshape(out, array.dim(1));
    }

    /// For each anchor of a position in the order wanted, where it stands in the order given.
    private int[] anchorRows(DetectConfig config, boolean in) {
        Anchors.Order ours = config.flavour().anchorOrder();
        int sizes = config.model().detector() == DetectConfig.Detector.C4
                ? config.rpn().sizes().size()
                : 1;
        int ratios = config.rpn().ratios().size();
        Anchors.Order wanted = in ? ours : anchors;
        Anchors.Order given = in ? anchors : ours;
        return IntStream.range(0, sizes * ratios)
                .map(i -> {
                    int size = wanted == Anchors.Order.SIZE_BY_SIZE ? i / ratios : i % sizes;
                    int ratio = wanted == Anchors.Order.SIZE_BY_SIZE ? i % ratios : i / sizes;
                    return given == Anchors.Order.SIZE_BY_SIZE ? size * ratios + ratio : ratio * sizes + size;
                })
                .toArray();
    }

    /// Rows of the first axis, `width` at a time, in another order; −1 gives zeros.
    private static ArrayData rows(ArrayData array, int[] which, int width) {
        float[] from = array.toFloatArray();
        int block = Math.toIntExact(array.count() / array.dim(0)) * width;
        int most = Arrays.stream(which).max().orElse(0);
        if (from.length != (most + 1) * block) {
            throw new IllegalArgumentException(
                    "an array has " + array.dim(0) + " rows where anchors or classes want " + (most + 1) * width);
        }
        float[] to = new float[which.length * block];
        for (int i = 0; i < which.length; i++) {
            if (which[i] >= 0) {
                System.arraycopy(from, which[i] * block, to, i * block, block);
            }
        }
        long[] shape = array.shape().clone();
        shape[0] = (long) which.length * width;
        return ArrayData.ofFloats(to, shape);
    }

    private static void addConv(List<Rename> renames, String theirs, String ours) {
        renames.add(new Rename(theirs + "norm.", ours + "bn."));
        renames.add(new Rename(theirs, ours + "conv."));
    }

    /// A ResNet's arrays below a prefix, by the names of its layers there.
    private static void addStages(List<Rename> renames, String theirs, String ours) {
        for (Rename r : KeyMaps.byName("detectron2").renames()) {
            renames.add(new Rename(theirs + r.theirs(), ours + r.ours()));
        }
    }
}
