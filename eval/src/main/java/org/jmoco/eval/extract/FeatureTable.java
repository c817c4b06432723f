package org.jmoco.eval.extract;

import java.util.List;
import java.util.stream.Collectors;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;

/// The features of a data set in memory.
///
/// @param values  `[n, d]`, one row an image
/// @param labels  `[n]`, −1 without a class
/// @param indices `[n]`, of the images in their source, increasing: images that could not be read are missing
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record FeatureTable(Tap tap, ArrayData values, int[] labels, int[] indices) {
    /// n.
    public int size() {
        return labels.length;
    }

    /// d.
    public int dim() {
        return (int) values.dim(1);
    }

    /// How many classes the labels are of: one more than the largest.
    ///
    /// @throws DataException if an image has no class, naming its row
    public int classes() {
        int classes = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new DataException("image " + indices[i] + " has no class: this needs a labelled data set");
            }
            classes = Math.max(classes, labels[i] + 1);
        }
        return classes;
    }

    @Override
    public String toString() {
        return List.of(tap, values).stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
