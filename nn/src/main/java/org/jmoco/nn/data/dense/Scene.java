package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// An image with the class of every pixel.
///
/// @param image  `[height, width, 3]` bytes   @param labels of the same size
public record Scene(RgbImage image, Target.LabelMap labels) {
    /// @throws IllegalArgumentException if the sizes differ
    public Scene {
        if (image.width() != labels.width() || image.height() != labels.height()) {
            throw new IllegalArgumentException("Scene: " + sizes(image, labels));
        }
    }

    /// Loads an image and its label map.
    ///
    /// @throws org.jmoco.nn.data.UnreadableImageException if one of them cannot be read
    /// @throws DataException if the image has no label map, the map has labels that are no classes, or their sizes
    ///     differ, naming the file
    public static Scene load(ImageSource source, int index) {
        if (!(source.target(index) instanceof Target.LabelMap labels)) {
            throw new DataException(source.name(index) + ": has no label map");
        }
        RgbImage image = source.load(index);
        requireEqualSizes(image, labels, source.name(index));
        return new Scene(image, labels);
    }

    /// @throws DataException naming the image, if the sizes differ
    public static void requireEqualSizes(RgbImage image, Target.LabelMap labels, String name) {
        if (image.width() != labels.width() || image.height() != labels.height()) {
            throw new DataException(name + ": " + sizes(image, labels));
        }
    }

    private static String sizes(RgbImage image, Target.LabelMap labels) {
        return "the image has " + image.width() + "×" + image.height() + " pixels, its label map " + labels.width()
                + "×" + labels.height();
    }

    public int width() {
        return image.width();
    }

    public int height() {
        return image.height();
    }
}
