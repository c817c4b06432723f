package org.jmoco.nn.data.source;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.RgbImage;

/// A data set: images by index, `0 … size()−1`, each with a name and a [Target]. Safe for use by many threads.
public interface ImageSource {
    /// The label of an image without a class.
    int NO_LABEL = -1;

    int size();

    /// What error messages and lists call an image: its file, or its place in a file.
    String name(int index);

    /// What results call an image, if that is not its [#name] below the data set's folder.
    default String id(int index) {
        return name(index);
    }

    /// What the targets of the images are like.
    Target.Kind targets();

    /// What is known of an image. Label maps and the like are read when they are asked for.
    ///
    /// @throws UnreadableImageException if it has to be read and cannot be
    Target target(int index);

    /// The class number, from 0, or [#NO_LABEL] where an image has no class or several.
    default int label(int index) {
        return target(index) instanceof Target.OneClass one ? one.number() : NO_LABEL;
    }

    /// Class names by class number; empty if classes are mere numbers.
    List<String> classes();

    /// The pixels; may be shared, so never change them.
    ///
    /// @throws UnreadableImageException if the image is missing, truncated, corrupt, too large or of an
    ///     unsupported kind
    RgbImage load(int index);

    /// The pixels of the first image that can be read, for what follows from the size of images.
    ///
    /// @throws DataException if none of the first hundred can
    default RgbImage firstReadable() {
        DataException last = null;
        for (int i = 0; i < Math.min(size(), 100); i++) {
            try {
                return load(i);
            } catch (UnreadableImageException e) {
                last = e;
            }
        }
        throw new DataException("none of the first images can be read; the last: " + last.getMessage(), last);
    }

    /// What lies there and is no part of this source.
    default List<LeftOut> leftOut() {
        return List.of();
    }

    /// Why an image has no class where others have one.
    default LeftOut.Reason reasonWithoutClass() {
        return LeftOut.Reason.OUTSIDE_CLASSES;
    }

    /// What a class number is called: its name, or `class 3`.
    default String className(int number) {
        return number < classes().size() ? classes().get(number) : "class " + number;
    }
}
