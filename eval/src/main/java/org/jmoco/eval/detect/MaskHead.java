package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.Conv2d;
import org.jmoco.nn.ConvTranspose2d;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Norm;
import org.jmoco.nn.Start;
import org.jmoco.tensor.Tensor;

/// Says which pixels of a region belong to its object, one mask a class (He et al. 2017, "Mask R-CNN", figure 4):
/// `[r, s, s, channels]` → log-odds `[r, 2s, 2s, classes]`. Fields are mmdet's checkpoint keys below
/// `roi_head.mask_head`.
public final class MaskHead extends Layer {
    private static final int CONVOLUTIONS = 4;

    private final List<Layer> convs = new ArrayList<>();
    private final ConvTranspose2d upsample;
    private final Conv2d convLogits;

    /// @param norm behind its first convolutions; null for none   @param logits how the last one begins
    public MaskHead(int channels, int classes, Norm norm, Start logits) {
        for (int i = 0; i < CONVOLUTIONS; i++) {
            convs.add(BoxHead.convolution(channels, norm));
        }
        upsample = new ConvTranspose2d(channels, channels, 2, Start.KAIMING_NORMAL);
        convLogits =
                new Conv2d(channels, classes, Conv2d.Options.of(1).bias(true).start(logits));
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = x;
        for (Layer conv : convs) {
            y = conv.forward(y, mode);
        }
        return convLogits.forward(upsample.forward(y, mode).relu(), mode);
    }
}
