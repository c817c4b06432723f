package org.jmoco.eval.detect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jmoco.tensor.io.ArrayData;

/// What network a file holds, by its names and shapes: as much of a configuration as decides what its arrays are
/// and in which order they stand. What a test reports, and how large anchors are, no file says, and is the
/// defaults'.
final class DetectorGuess {
    private static final int STAGES = 4;
    private static final int USUAL_RATIOS = 3;
    /// Weights of the pyramid's convolutions on stages, in all libraries.
    private static final Pattern LATERAL =
            Pattern.compile("(neck\\.lateral_convs\\.|backbone\\.fpn_lateral|backbone\\.fpn\\.inner_blocks\\.)\\d"
                    + "(\\.conv|\\.0)?\\.weight");

    private final Map<String, ArrayData> arrays = new LinkedHashMap<>();
    private final int stages;

    private DetectorGuess(Map<String, ArrayData> theirs, DetectorNames names) {
        stages = (int) theirs.keySet().stream()
                .filter(name -> LATERAL.matcher(name).matches())
                .count();
        theirs.forEach(
                (name, array) -> arrays.put(names.layout(detector(), finest()).toOurs(name), array));
    }

    /// Guesses.
    ///
    /// @param theirs arrays under the names of a library   @param names which library's
    /// @param ratios of the anchors at a position; 0 for the three that all recipes have
    /// @throws IllegalArgumentException if an array is missing or has another shape than any detector's
    static DetectConfig of(Map<String, ArrayData> theirs, DetectorNames names, int ratios) {
        return new DetectorGuess(theirs, names).config(ratios == 0 ? USUAL_RATIOS : ratios);
    }

    private DetectConfig.Detector detector() {
        return stages > 0 ? DetectConfig.Detector.FPN : DetectConfig.Detector.C4;
    }

    private int finest() {
        return stages > 0 ? STAGES + 1 - stages : 1;
    }

    private DetectConfig config(int ratios) {
        boolean pyramid = stages > 0;
        int channels = pyramid ? dim("rpn_head.rpn_conv.weight", 0) : 1;
        int anchors = dim("rpn_head.rpn_cls.weight", 0);
        if (!pyramid && anchors % ratios != 0) {
            throw new IllegalArgumentException(
                    anchors + " anchors at a position of the map are no multiple of " + ratios + " ratios");
        }
        int cells = pyramid ? dim("roi_head.bbox_head.shared_fcs.0.weight", 1) / channels : 1;
        DetectConfig.Model model = new DetectConfig.Model(
                detector(),
                has("roi_head.bbox_head.shared_convs.0.conv.weight")
                        ? DetectConfig.Head.FOUR_CONV_ONE_FC
                        : DetectConfig.Head.TWO_FC,
                channels,
                pyramid ? dim("roi_head.bbox_head.fc_cls.weight", 1) : 1,
                norms(),
                finest(),
                has("roi_head.mask_head.upsample.weight"));
        DetectConfig d = DetectConfig.defaults();
        DetectConfig.Rpn rpn = new DetectConfig.Rpn(
                ones(pyramid ? stages + 1 : anchors / ratios),
                ones(pyramid ? anchors : ratios),
                d.rpn().low(),
                d.rpn().high(),
                d.rpn().samples(),
                d.rpn().positives(),
                d.rpn().training(),
                d.rpn().testing(),
                d.rpn().nms());
        DetectConfig.Regions regions = new DetectConfig.Regions(
                d.regions().threshold(),
                d.regions().samples(),
                d.regions().positives(),
                (int) Math.round(Math.sqrt(cells)),
                d.regions().maskSize(),
                d.regions().finest());
        return new DetectConfig(
                d.name(),
                d.seed(),
                d.flavour(),
                d.data(),
                d.encoder(),
                model,
                rpn,
                regions,
                d.views(),
                d.test(),
                d.recipe());
    }

    private DetectConfig.Norms norms() {
        boolean heads =
                has("roi_head.bbox_head.shared_convs.0.bn.weight") || has("roi_head.mask_head.convs.0.bn.weight");
        return heads
                ? DetectConfig.Norms.ALL
                : has("neck.lateral_convs.0.bn.weight") ? DetectConfig.Norms.PYRAMID : DetectConfig.Norms.NONE;
    }

    private boolean has(String name) {
        return arrays.containsKey(name);
    }

    private int dim(String name, int axis) {
        ArrayData array = arrays.get(name);
        if (array == null || array.rank() <= axis) {
            throw new IllegalArgumentException(name + (array == null ? " is missing" : " has no axis " + axis));
        }
        if (array.count() == 0) {
            throw new IllegalArgumentException(name + " has no elements");
        }
        return Math.toIntExact(array.dim(axis));
    }

    private static List<Float> ones(int count) {
        return Collections.nCopies(count, 1f);
    }
}
