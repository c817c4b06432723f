package org.jmoco.eval.detect;

import java.util.List;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Sequential;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.image.RoiAlign;

/// Faster R-CNN R50-C4: regions are proposed on the map of the third stage, and the fourth stage, with a batch
/// norm more behind it, sees each by itself (He et al. 2020, "Momentum contrast", appendix; detectron2's
/// `Res5ROIHeadsExtraNorm`, mmselfsup's `ResLayerExtraNorm`).
public final class C4Detector extends Detector {
    private static final int SHARED = 3;
    private static final String LAST_STAGE = "layer4.";

    private final ResNet backbone;
    private final RpnHead rpnHead;
    private final RegionHead roiHead;
    private final RoiAlign align;

    private static final class RegionHead extends Module {
        private final LastStage sharedHead;
        private final BoxHead bboxHead;

        RegionHead(ResNet.Config encoder, int classes) {
            sharedHead = new LastStage(encoder);
            bboxHead = BoxHead.averaging(encoder.features(), classes);
        }

        BoxHead.Scores scores(Tensor regions, Mode mode) {
            return scoped(() -> bboxHead.scores(sharedHead.forward(regions, mode), mode));
        }
    }

    private static final class LastStage extends Layer {
        private final Sequential layer4;
        private final Layer norm;

        LastStage(ResNet.Config encoder) {
            layer4 = encoder.stage(SHARED + 1);
            norm = encoder.norm().of(encoder.features());
        }

        @Override
        protected Tensor compute(Tensor x, Mode mode) {
            return norm.forward(layer4.forward(x, mode), mode);
        }
    }

    C4Detector(ResNet.Config encoder, DetectConfig config, int classes) {
        super(encoder, config, classes);
        backbone = new ResNet(encoder.stages(SHARED));
        rpnHead = new RpnHead(
                encoder.channels(SHARED), anchors().levels().getFirst().each());
        roiHead = new RegionHead(encoder, classes);
        int stride = anchors().levels().getFirst().stride();
        align = config.flavour().roiAlign(config.regions().size(), List.of(1f / stride));
    }

    @Override
    String nameOf(String encoderName) {
        return (encoderName.startsWith(LAST_STAGE) ? "roi_head.shared_head." : "backbone.") + encoderName;
    }

    @Override
    public List<Tensor> maps(Tensor images, Mode mode) {
        return scoped(() -> List.of(backbone.taps(images, mode).stages().getLast()));
    }

    @Override
    public List<RpnHead.Scores> proposals(List<Tensor> maps, Mode mode) {
        return scoped(() -> List.of(rpnHead.scores(maps.getFirst(), mode)));
    }

    @Override
    public BoxHead.Scores boxes(List<Tensor> maps, Regions regions, Mode mode) {
        return scoped(() -> roiHead.scores(align.of(maps, regions.boxes(), regions.images(), regions.levels()), mode));
    }

    @Override
    public Tensor masks(List<Tensor> maps, Regions regions, Mode mode) {
        throw new UnsupportedOperationException("detection: this C4 network finds boxes, no masks");
    }

    @Override
    public int level(float area) {
        return 0;
    }

    @Override
    public int levels() {
        return 1;
    }
}
