package org.jmoco.moco.pretrain;

import java.util.List;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Resize;
import org.jmoco.nn.data.source.ImageSource;

/// How images are seen in evaluation by an encoder that was trained on views of some size.
public final class TestViews {
    private TestViews() {}

    /// Images as they are, if all are as large as a view of training; else their shorter side becomes 8/7 of a
    /// view's and the centre is cut out (256 and 224).
    ///
    /// @param side         of a view of training, in pixels
    /// @param equallyLarge whether all images have the size of the first one, as in CIFAR-10
    public static Pipeline of(int side, Normalize normalize, ImageSource images, boolean equallyLarge) {
        boolean fits = equallyLarge
                && images.firstReadable().width() == side
                && images.firstReadable().height() == side;
        return new Pipeline(fits ? List.of() : List.of(new Resize(side * 8 / 7), new CenterCrop(side)), normalize);
    }
}
