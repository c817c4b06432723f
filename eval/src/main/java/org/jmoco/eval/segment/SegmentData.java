package org.jmoco.eval.segment;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.LabelData;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;

/// Training and test images with label maps of the same classes.
///
/// @param names of the classes, by number
public record SegmentData(ImageSource train, ImageSource test, List<String> names) {
    /// @throws DataException if the classes differ or there is but one, or a part has no image
    public SegmentData {
        names = List.copyOf(names);
        if (names.size() < 2) {
            throw new DataException("segmentation: tells 2 or more classes apart, and the data set names " + names);
        }
        for (ImageSource part : List.of(train, test)) {
            if (part.size() == 0) {
                throw new DataException("segmentation: a part of the data set has no image");
            }
            if (!part.classes().equals(names)) {
                throw new DataException(part.name(0) + ": training and test images have other classes, " + names
                        + " and " + part.classes());
            }
        }
    }

    /// Opens what is described, in any layout of [LabelData].
    ///
    /// @throws DataException if a part is missing or incomplete
    public static SegmentData open(DataSpec data) {
        ImageSource train = LabelData.open(data, Split.TRAIN);
        return new SegmentData(train, LabelData.open(data, Split.TEST), train.classes());
    }
}
