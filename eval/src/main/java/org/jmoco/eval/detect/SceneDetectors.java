package org.jmoco.eval.detect;

import java.util.List;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.source.DataSpec;

/// The recipes on scenes, which `jmoco data scenes` makes, for encoders of CIFAR-10: minutes on two cores. Both
/// read the scenes in COCO's layout, so boxes are scored by COCO's rules with masks and without.
public final class SceneDetectors {
    private static final Encoder.Wanted ENCODER =
            new Encoder.Wanted(Optional.of(Arch.RESNET18), Optional.of(Stem.CIFAR), Optional.of(16));
    private static final List<Float> RATIOS = List.of(0.5f, 1f, 2f);
    private static final DetectConfig.Views VIEWS = new DetectConfig.Views(List.of(96), 96, 0.5, 16);
    private static final DetectConfig.Test TEST = new DetectConfig.Test(96, 96, 0.05, 0.5, 100);

    private SceneDetectors() {}

    /// The scenes in COCO's layout.
    ///
    /// @param folder below which they lie
    public static DataSpec coco(DataSpec folder) {
        return folder.withParts(
                new DataSpec.Part("coco/train2017", "coco/annotations/instances_train2017.json"),
                new DataSpec.Part("coco/val2017", "coco/annotations/instances_val2017.json"));
    }

    /// `faster_rcnn_r18w16_c4_scenes`: boxes by Faster R-CNN whose head is the encoder's fourth stage.
    public static DetectConfig c4() {
        return new DetectConfig(
                "faster_rcnn_r18w16_c4_scenes",
                0,
                Flavour.DETECTRON2,
                coco(DataSpec.DEFAULT.at("data/scenes")),
                ENCODER,
                new DetectConfig.Model(
                        DetectConfig.Detector.C4,
                        DetectConfig.Head.FOUR_CONV_ONE_FC,
                        256,
                        1024,
                        DetectConfig.Norms.ALL,
                        1,
                        false),
                new DetectConfig.Rpn(
                        List.of(24f, 36f, 48f),
                        RATIOS,
                        0.3,
                        0.7,
                        64,
                        0.5,
                        new DetectConfig.Proposed(1000, 200),
                        new DetectConfig.Proposed(500, 100),
                        0.7),
                new DetectConfig.Regions(0.5, 32, 0.25, 8, 14, 56),
                VIEWS,
                TEST,
                new DetectConfig.Recipe(16, 16, 240, 0.04, List.of(160, 215), 20, 0.001, 0.9, 1e-4, 20));
    }

    /// `mask_rcnn_r18w16_fpn_scenes`: boxes and masks by Mask R-CNN on a thin feature pyramid.
    public static DetectConfig fpn() {
        return new DetectConfig(
                "mask_rcnn_r18w16_fpn_scenes",
                0,
                Flavour.MMDET,
                coco(DataSpec.DEFAULT.at("data/scenes")),
                ENCODER,
                new DetectConfig.Model(
                        DetectConfig.Detector.FPN, DetectConfig.Head.TWO_FC, 32, 1024, DetectConfig.Norms.ALL, 2, true),
                new DetectConfig.Rpn(
                        List.of(16f, 24f, 36f, 48f),
                        RATIOS,
                        0.3,
                        0.7,
                        64,
                        0.5,
                        new DetectConfig.Proposed(500, 200),
                        new DetectConfig.Proposed(200, 100),
                        0.7),
                new DetectConfig.Regions(0.5, 32, 0.25, 7, 7, 10),
                VIEWS,
                TEST,
                new DetectConfig.Recipe(16, 16, 240, 0.05, List.of(180, 225), 20, 0.001, 0.9, 1e-4, 0));
    }
}
