package org.jmoco.eval.segment;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.LabelData;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.data.source.Split;

/// Training and test images with label maps of the same classes.
///
/// @param train images that are trained on; none where nothing is trained
/// @param names of the classes, by number
public record SegmentData(ImageSource train, ImageSource test, List<String> names) {
    /// @throws DataException if the classes differ or there is but one, or there is no test image
    public SegmentData {
        names = List.copyOf(names);
        if (names.size() < 2) {
            throw new DataException("segmentation: tells 2 or more classes apart, and the data set names " + names);
        }
        requireImages(test);
        if (!train.classes().equals(test.classes())) {
            throw new DataException(test.name(0) + ": training and test images have other classes, " + train.classes()
                    + " and " + test.classes());
        }
    }

    /// Opens what is described, in any layout of [LabelData].
    ///
    /// @throws DataException if a part is missing, incomplete or without images
    public static SegmentData open(DataSpec data) {
        ImageSource train = LabelData.open(data, Split.TRAIN);
        requireImages(train);
        return new SegmentData(train, LabelData.open(data, Split.TEST), train.classes());
    }

    /// Opens the test images alone, for a network that is trained already; training images are none then.
    ///
    /// @throws DataException if the part is missing, incomplete or without images
    public static SegmentData ofTest(DataSpec data) {
        ImageSource test = LabelData.open(data, Split.TEST);
        return new SegmentData(new Selection(test, new int[0], test.leftOut()), test, test.classes());
    }

    private static void requireImages(ImageSource part) {
        if (part.size() == 0) {
            throw new DataException("segmentation: a part of the data set has no image");
        }
    }
}
