package org.jmoco.nn.data.dense;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// An image with the objects in it.
///
/// @param image  pixels   @param objects boxes and masks in its pixels, in the order of the annotation
public record ObjectScene(RgbImage image, List<Target.Instance> objects) {
    public ObjectScene {
        objects = List.copyOf(objects);
    }

    /// Loads an image and its objects.
    ///
    /// @throws org.jmoco.nn.data.UnreadableImageException if it cannot be read
    /// @throws DataException if it is known by no objects, or its annotation is of another size, naming the file
    public static ObjectScene load(ImageSource source, int index) {
        Target.Objects objects = objects(source, index);
        RgbImage image = source.load(index);
        requireEqualSizes(image, objects, source.name(index));
        return new ObjectScene(image, objects.instances());
    }

    /// The objects of an image.
    ///
    /// @throws DataException if it has another target
    public static Target.Objects objects(ImageSource source, int index) {
        if (source.target(index) instanceof Target.Objects objects) {
            return objects;
        }
        throw new DataException(source.name(index) + ": has no boxes of objects");
    }

    /// @throws DataException naming the image, if it is not as large as its annotation says
    public static void requireEqualSizes(RgbImage image, Target.Objects objects, String name) {
        if (image.width() != objects.width() || image.height() != objects.height()) {
            throw new DataException(name + ": the image has " + image.width() + "×" + image.height()
                    + " pixels, its annotation says " + objects.width() + "×" + objects.height());
        }
    }
}
