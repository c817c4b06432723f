package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jmoco.nn.Conv2d;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.Norm;
import org.jmoco.nn.Start;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// A feature pyramid (Lin et al. 2017, "Feature pyramid networks for object detection"): maps of several
/// resolutions that all know what the coarsest one knows. Each stage's map is brought to a common number of
/// channels, the coarser level, each position repeated twice along both axes, is added, and a 3×3 convolution
/// follows. Every second position of the last level is one level more. Fields are mmdet's checkpoint keys below
/// `neck`.
public final class Fpn extends Module {
    private final List<Layer> lateralConvs = new ArrayList<>();
    private final List<Layer> fpnConvs = new ArrayList<>();

    /// @param stages   channels of the stages' maps, the finest first
    /// @param channels of the pyramid's maps
    /// @param norm     behind its convolutions, which have no bias then; null for none
    public Fpn(List<Integer> stages, int channels, Norm norm, Start start) {
        for (int in : stages) {
            lateralConvs.add(new ConvNorm(in, channels, Conv2d.Options.of(1).start(start), norm));
            fpnConvs.add(new ConvNorm(channels, channels, Conv2d.Options.of(3).start(start), norm));
        }
    }

    /// The levels, one more than stages: `[n, h, w, channels]` each, h and w of the stages, then half of the last.
    public List<Tensor> levels(List<Tensor> stages, Mode mode) {
        return scoped(() -> {
            List<Tensor> levels = new ArrayList<>();
            Tensor above = null;
            for (int i = stages.size() - 1; i >= 0; i--) {
                Tensor lateral = lateralConvs.get(i).forward(stages.get(i), mode);
                above = above == null ? lateral : lateral.add(doubled(above, lateral.shape()));
                levels.add(fpnConvs.get(i).forward(above, mode));
            }
            Collections.reverse(levels);
            levels.add(levels.getLast().maxPool2d(1, 2, 0));
            return List.copyOf(levels);
        });
    }

    /// Each position twice along both axes; of an odd extent the last one once.
    private static Tensor doubled(Tensor x, Shape to) {
        int n = x.shape().dim(0);
        int h = x.shape().dim(1);
        int w = x.shape().dim(2);
        int c = x.shape().dim(3);
        Tensor twice = x.reshape(n, h, 1, w, 1, c)
                .broadcastTo(Shape.of(n, h, 2, w, 2, c))
                .reshape(n, 2 * h, 2 * w, c);
        return twice.slice(1, 0, to.dim(1)).slice(2, 0, to.dim(2));
    }
}
