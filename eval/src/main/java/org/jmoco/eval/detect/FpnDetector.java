package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.Norm;
import org.jmoco.nn.ResNet;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.image.RoiAlign;

/// Faster and Mask R-CNN on a feature pyramid (Lin et al. 2017; He et al. 2017): regions are proposed on all
/// levels, and each is taken from the level that suits its size.
public final class FpnDetector extends Detector {
    private final ResNet backbone;
    private final Fpn neck;
    private final RpnHead rpnHead;
    private final RegionHead roiHead;
    private final RoiAlign boxAlign;
    private final RoiAlign maskAlign;
    private final int levels;

    private static final class RegionHead extends Module {
        private final BoxHead bboxHead;
        private final MaskHead maskHead;

        RegionHead(BoxHead bboxHead, MaskHead maskHead) {
            this.bboxHead = bboxHead;
            this.maskHead = maskHead;
        }

        BoxHead.Scores scores(Tensor regions, Mode mode) {
            return scoped(() -> bboxHead.scores(regions, mode));
        }

        Tensor masks(Tensor regions, Mode mode) {
            return scoped(() -> maskHead.forward(regions, mode));
        }
    }

    FpnDetector(ResNet.Config encoder, DetectConfig config, int classes) {
        super(encoder, config, classes);
        DetectConfig.Model model = config.model();
        Flavour flavour = config.flavour();
        Norm norm = model.norm() == DetectConfig.Norms.NONE ? null : encoder.norm();
        Norm headNorm = model.norm() == DetectConfig.Norms.ALL ? encoder.norm() : null;
        int channels = model.channels();
        backbone = new ResNet(encoder);
        neck = new Fpn(
                IntStream.rangeClosed(model.finest(), encoder.stages().size())
                        .mapToObj(encoder::channels)
                        .toList(),
                channels,
                norm,
                flavour.connections());
        List<Anchors> anchors = anchors().levels();
        rpnHead = new RpnHead(channels, anchors.getFirst().each());
        DetectConfig.Regions regions = config.regions();
        roiHead = new RegionHead(
                BoxHead.of(
                        model.head(),
                        channels,
                        regions.size(),
                        model.hidden(),
                        headNorm,
                        flavour.connections(),
                        classes),
                model.masks() ? new MaskHead(channels, classes, headNorm, flavour.maskLogits()) : null);
        levels = anchors.size() - 1;
        List<Float> scales = new ArrayList<>();
        for (Anchors level : anchors.subList(0, levels)) {
            scales.add(1f / level.stride());
        }
        boxAlign = flavour.roiAlign(regions.size(), scales);
        maskAlign = flavour.roiAlign(regions.maskSize(), scales);
    }

    @Override
    String nameOf(String encoderName) {
        return "backbone." + encoderName;
    }

    @Override
    public List<Tensor> maps(Tensor images, Mode mode) {
        return scoped(() -> {
            List<Tensor> stages = backbone.taps(images, mode).stages();
            return neck.levels(stages.subList(config().model().finest() - 1, stages.size()), mode);
        });
    }

    @Override
    public List<RpnHead.Scores> proposals(List<Tensor> maps, Mode mode) {
        return scoped(() -> maps.stream().map(map -> rpnHead.scores(map, mode)).toList());
    }

    @Override
    public BoxHead.Scores boxes(List<Tensor> maps, Regions regions, Mode mode) {
        return scoped(() -> roiHead.scores(cut(boxAlign, maps, regions), mode));
    }

    @Override
    public Tensor masks(List<Tensor> maps, Regions regions, Mode mode) {
        if (!config().model().masks()) {
            throw new UnsupportedOperationException("detection: this network finds boxes, no masks");
        }
        return scoped(() -> roiHead.masks(cut(maskAlign, maps, regions), mode));
    }

    private Tensor cut(RoiAlign align, List<Tensor> maps, Regions regions) {
        return align.of(maps.subList(0, levels), regions.boxes(), regions.images(), regions.levels());
    }

    @Override
    public int level(float area) {
        int level = config().flavour().level(area, (float) config().regions().finest());
        return Math.clamp(level, 0, levels - 1);
    }

    @Override
    public int levels() {
        return levels;
    }
}
