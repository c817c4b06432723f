package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.Conv2d;
import org.jmoco.nn.ConvNormRelu;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.Norm;
import org.jmoco.nn.Start;
import org.jmoco.tensor.Tensor;

/// Says what a region shows and where the object in it lies. Fields are mmdet's checkpoint keys below
/// `roi_head.bbox_head`.
///
/// - of C4: the mean over the region's cells, then the two linear layers;
/// - two layers: fully connected on all cells, twice, with ReLU;
/// - four convolutions and one fully connected layer (Wu and He 2018, "Group normalization", section 4.2).
public final class BoxHead extends Module {
    private static final int CONVOLUTIONS = 4;

    private final List<Layer> sharedConvs = new ArrayList<>();
    private final List<Layer> sharedFcs = new ArrayList<>();
    private final Linear fcCls;
    private final Linear fcReg;

    /// What it says of regions.
    ///
    /// @param logits `[r, classes + 1]`, background last
    /// @param deltas `[r, 4·classes]`: from the region to the object, if it were of that class
    public record Scores(Tensor logits, Tensor deltas) {}

    private BoxHead(int features, int classes) {
        fcCls = new Linear(features, classes + 1, Start.normal(0.01));
        fcReg = new Linear(features, 4 * classes, Start.normal(0.001));
    }

    /// The head of C4.
    ///
    /// @param features channels of the regions
    static BoxHead averaging(int features, int classes) {
        return new BoxHead(features, classes);
    }

    /// A head of a feature pyramid.
    ///
    /// @param channels of the regions   @param cells along a side of one
    /// @param norm     behind convolutions; null for none
    static BoxHead of(
            DetectConfig.Head kind, int channels, int cells, int hidden, Norm norm, Start connections, int classes) {
        BoxHead head = new BoxHead(hidden, classes);
        boolean convolves = kind == DetectConfig.Head.FOUR_CONV_ONE_FC;
        for (int i = 0; convolves && i < CONVOLUTIONS; i++) {
            head.sharedConvs.add(convolution(channels, norm));
        }
        head.sharedFcs.add(new Linear(channels * cells * cells, hidden, connections));
        if (!convolves) {
            head.sharedFcs.add(new Linear(hidden, hidden, connections));
        }
        return head;
    }

    static Layer convolution(int channels, Norm norm) {
        return norm == null
                ? new ConvNormRelu(channels, channels, Conv2d.Options.of(3))
                : new ConvNormRelu(channels, channels, Conv2d.Options.of(3), norm);
    }

    /// Scores of regions, `[r, cells, cells, channels]`.
    public Scores scores(Tensor regions, Mode mode) {
        return scoped(() -> {
            Tensor x = regions;
            for (Layer conv : sharedConvs) {
                x = conv.forward(x, mode);
            }
            x = sharedFcs.isEmpty() ? x.globalAvgPool() : x.reshape(x.shape().dim(0), -1);
            for (Layer fc : sharedFcs) {
                x = fc.forward(x, mode).relu();
            }
            return new Scores(fcCls.forward(x, mode), fcReg.forward(x, mode));
        });
    }
}
