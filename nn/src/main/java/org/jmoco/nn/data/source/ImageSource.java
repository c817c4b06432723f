package org.jmoco.nn.data.source;

import java.util.List;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.RgbImage;

/// A data set: images by index, `0 … size()−1`, each with a name and perhaps a class. Safe for use by many threads.
public interface ImageSource {
    /// The label of an image without a class.
    int NO_LABEL = -1;

    int size();

    /// What error messages and lists call an image: its file, or its place in a file.
    String name(int index);

    /// The class number, from 0, or [#NO_LABEL].
    int label(int index);

    /// Class names by class number; empty if they are not known.
    List<String> classes();

    /// The pixels; may be shared, so never change them.
    ///
    /// @throws UnreadableImageException if the image is missing, truncated, corrupt, too large or of an
    ///     unsupported kind
    RgbImage load(int index);
}
