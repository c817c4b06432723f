package org.jmoco.eval.detect;

import org.jmoco.nn.Conv2d;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.Start;
import org.jmoco.tensor.Tensor;

/// Proposes regions (Ren et al. 2015, "Faster R-CNN", section 3.1): for each anchor at each position of a map how
/// likely it holds an object, and where that lies. The same weights see all maps. Fields are mmdet's checkpoint
/// keys.
public final class RpnHead extends Module {
    private static final Start START = Start.normal(0.01);

    private final Conv2d rpnConv;
    private final Conv2d rpnCls;
    private final Conv2d rpnReg;

    /// What it says of a map.
    ///
    /// @param logits `[n, h, w, anchors]`: log-odds that an anchor holds an object
    /// @param deltas `[n, h, w, 4·anchors]`: from each anchor to its object, four numbers an anchor
    public record Scores(Tensor logits, Tensor deltas) {}

    /// @param channels of the maps, and in between
    /// @param anchors  at each position
    public RpnHead(int channels, int anchors) {
        Conv2d.Options point = Conv2d.Options.of(1).bias(true).start(START);
        rpnConv = new Conv2d(channels, channels, Conv2d.Options.of(3).bias(true).start(START));
        rpnCls = new Conv2d(channels, anchors, point);
        rpnReg = new Conv2d(channels, 4 * anchors, point);
    }

    /// Scores of one map, `[n, h, w, channels]`.
    public Scores scores(Tensor map, Mode mode) {
        return scoped(() -> {
            Tensor seen = rpnConv.forward(map, mode).relu();
            return new Scores(rpnCls.forward(seen, mode), rpnReg.forward(seen, mode));
        });
    }
}
