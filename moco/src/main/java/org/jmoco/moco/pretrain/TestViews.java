package org.jmoco.moco.pretrain;

import java.util.List;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Resize;
import org.jmoco.nn.data.source.ImageSource;

/// How images are seen in evaluation.
public final class TestViews {
    private TestViews() {}

    /// Images as they are, if all are squares of this side; else their shorter side becomes 8/7 of it and the centre
    /// is cut out (256 and 224).
    ///
    /// @param side         of what is seen, in pixels: as a rule that of a view of training
    /// @param equallyLarge whether all images have the size of the first one, as in CIFAR-10
    public static Pipeline of(int side, Normalize normalize, ImageSource images, boolean equallyLarge) {
        boolean fits = equallyLarge
                && images.firstReadable().width() == side
                && images.firstReadable().height() == side;
        return new Pipeline(fits ? List.of() : List.of(new Resize(side * 8 / 7), new CenterCrop(side)), normalize);
    }
}
